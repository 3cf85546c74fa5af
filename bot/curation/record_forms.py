"""The records of the catalogue as forms: which fields, what each may hold, and back from what was typed.

The models of :mod:`bot.catalogue.models` are the one description; a form follows from it.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from bot.catalogue.models import (
    ContactEntry,
    NeedEntry,
    OrganisationEntry,
    Programme,
    Scope,
    ThesaurusGroup,
)
from bot.text.status import STATUS_WORDS

#: The files that staff keep, each with what its records are; ``scope.yaml`` is one record.
FILES: dict[str, type[BaseModel]] = {
    "programmes.yaml": Programme,
    "contacts.yaml": ContactEntry,
    "organisations.yaml": OrganisationEntry,
    "needs.yaml": NeedEntry,
    "thesaurus.yaml": ThesaurusGroup,
    "scope.yaml": Scope,
}
SCOPE = "scope.yaml"
FILE_LABELS = {
    "programmes.yaml": "支持事项",
    "contacts.yaml": "联系方式",
    "organisations.yaml": "机构",
    "needs.yaml": "资料里的需求",
    "thesaurus.yaml": "口语对照",
    "scope.yaml": "服务范围",
}
LABELS = {
    "id": "编号",
    "name": "名称",
    "aliases": "别名",
    "kind": "类别",
    "document": "出自文件",
    "status": "状态",
    "summary": "一句话说明",
    "audience": "对象",
    "form": "形式",
    "amount": "金额",
    "rate": "利率或比例",
    "term": "期限",
    "conditions": "条件",
    "deadline": "截止",
    "responsible_body": "主管部门",
    "how_to_apply": "怎样申请",
    "materials": "材料",
    "place": "地点",
    "replaced_by": "被哪条代替",
    "facts": "其他事实",
    "needs": "对应的需要",
    "organisations": "机构编号",
    "value": "写成",
    "quote": "原文引文",
    "label": "说的是",
    "dimension": "条件类别",
    "accepts": "符合的说法",
    "measure": "计量什么",
    "open": "是否举例",
    "as_of": "截至",
    "purpose": "用途",
    "phone": "电话",
    "address": "地址",
    "postcode": "邮编",
    "body": "单位",
    "programmes": "事项编号",
    "region": "所在地",
    "fields": "领域",
    "profile": "介绍",
    "title": "标题",
    "note": "自己的说明",
    "words": "说法",
    "also": "也找",
    "one_way": "只单向",
    "region_aliases": "地区别名",
    "within": "属于",
    "also_covers": "也涉及",
    "places": "区内地点",
    "limits": "不管什么",
    "topics": "主题",
    "out_of_scope": "不答的话题",
    "lead_document": "“这份答复”指",
    "examples": "示例问题",
    "questions": "问题",
}
#: Of a group of groups so many are left empty to be filled in.
SPARE = 1
_LONG = frozenset({"value", "quote", "note", "limits"})
_REASONS = {
    "missing": "没有填",
    "string_too_short": "太短",
    "string_too_long": "太长",
    "too_short": "至少要有一条",
    "string_pattern_mismatch": "只能用小写英文字母、数字和连字符",
    "enum": "只能从列出的里选",
    "extra_forbidden": "没有这个栏目",
    "string_type": "应是文字",
}


class FieldKind(StrEnum):
    """How a field is filled in; a group has fields of its own, groups are any number of them."""

    LINE = "line"
    TEXT = "text"
    LINES = "lines"
    CHOICE = "choice"
    GROUP = "group"
    GROUPS = "groups"


@dataclass(frozen=True, slots=True)
class FieldShape:
    """A field of a form: ``choices`` are the values it may have by what people read, ``inner`` those of a group."""

    name: str
    label: str
    kind: FieldKind
    required: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    inner: tuple[FieldShape, ...] = ()


def shapes(model: type[BaseModel]) -> tuple[FieldShape, ...]:
    """The fields of a record in the order of its model."""
    return tuple(_shape(name, each.annotation, each.is_required()) for name, each in model.model_fields.items())


def typed(value: Mapping[str, Any], model: type[BaseModel]) -> dict[str, str]:
    """A record as what stands in its form, by the names of the controls."""
    return dict(_typed(value, shapes(model), ""))


def record_of(entries: Mapping[str, str], model: type[BaseModel]) -> dict[str, Any]:
    """The record that was typed; what was left empty is not in it."""
    return _record(entries, shapes(model), "")


def groups_in(entries: Mapping[str, str], prefix: str) -> int:
    """How many groups ``prefix`` has in a form."""
    numbers = [
        int(number)
        for name in entries
        if name.startswith(f"{prefix}.") and (number := name[len(prefix) + 1 :].split(".")[0]).isdecimal()
    ]
    return min(max(numbers, default=-1) + 1, 500)


def reasons(error: ValidationError) -> tuple[str, ...]:
    """What is wrong with a record, in words of the form."""
    found = []
    for each in error.errors(include_url=False, include_input=False)[:8]:
        path = " › ".join(LABELS.get(str(p), str(p + 1) if isinstance(p, int) else str(p)) for p in each["loc"])
        found.append(f"{path or '这一条'}：{_REASONS.get(each['type'], each['msg'])}")
    return tuple(found)


def _shape(name: str, annotation: Any, required: bool) -> FieldShape:
    label = LABELS.get(name, name)
    plain = _bare(annotation)
    if get_origin(plain) is tuple:
        inner = get_args(plain)[0]
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return FieldShape(name, label, FieldKind.GROUPS, required, inner=shapes(inner))
        return FieldShape(name, label, FieldKind.LINES, required)
    if isinstance(plain, type) and issubclass(plain, BaseModel):
        return FieldShape(name, label, FieldKind.GROUP, required, inner=shapes(plain))
    if plain is bool:
        choices = {"": "未写明", "true": "是", "false": "否"} if plain is not annotation else {"": "否", "true": "是"}
        return FieldShape(name, label, FieldKind.CHOICE, required, choices)
    if isinstance(plain, type) and issubclass(plain, Enum):
        members = {str(each.value): _member_label(each) for each in plain}
        return FieldShape(name, label, FieldKind.CHOICE, required, members if required else {"": "", **members})
    return FieldShape(name, label, FieldKind.TEXT if name in _LONG else FieldKind.LINE, required)


def _bare(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, types.UnionType):
        return next(each for each in get_args(annotation) if each is not type(None))
    return annotation


def _member_label(member: Enum) -> str:
    return _MEMBERS.get(str(member.value), str(member.value))


_MEMBERS = {
    "region": "地区",
    "industry": "行业",
    "size": "规模",
    "qualification": "资质",
    "applicant": "申请人",
    "people": "人员",
    "age": "年限",
    "amount": "金额",
    "other": "其他",
    **{each.value: words for each, words in STATUS_WORDS.items()},
}


def _typed(value: Mapping[str, Any], fields: Iterable[FieldShape], prefix: str) -> Iterable[tuple[str, str]]:
    for shape in fields:
        held, name = value.get(shape.name), prefix + shape.name
        if held is None:
            continue
        if shape.kind is FieldKind.GROUP and isinstance(held, Mapping):
            yield from _typed(held, shape.inner, f"{name}.")
        elif shape.kind is FieldKind.GROUPS and isinstance(held, list | tuple):
            for number, each in enumerate(held):
                if isinstance(each, Mapping):
                    yield from _typed(each, shape.inner, f"{name}.{number}.")
        elif shape.kind is FieldKind.LINES and isinstance(held, list | tuple):
            yield name, "\n".join(map(str, held))
        elif isinstance(held, bool):
            yield name, "true" if held else "false"
        else:
            yield name, str(held)


def _record(entries: Mapping[str, str], fields: Iterable[FieldShape], prefix: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for shape in fields:
        name = prefix + shape.name
        value = _value(entries, shape, name)
        if value not in ("", [], {}, None):
            made[shape.name] = value
    return made


def _value(entries: Mapping[str, str], shape: FieldShape, name: str) -> Any:
    if shape.kind is FieldKind.GROUP:
        return _record(entries, shape.inner, f"{name}.")
    if shape.kind is FieldKind.GROUPS:
        each = (_record(entries, shape.inner, f"{name}.{n}.") for n in range(groups_in(entries, name)))
        return [group for group in each if _told(group, shape)]
    told = "\n".join(line.rstrip() for line in entries.get(name, "").splitlines()).strip()
    if shape.kind is FieldKind.LINES:
        return [line.strip() for line in told.splitlines() if line.strip()]
    if shape.kind is FieldKind.CHOICE and set(shape.choices) <= {"", "true", "false"}:
        return {"true": True, "false": False}.get(told)
    return " ".join(told.split("\n")) if shape.kind is FieldKind.LINE else told


def _told(group: Mapping[str, Any], shape: FieldShape) -> bool:
    """Whether a group says anything besides what a choice says by itself."""
    chosen = {each.name for each in shape.inner if each.kind is FieldKind.CHOICE and each.required}
    return any(name not in chosen for name in group)
