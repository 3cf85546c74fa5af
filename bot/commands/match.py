"""``bot match``: counterparts for a need, an offer or a text, with reasons and gates."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.ask import BatchOption, DataOption, JsonOption, guarded
from bot.commands.batches import DONE, run_batch, text_field
from bot.errors import UsageError
from bot.serialization import match_object, to_line
from bot.settings import PROGRAM, load_settings
from bot.types import LEVEL_MEANINGS, RecordKind, verdict_label

if TYPE_CHECKING:
    from bot.market.matching import MatchResult
    from bot.market.service import Market
    from bot.types import Match

_TARGETS = ("need", "offer", "text")
_SIDES = (RecordKind.OFFER, RecordKind.NEED)


def match(
    need: Annotated[str | None, typer.Option("--need", help="需求编号：找成果")] = None,
    offer: Annotated[str | None, typer.Option("--offer", help="成果编号：找需求")] = None,
    text: Annotated[str | None, typer.Option("--text", help="一段话：成果和需求都找")] = None,
    widen: Annotated[bool, typer.Option("--widen", help="放宽：给出最接近但够不上推荐的")] = False,
    batch: BatchOption = None,
    k: Annotated[int, typer.Option("--k", min=1, max=1_000_000, help="最多给出几条")] = 10,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """匹配需求与成果，说明理由和条件是否符合。"""
    asked = {"need": need, "offer": offer, "text": text}
    raise typer.Exit(guarded(lambda: _match(asked, batch, k, widen, data, as_json)))


def _match(
    asked: Mapping[str, str | None], batch: Path | None, k: int, widen: bool, data: Path | None, as_json: bool
) -> int:
    from bot.market.service import Market

    given = {name: value for name, value in asked.items() if value is not None}
    if len(given) + (batch is not None) != 1:
        raise UsageError("要么给 --need、--offer、--text 中的一个，要么给 --batch", remedy=f"看 {PROGRAM} match --help")
    market = Market(load_settings(data_dir=data))

    def handle(fields: Mapping[str, Any]) -> Mapping[str, Any]:
        return result_object(_asked(market, fields, k, widen), fields.get("id"))

    if batch is not None:
        return run_batch(batch, handle)
    result = _asked(market, given, k, widen)
    if as_json:
        print(to_line(result_object(result, given.get("need") or given.get("offer"))))
    else:
        _print(result)
    return DONE


def _asked(market: Market, fields: Mapping[str, Any], k: int, widened: bool) -> MatchResult:
    matcher = market.matcher
    named = [name for name in _TARGETS if fields.get(name) is not None]
    if len(named) != 1:
        raise UsageError("每行要有 need、offer、text 中的一个", value=fields.get("id"))
    value = text_field(fields, named[0])
    if named[0] == "need":
        return matcher.match_need(value, k, widened=widened)
    if named[0] == "offer":
        return matcher.match_offer(value, k, widened=widened)
    # A need is answered by offers, an offer by needs; words that tell neither, by both.
    from bot.market.matching import looked_for

    kind = looked_for(value, market.reader)
    return matcher.match_text(value, k, kind=kind, widened=widened, fellows=not widened)


def result_object(result: MatchResult, identifier: object) -> dict[str, Any]:
    """A result as the contract lays down; ``historic`` and ``fellows`` list what is shown but not proposed."""
    return {
        "id": identifier,
        "abstained": result.abstained,
        "matches": [match_object(match) for match in result.matches],
        "historic": [match_object(match) for match in result.historic],
        "fellows": [match_object(match) for match in result.fellows],
        "next_steps": [step.label for step in result.next_steps],
    }


def _print(result: MatchResult) -> None:
    from bot.market.matching import NOTHING_FITS

    if result.abstained:
        print(f"{NOTHING_FITS}。可以：" + "；".join(step.label for step in result.next_steps))
        if result.matches:
            print("下面是库里最接近的，供参考：")
    for heading, matches in _lists(result):
        if heading and matches:
            print(heading)
        for match in matches:
            _print_match(match)


def _lists(result: MatchResult) -> list[tuple[str, tuple[Match, ...]]]:
    """What is shown under which heading; offers and needs apart where both were looked for."""
    sides = [tuple(match for match in result.matches if match.kind is kind) for kind in _SIDES]
    heads = [f"{kind.label}：" if all(sides) else "" for kind in _SIDES]
    seeking = any(match.kind is RecordKind.NEED for match in result.fellows)
    same = "同样在找的单位（同行需求，不作推荐）：" if seeking else "同类的成果（同行供给，不作推荐）："
    past = ("历史或已结束的记录（只供了解）：", result.historic)
    return [*zip(heads, sides, strict=True), (same, result.fellows), past]


def _print_match(match: Match) -> None:
    as_of = f"截至 {match.as_of}" if match.as_of else ""
    marks = "  ".join(part for part in (match.region, as_of, "示例" if match.sample else "") if part)
    print(f"[{match.level} 级  {match.score:.3f}] {match.id}  {match.title}  {match.owner}  {marks}".rstrip())
    print(f"    {match.level} 级：{LEVEL_MEANINGS[match.level]}")
    for reason in match.reasons:
        words = "、".join(reason.shared)
        about = f"同属{reason.label}" if reason.label else f"都提到“{words}”"
        print(f"    {about}：{reason.need_quote} ↔ {reason.offer_quote}")
    for compared in match.comparisons:
        offered = compared.offered or "没有写"
        print(f"    指标 {verdict_label(compared.met)}：要求“{compared.asked}”，成果“{offered}”")
    for gate in match.gates:
        if gate.passed is not None:
            print(f"    {gate.name.label} {verdict_label(gate.passed)}：{gate.why}")
    unknown = "、".join(gate.name.label for gate in match.gates if gate.passed is None)
    if unknown:
        print(f"    未写明：{unknown}")
