"""Tools for agents over the Model Context Protocol: policy questions, programmes, partners. Public and read-only."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi.concurrency import run_in_threadpool
from mcp.server.fastmcp import FastMCP
from mcp.types import ToolAnnotations
from pydantic import Field

from bot.api.interface import ServedAssistant
from bot.api.requests import Earlier, MatchRequest, Text
from bot.api.v1 import match_result, programme_summary
from bot.serialization import answer_object, hit_object
from bot.types import Turn

_READ_ONLY = ToolAnnotations(readOnlyHint=True, idempotentHint=True, openWorldHint=False)
_MOST = 20


def tool_server(assistant: ServedAssistant) -> FastMCP:
    """A server of the tools over ``assistant``; it keeps no state between calls, and none holds up the others."""
    server = FastMCP(
        "technology-manager",
        instructions="回答只依据已收录的政策文件并逐条给出依据；文件没有写明的不作推测。引用时请带上出处和截至日期。",
        stateless_http=True,
        json_response=True,
        log_level="WARNING",
    )

    @server.tool(title="问政策", annotations=_READ_ONLY)
    async def answer_policy_question(question: Text, history: Earlier = ()) -> dict[str, Any]:
        """Answer a question about support programmes from the documents on file, with quotes and their sources."""
        return answer_object(await run_in_threadpool(assistant.ask, Turn(question, history)))

    @server.tool(title="找支持事项", annotations=_READ_ONLY)
    async def search_programmes(query: Text = "") -> dict[str, Any]:
        """List the support programmes on file, and the passages nearest to ``query`` where one is given."""

        def found() -> dict[str, Any]:
            hits = assistant.search(query, _MOST) if query.strip() else ()
            programmes = [programme_summary(each) for each in assistant.catalogue.programmes]
            return {"programmes": programmes, "hits": [hit_object(hit) for hit in hits]}

        return await run_in_threadpool(found)

    @server.tool(title="找伙伴", annotations=_READ_ONLY)
    async def match_partner(text: Text, k: Annotated[int, Field(ge=1, le=_MOST)] = 5) -> dict[str, Any]:
        """Match a need or an offer told in plain words with published records; no contact is ever given."""
        return await run_in_threadpool(match_result, assistant, MatchRequest(text=text, k=k))

    return server
