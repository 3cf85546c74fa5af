"""Draft an introduction from facts on file: blind until both consents are on record."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import insert, select

from bot.errors import ConsentError, MarketError
from bot.introductions.facts import (
    MAX_FACT,
    MAX_SUMMARY_FACT,
    date_fact,
    party_facts,
    reason_facts,
    record_facts,
)
from bot.introductions.records import Block, BlockKind, Form, Introduction, Stage, TracedFact
from bot.market.consents import consent_state, require_consents
from bot.market.fields import kind_of
from bot.market.masking import marks_in, masked_text
from bot.market.reasons import explain
from bot.market.records import Need, Offer, Party, Side, known_same_owner
from bot.market.redaction import scan
from bot.market.service import Market
from bot.market.store import MarketStore
from bot.market.taxonomy import load_taxonomy
from bot.store.database import utc_now
from bot.store.tables import introductions
from bot.types import Reason, RecordKind, Standing

TEMPLATES = Path(__file__).resolve().parent / "templates.yaml"
_SLOT = re.compile(r"\{([a-z_.]+)\}")
_MARKS = {
    "# ": BlockKind.TITLE,
    "## ": BlockKind.HEADING,
    "- ": BlockKind.ITEM,
    "> ": BlockKind.SIGNATURE,
    "@ ": BlockKind.SUBJECT,
}
_PREFIX = {BlockKind.ITEM: "• ", BlockKind.SUBJECT: "主题："}

SAMPLE_NOTICE = "【示例】以下登记内容为演示而编写，不是真实的需求、成果和单位。"

Slots = Mapping[str, tuple[TracedFact, ...]]


def draft_introduction(
    market: Market, need_id: str, offer_id: str, form: Form, stage: Stage, *, today: date | None = None
) -> Introduction:
    """The draft of ``form`` for ``stage``; nothing is saved.

    A step that is not allowed yet comes back ``blocked`` with the reason and no text. Raises
    :class:`MarketError` for an unknown need or offer.
    """
    need, offer = market.store.need(need_id), market.store.offer(offer_id)
    empty = Introduction(need_id, offer_id, stage, form, "")
    try:
        _check_pair(need, offer)
        if stage is Stage.JOINT:
            require_consents(consent_state(market.store, need_id, offer_id))
    except MarketError as error:
        withheld = _withheld_names() if isinstance(error, ConsentError) else ()
        return replace(empty, blocked=str(error), withheld=withheld)
    parties = _parties(market.store, need, offer)
    own = {
        Side.NEED_OWNER: market.door.names([need])[need_id],
        Side.OFFER_OWNER: market.door.names([offer])[offer_id],
    }
    if stage is not Stage.JOINT:
        need, offer = market.door.blind(need), market.door.blind(offer)
    longest = MAX_SUMMARY_FACT if form is Form.SUMMARY else MAX_FACT
    reasons = _reasons(market, need, offer)
    if stage is not Stage.JOINT:
        reasons = _blind_reasons(reasons, own)
    slots = {
        **record_facts(need, longest),
        **record_facts(offer, longest),
        **reason_facts(reasons, need, offer),
        **date_fact(today or date.today()),
    }
    if stage is Stage.JOINT:
        slots |= party_facts("need_owner", Side.NEED_OWNER.label, parties[Side.NEED_OWNER])
        slots |= party_facts("offer_owner", Side.OFFER_OWNER.label, parties[Side.OFFER_OWNER])
        drafted = _composed(empty, slots)
    else:
        drafted = _blind(empty, slots, own)
    return _marked(drafted) if need.sample or offer.sample else drafted


def _marked(introduction: Introduction) -> Introduction:
    """A draft from made-up records says so before anything else."""
    head, *rest = introduction.blocks
    first = (head,) if head.kind in (BlockKind.TITLE, BlockKind.SUBJECT) else ()
    blocks = (*first, Block(BlockKind.PARAGRAPH, SAMPLE_NOTICE), *(rest if first else introduction.blocks))
    return replace(introduction, blocks=blocks, text=_as_text(blocks))


def save_introduction(store: MarketStore, introduction: Introduction, *, actor: str) -> int:
    """Keep a draft for the audit trail and return its number; a blocked one raises ConsentError."""
    if introduction.blocked is not None:
        raise ConsentError("这份引荐还不能用", value=introduction.blocked, remedy="先补齐双方同意")
    row = {
        "need_id": introduction.need_id,
        "offer_id": introduction.offer_id,
        "stage": introduction.stage.value,
        "form": introduction.form.value,
        "text": introduction.text,
        "facts": [[fact.text, fact.source] for fact in introduction.facts],
        "withheld": list(introduction.withheld),
        "at": utc_now(),
        "actor": actor,
    }
    with store.database.write() as connection:
        number = connection.execute(insert(introductions).returning(introductions.c.id), row).scalar_one()
    return int(number)


def list_introductions(store: MarketStore, need_id: str, offer_id: str) -> tuple[Introduction, ...]:
    """The drafts kept for a pair, oldest first."""
    query = (
        select(introductions)
        .where(introductions.c.need_id == need_id, introductions.c.offer_id == offer_id)
        .order_by(introductions.c.id)
    )
    with store.database.read() as connection:
        return tuple(
            Introduction(
                row["need_id"],
                row["offer_id"],
                Stage(row["stage"]),
                Form(row["form"]),
                row["text"],
                tuple(TracedFact(*fact) for fact in row["facts"]),
                tuple(row["withheld"]),
            )
            for row in connection.execute(query).mappings()
        )


def _check_pair(need: Need, offer: Offer) -> None:
    for record in (need, offer):
        kind = kind_of(record)
        if record.standing is not Standing.OPEN:
            standing = "历史记录" if record.historic else record.state.label
            raise MarketError(
                f"这条{kind.label}现在不能引荐",
                value=f"{record.id}（{standing}）",
                remedy="只引荐已发布、仍在寻找伙伴的记录",
            )
    if known_same_owner(need, offer):
        raise MarketError("需求方与成果方是同一单位", remedy="需求方不得自己揭榜，另找成果")


def _parties(store: MarketStore, need: Need, offer: Offer) -> dict[Side, Party]:
    records: dict[Side, tuple[RecordKind, Need | Offer]] = {
        Side.NEED_OWNER: (RecordKind.NEED, need),
        Side.OFFER_OWNER: (RecordKind.OFFER, offer),
    }
    return {side: _party(store, kind, record) for side, (kind, record) in records.items()}


def _party(store: MarketStore, kind: RecordKind, record: Need | Offer) -> Party:
    """The owner of a record; a contact left with the record itself goes before the organisation's."""
    contact = store.private_contacts(kind, [record.id]).get(record.id)
    if record.owner_id is None:
        return Party(None, contact)
    contacts = store.private_contacts(RecordKind.ORGANISATION, [record.owner_id])
    return Party(store.organisation(record.owner_id), contact or contacts.get(record.owner_id))


