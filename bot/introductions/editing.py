"""Letters changed by hand: what an editor shows and sends back, what an edit may not bring in, what it changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.errors import ConsentError, UsageError
from bot.introductions.facts import one_line
from bot.introductions.letters import Letter
from bot.introductions.records import Stage
from bot.market.redaction import Finding, scan
from bot.market.service import Market
from bot.printing.blocks import Block, BlockKind
from bot.settings import OfficeSettings
from bot.text.differences import Change, pieces_changed

#: The office's own head of a letter, and its number, are not typed.
FIXED = frozenset({BlockKind.LETTERHEAD, BlockKind.NUMBER})
#: What only reports are made of.
OF_REPORTS = frozenset({BlockKind.SUBHEADING, BlockKind.VERDICT, BlockKind.NOTE})
MAX_BLOCKS, MAX_TEXT = 200, 20_000
_DOT = "• "


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring blocks of one kind, edited together: one a line."""

    kind: BlockKind
    text: str


def runs(blocks: Iterable[Block]) -> tuple[Run, ...]:
    """What an editor shows of ``blocks``, in order."""
    found: list[Run] = []
    for block in blocks:
        if block.kind in FIXED:
            continue
        if found and found[-1].kind is block.kind:
            found[-1] = Run(block.kind, f"{found[-1].text}\n{block.text}")
        else:
            found.append(Run(block.kind, block.text))
    return tuple(found)


def edited_blocks(base: Iterable[Block], edited: Iterable[Run]) -> tuple[Block, ...]:
    """The blocks of what an editor sent back; the fixed ones are those of ``base``.

    Raises :class:`UsageError` where nothing is left, or where it is no letter any more.
    """
    blocks = [block for block in base if block.kind in FIXED]
    for run in edited:
        if run.kind in FIXED:
            raise UsageError("信头和文号不能手改", remedy="信头在设置里改，文号由程序编")
        if run.kind in OF_REPORTS:
            raise UsageError("信函里没有这种段落", value=run.kind.value, remedy="重新打开这封信函再改")
        lines = (one_line(line).removeprefix(_DOT.strip()).strip() for line in run.text.splitlines())
        blocks += [Block(run.kind, line) for line in lines if line]
    if all(block.kind in FIXED for block in blocks):
        raise UsageError("信函是空的", remedy="至少留一段正文")
    if len(blocks) > MAX_BLOCKS or sum(len(block.text) for block in blocks) > MAX_TEXT:
        raise UsageError("信函太长", value=f"{len(blocks)} 段", remedy=f"不超过 {MAX_BLOCKS} 段、{MAX_TEXT} 字")
    return tuple(blocks)


def check_edit(market: Market, letter: Letter, blocks: Sequence[Block], office: OfficeSettings) -> None:
    """Raise :class:`ConsentError` where an edit brings a name, number or address into a letter that must be blind.

    Only what the program had not written itself counts, and what the office says of itself may stand. The reason
    names kinds, never words: a guess must not be told right.
    """
    drafted = letter.drafted
    if drafted.stage is Stage.JOINT:
        return
    need, offer = market.need(drafted.need_id), market.offer(drafted.offer_id)
    names = (*market.names_of(need), *market.names_of(offer))
    said = [value for value in _said(office) if value]
    known = {finding.text for finding in _found(letter.versions[0].blocks, names, said)}
    brought = [finding for finding in _found(blocks, names, said) if finding.text not in known]
    if brought:
        kinds = "、".join(dict.fromkeys(finding.kind.label for finding in brought))
        raise ConsentError(
            "双方同意之前，信里还不能写这些",
            value=kinds,
            remedy="去掉后再保存；单位名称、人名、联系方式和专利号在双方同意后由对接函告知",
        )


def _said(office: OfficeSettings) -> tuple[str, ...]:
    """What the office says of itself, the longest first."""
    told = (office.name, office.department, office.address, office.phone, office.email, office.contact_person)
    return tuple(sorted((*told, office.seal), key=len, reverse=True))


def _found(blocks: Sequence[Block], names: Sequence[str], said: Sequence[str]) -> list[Finding]:
    found: list[Finding] = []
    # A number may be split between two blocks.
    for text in ("\n".join(block.text for block in blocks), "".join(block.text for block in blocks)):
        for value in said:
            text = text.replace(value, "\n")
        found += scan(text, names)
    return found


def changes(before: Sequence[Block], after: Sequence[Block]) -> tuple[tuple[Change, ...], ...]:
    """What became of every block, in reading order: unchanged ones are one stretch that stays."""
    return pieces_changed([block.text for block in before], [block.text for block in after])
