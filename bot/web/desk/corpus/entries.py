"""What a form was filled in with, whatever its fields."""

from collections.abc import Mapping

from fastapi import Request


async def entries(request: Request) -> Mapping[str, str]:
    """The fields of a form by name; the last of a name counts, files aside."""
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