def _reasons(market: Market, need: Need, offer: Offer) -> tuple[Reason, ...]:
    shelf = market.index.current().offers
    return explain(need, offer, shelf.rarity, load_taxonomy())


def _blind(empty: Introduction, slots: Slots, own: Mapping[Side, Sequence[str]]) -> Introduction:
    """Compose from facts of masked records, and mask what came out once more.

    Each side's words are searched for that side's own names only. Searched for the other side's, a list of
    guesses in one's own text would come back with the right guess left out.
    """
    names = {"need": own[Side.NEED_OWNER], "offer": own[Side.OFFER_OWNER]}

    def cleaned(slot: str, fact: TracedFact) -> TracedFact:
        return TracedFact(masked_text(fact.text, names.get(slot.partition(".")[0], ())), fact.source)

    drafted = _composed(empty, {slot: tuple(cleaned(slot, fact) for fact in facts) for slot, facts in slots.items()})
    # Words that are harmless alone may spell a number where two facts meet.
    blocks = [Block(block.kind, masked_text(block.text)) for block in drafted.blocks]
    text = _as_text(blocks)
    withheld = (*_withheld_names(), *(f"登记文字中的{kind.label}（已隐去）" for kind in marks_in(text)))
    standing = tuple(fact for fact in drafted.facts if fact.text in text)
    return replace(drafted, text=text, blocks=tuple(blocks), facts=standing, withheld=withheld)


