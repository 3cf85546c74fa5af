"""Read the catalogue files of a corpus and check every quote against its document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.catalogue.models import (
    Catalogue,
    ContactEntry,
    NeedEntry,
    OrganisationEntry,
    Programme,
    Quoted,
    Scope,
    ScopePlace,
    ThesaurusGroup,
)
from bot.catalogue.quotes import find_quote
from bot.text.figures import parse_figures, stands_in
from bot.text.ranges import stated_ranges
from bot.types import Document, FailedDocument

NEEDS_FILE = "needs.yaml"
CATALOGUE_FILES = (
    "programmes.yaml",
    "contacts.yaml",
    "organisations.yaml",
    NEEDS_FILE,
    "thesaurus.yaml",
    "scope.yaml",
)

_Record = TypeVar("_Record", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class LoadedCatalogue:
    """What could be used, what could not (with its reason), and what staff should look at."""

    catalogue: Catalogue
    failed: tuple[FailedDocument, ...] = ()
    warnings: tuple[str, ...] = ()


def load_catalogue(corpus_dir: Path, documents: Mapping[str, Document]) -> LoadedCatalogue:
    """Read the optional YAML files at the root of ``corpus_dir``.

    ``documents`` are the documents on file by id. A record that is malformed, or one of whose quotes
    does not stand in its document, is left out and told in ``failed``; the rest is used.
    """
    failed: list[FailedDocument] = []
    programmes = _records(corpus_dir, "programmes.yaml", Programme, failed)
    contacts = _records(corpus_dir, "contacts.yaml", ContactEntry, failed)
    organisations = _records(corpus_dir, "organisations.yaml", OrganisationEntry, failed)
    needs = _records(corpus_dir, NEEDS_FILE, NeedEntry, failed)
    thesaurus = _records(corpus_dir, "thesaurus.yaml", ThesaurusGroup, failed)
    catalogue = Catalogue(
        programmes=tuple(_with_quotes("programmes.yaml", programmes, documents, failed)),
        contacts=tuple(_with_quotes("contacts.yaml", contacts, documents, failed)),
        organisations=tuple(_with_quotes("organisations.yaml", organisations, documents, failed)),
        needs=tuple(_with_quotes(NEEDS_FILE, needs, documents, failed)),
        thesaurus=thesaurus,
        scope=_scope(corpus_dir, documents, failed),
    )
    return LoadedCatalogue(catalogue, tuple(failed), tuple(_warnings(catalogue, documents)))


def quoted_parts(record: BaseModel) -> Iterator[tuple[str, str, str]]:
    """(field, document id, quote) of everything a record quotes."""
    default = str(getattr(record, "document", ""))
    if isinstance(record, (ContactEntry, NeedEntry, ScopePlace)):
        yield "quote", default, record.quote
    if isinstance(record, Programme) and record.status.quote:
        yield "status", record.status.document or default, record.status.quote
    for name in type(record).model_fields:
        value = getattr(record, name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Quoted):
                yield name, part.document or default, part.quote


def _untraced(record: BaseModel) -> Iterator[str]:
    """Figures that a value tells and its quote does not."""
    for name, value, quote in _told(record):
        for figure in parse_figures(value):
            if figure.text not in quote and not stands_in(figure, quote):
                yield f"{name} 写了“{figure.text}”，但引文“{quote}”里没有，请以引文为准"


def _told(record: BaseModel) -> Iterator[tuple[str, str, str]]:
    """(field, value, quote) of everything a record puts in words of its own."""
    if isinstance(record, NeedEntry):
        yield "title", record.title, record.quote
        yield "note", record.note, record.quote
    for name in type(record).model_fields:
        value = getattr(record, name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Quoted):
                yield name, part.value, part.quote


def _records(folder: Path, name: str, model: type[_Record], failed: list[FailedDocument]) -> tuple[_Record, ...]:
    content = _read_yaml(folder / name, failed)
    if content is None:
        return ()
    if not isinstance(content, list):
        failed.append(FailedDocument(name, "应为一个列表，每条以“- ”开头"))
        return ()
    records: list[_Record] = []
    seen: set[str] = set()
    adapter = TypeAdapter(model)
    for number, item in enumerate(content, start=1):
        try:
            record = adapter.validate_python(item)
        except ValidationError as error:
            failed.append(FailedDocument(name, f"第{number}条（{_label(item)}）：{_reason(error)}"))
            continue
        identifier = str(getattr(record, "id", number))
        if identifier in seen:
            failed.append(FailedDocument(name, f"第{number}条：编号 {identifier} 重复，请改成不同的 id"))
            continue
        seen.add(identifier)
        records.append(record)
    return tuple(records)


def _with_quotes(
    name: str, records: tuple[_Record, ...], documents: Mapping[str, Document], failed: list[FailedDocument]
) -> Iterator[_Record]:
    for record in records:
        problems = record_problems(record, documents)
        if problems:
            label = str(getattr(record, "id", "") or getattr(record, "name", ""))
            failed.append(FailedDocument(name, f"{label}：" + "；".join(problems)))
        else:
            yield record


def record_problems(record: BaseModel, documents: Mapping[str, Document]) -> tuple[str, ...]:
    """Why a well-formed record cannot be used: quotes that do not stand in ``documents``, figures that no quote has."""
    problems = []
    for field, document_id, quote in quoted_parts(record):
        document = documents.get(document_id)
        if document is None:
            problems.append(f"{field} 引用的文件 {document_id or '（未写）'} 不在资料库中")
        elif find_quote(document.text, quote) is None:
            problems.append(f"{field} 的引文“{quote}”不在 {document_id} 中，请照原文抄录")
    return (*problems, *_untraced(record), *_without_bound(record))


def _scope(folder: Path, documents: Mapping[str, Document], failed: list[FailedDocument]) -> Scope:
    content = _read_yaml(folder / "scope.yaml", failed)
    if content is None:
        return Scope()
    try:
        scope = Scope.model_validate(content)
    except ValidationError as error:
        failed.append(FailedDocument("scope.yaml", _reason(error)))
        return Scope()
    return scope.model_copy(update={"places": tuple(_with_quotes("scope.yaml", scope.places, documents, failed))})


def _without_bound(record: BaseModel) -> Iterator[str]:
    """Conditions in figures whose quote sets no bound to compare with."""
    for condition in record.conditions if isinstance(record, Programme) else ():
        if condition.measure and not stated_ranges(condition.quote):
            wrong = f"conditions 的“{condition.value}”写了 measure，但引文“{condition.quote}”里没有界限"
            yield f"{wrong}，请去掉 measure 或换一句引文"


def _warnings(catalogue: Catalogue, documents: Mapping[str, Document]) -> Iterator[str]:
    programmes = {programme.id for programme in catalogue.programmes}
    organisations = {organisation.id for organisation in catalogue.organisations}
    for programme in catalogue.programmes:
        if programme.replaced_by and programme.replaced_by not in programmes:
            yield f"programmes.yaml：{programme.id} 的 replaced_by 指向不存在的 {programme.replaced_by}"
        for missing in set(programme.organisations) - organisations:
            yield f"programmes.yaml：{programme.id} 指向不存在的机构 {missing}"
    for contact in catalogue.contacts:
        for missing in set(contact.programmes) - programmes:
            yield f"contacts.yaml：{contact.id} 指向不存在的事项 {missing}"
    lead = catalogue.scope.lead_document
    if lead and lead not in documents:
        yield f"scope.yaml：lead_document {lead} 不在资料库中"


def _read_yaml(path: Path, failed: list[FailedDocument]) -> Any:
    if not path.is_file():
        return None
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        failed.append(FailedDocument(path.name, f"读不懂：{str(error).splitlines()[0]}，请检查缩进与编码（UTF-8）"))
        return None


def _label(item: Any) -> str:
    return str(item.get("id") or item.get("name") or "无编号") if isinstance(item, dict) else "不是键值对"


def _reason(error: ValidationError) -> str:
    problems = []
    for detail in error.errors(include_url=False, include_input=False)[:5]:
        problems.append(f"{'.'.join(str(part) for part in detail['loc'])}：{detail['msg']}")
    return "；".join(problems)