def _blind_reasons(reasons: Sequence[Reason], own: Mapping[Side, Sequence[str]]) -> tuple[Reason, ...]:
    """Reasons with each quote searched for its own side's names; one that rests on a name is no reason."""
    need_names, offer_names = own[Side.NEED_OWNER], own[Side.OFFER_OWNER]
    kept = []
    for reason in reasons:
        words = (*reason.shared, *reason.offer_words)
        if any(scan(word, need_names) or scan(word, offer_names) for word in words):
            continue
        need, offer = masked_text(reason.need_quote, need_names), masked_text(reason.offer_quote, offer_names)
        kept.append(replace(reason, need_quote=need, offer_quote=offer))
    return tuple(kept)


def blind_text(market: Market, need_id: str, offer_id: str, side: Side, told: str) -> str:
    """What ``side`` told, without anything that tells who it is."""
    record = market.store.need(need_id) if side is Side.NEED_OWNER else market.store.offer(offer_id)
    return masked_text(told, market.door.names([record])[record.id])


def _withheld_names() -> tuple[str, ...]:
    return tuple(f"{side.label}的单位名称、联系人和联系方式（双方同意后提供）" for side in Side)


def _composed(empty: Introduction, slots: Slots) -> Introduction:
    used: dict[TracedFact, None] = {}
    blocks: list[Block] = []
    for line in template_lines(empty.form, empty.stage):
        for text, facts in _filled(line, slots):
            mark = next((mark for mark in sorted(_MARKS, key=len, reverse=True) if text.startswith(mark)), "")
            blocks.append(Block(_MARKS.get(mark, BlockKind.PARAGRAPH), text.removeprefix(mark)))
            used.update(dict.fromkeys(facts))
    kept = _without_empty_headings(blocks)
    text = _as_text(kept)
    standing = tuple(fact for fact in used if fact.text in text)
    return replace(empty, text=text, facts=standing, blocks=tuple(kept))


def _filled(line: str, slots: Slots) -> list[tuple[str, list[TracedFact]]]:
    """The line with its slots filled, once for each value of a slot with several; [] without a fact."""
    names = _SLOT.findall(line)
    if any(not slots.get(name) for name in names):
        return []
    many = next((name for name in names if len(slots[name]) > 1), None)
    filled = []
    for index in range(len(slots[many]) if many else 1):
        facts = {name: slots[name][index if name == many else 0] for name in names}
        # One pass: text of a record that looks like a slot is not filled again.
        text = _SLOT.sub(lambda match, facts=facts: facts[match.group(1)].text, line)  # type: ignore[misc]
        filled.append((text, list(facts.values())))
    return filled


def _without_empty_headings(blocks: Sequence[Block]) -> list[Block]:
    kept: list[Block] = []
    for index, block in enumerate(blocks):
        following = blocks[index + 1].kind if index + 1 < len(blocks) else None
        ends = following in (None, BlockKind.HEADING, BlockKind.SIGNATURE)
        if block.kind is BlockKind.HEADING and ends:
            continue
        kept.append(block)
    return kept


def _as_text(blocks: Sequence[Block]) -> str:
    lines: list[str] = []
    for block in blocks:
        gap = bool(lines) and block.kind in (BlockKind.HEADING, BlockKind.SIGNATURE)
        lines.append(("\n" if gap else "") + _PREFIX.get(block.kind, "") + block.text)
    return "\n".join(lines)


@functools.cache
def _templates(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise MarketError("引荐模板读不了", value=path, tried=str(error), remedy="按 YAML 语法改正") from error


def template_lines(form: Form, stage: Stage, path: Path = TEMPLATES) -> list[str]:
    """The lines of a template, shared lists spliced in; raises :class:`MarketError` when there is none."""
    templates = _templates(path)
    try:
        lines = templates[form.value][stage.value]
        spliced: list[str] = []
        for line in lines:
            spliced += templates[line[0]] if isinstance(line, list) else [line]
    except (KeyError, TypeError) as error:
        raise MarketError(
            "没有这个引荐模板", value=f"{form.label} / {stage.label}", tried=str(error), remedy=f"补进 {path.name}"
        ) from error
    return spliced
