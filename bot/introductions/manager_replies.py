"""What the desk answers a manager about records: counterparts, similar cases, where pairs stand, drafts to begin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.introductions.manager_questions import ManagerQuestion
from bot.introductions.records import Stage
from bot.introductions.stages import PairProgress, PairStage, pair_stages
from bot.introductions.waiting import NextStep, PairFile, pair_file, pair_files
from bot.introductions.wants import Want
from bot.market.cells import cell_text
from bot.market.fields import FIELDS, Audience, kind_of
from bot.market.records import Need, Offer
from bot.market.service import Market
from bot.types import Match, RecordKind

#: Lines of one reply.
_MOST = 8
_NEAR = 10
#: Less near than this is another matter.
_ALIKE = 2
_STAGES = {
    NextStep.WRITE_JOINT: Stage.JOINT,
    NextStep.WAIT_BOTH: Stage.JOINT,
    NextStep.FOLLOW_UP: Stage.JOINT,
    NextStep.ASK_OFFER_OWNER: Stage.ASK_OFFER_OWNER,
    NextStep.WAIT_OFFER_OWNER: Stage.ASK_OFFER_OWNER,
}


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """A record or a pair, and what is said of it: ``labels`` are the desk's words, ``told`` those of records.

    ``stage`` is that of a letter that may be begun for the pair, empty for none.
    """

    need_id: str = ""
    offer_id: str = ""
    titles: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    stage: str = ""


@dataclass(frozen=True, slots=True)
class ManagerReply:
    """The answer: a sentence of the desk's, and lines."""

    want: str
    sentence: str
    lines: tuple[ReplyLine, ...] = ()


def reply_to(market: Market, asked: ManagerQuestion, manager: str, reminder_days: int) -> ManagerReply:
    """The reply to a question about records, for the manager of that name. Raises :class:`MarketError`."""
    ways = {
        Want.MATCHES: _matches,
        Want.SIMILAR: _similar,
        Want.DRAFT: _draft,
        Want.STANDING: _standing,
        Want.RECORD: _records,
    }
    if asked.want is Want.WAITING:
        return _waiting(market, manager, reminder_days)
    return ways[asked.want](market, asked, reminder_days)


def _matches(market: Market, asked: ManagerQuestion, _days: int) -> ManagerReply:
    lines = tuple(line for record in asked.records for line in _counterparts(market, record))
    none = "没有够格提出的；下面是最接近的，请自己看过再定。"
    proposed = any("够格提出" in line.labels for line in lines)
    sentence = "找到这些对得上的。" if proposed else none
    return ManagerReply(Want.MATCHES.value, sentence if lines else "没有找到对得上的。", lines[:_MOST])


def _counterparts(market: Market, record: Need | Offer, *, stage: str = "") -> list[ReplyLine]:
    result = market.matches_of(record, _MOST)
    found = result.proposed or tuple(each for each in result.matches if each.level >= _ALIKE)
    return [_match_line(record, each, stage) for each in found]


def _match_line(record: Need | Offer, match: Match, stage: str) -> ReplyLine:
    need, offer = (record.id, match.id) if isinstance(record, Need) else (match.id, record.id)
    labels = [f"第 {match.level} 级", "够格提出" if match.proposed else "不够格提出"]
    labels += [f"{gate.name.label}不满足" for gate in match.gates if gate.passed is False]
    told = tuple(dict.fromkeys(quote for each in match.reasons for quote in (each.need_quote, each.offer_quote)))
    return ReplyLine(need, offer, (match.title,), tuple(labels), told[:4], stage)


def _similar(market: Market, asked: ManagerQuestion, days: int) -> ManagerReply:
    """Records most like those asked about, and every pair they or those were ever tied in: what came of it."""
    own = asked.records or (Need(id="", title=asked.question), Offer(id="", title=asked.question))
    near = [(kind_of(record), each) for record in own for each in market.near(record, _NEAR) if each.level >= _ALIKE]
    ids = {kind: {each.id for of, each in near if of is kind} for kind in (RecordKind.NEED, RecordKind.OFFER)}
    for record in asked.records:
        ids[kind_of(record)].add(record.id)
    tied = [
        each
        for each in pair_stages(market)
        if each.need_id in ids[RecordKind.NEED] or each.offer_id in ids[RecordKind.OFFER]
    ]
    tied.sort(key=_telling)
    pairs = pair_files(market, days, [(each.need_id, each.offer_id) for each in tied[:_MOST]]) if tied else ()
    lines = [_pair_line(file) for file in pairs]
    lines += [_near_line(market, kind, each) for kind, each in near][: max(0, _MOST - len(lines))]
    sentence = "下面是以往的配对和相近的登记，各写明结果。" if lines else "没有找到相近的案例。"
    return ManagerReply(Want.SIMILAR.value, sentence, tuple(lines))


def _telling(progress: PairProgress) -> tuple[int, int]:
    """Those that came far first, then those that ended, then the rest."""
    stages = list(PairStage)
    furthest = max(stages.index(each.stage) for each in progress.reached if each.stage is not PairStage.ENDED)
    return -furthest, progress.ended_for is None


def _near_line(market: Market, kind: RecordKind, match: Match) -> ReplyLine:
    record = market.find(kind, match.id)
    labels: tuple[str, ...] = (kind.label,)
    if isinstance(record, (Need, Offer)):
        labels += (record.state.label,)
        labels += (record.close_reason.label,) if record.close_reason is not None else ()
    need, offer = (match.id, "") if kind is RecordKind.NEED else ("", match.id)
    return ReplyLine(need, offer, (match.title,), labels)


def _draft(market: Market, asked: ManagerQuestion, days: int) -> ManagerReply:
    if asked.needs and asked.offers:
        files = [pair_file(market, need.id, offer.id, days) for need in asked.needs for offer in asked.offers]
        lines = tuple(replace(_pair_line(file), stage=_stage(file).value) for file in files[:_MOST])
        return ManagerReply(Want.DRAFT.value, "可以从这里起草；步骤已按这一对现在的情况选好。", lines)
    stages = {RecordKind.NEED: Stage.ASK_NEED_OWNER, RecordKind.OFFER: Stage.ASK_OFFER_OWNER}
    found = (_counterparts(market, record, stage=stages[kind_of(record)].value) for record in asked.records)
    lines = tuple(line for each in found for line in each)[:_MOST]
    sentence = "要和哪一条配成一对？选一条起草。" if lines else "没有找到可以配成一对的，请写明另一方的编号。"
    return ManagerReply(Want.DRAFT.value, sentence, lines)


def _stage(file: PairFile) -> Stage:
    return _STAGES.get(file.step, Stage.ASK_NEED_OWNER)


def _standing(market: Market, asked: ManagerQuestion, days: int) -> ManagerReply:
    if asked.needs and asked.offers:
        files: Sequence[PairFile] = [
            pair_file(market, need.id, offer.id, days) for need in asked.needs for offer in asked.offers
        ]
    else:
        needs, offers = ({each.id for each in records} for records in (asked.needs, asked.offers))
        tied = [each for each in pair_stages(market) if each.need_id in needs or each.offer_id in offers]
        files = pair_files(market, days, [(each.need_id, each.offer_id) for each in tied]) if tied else ()
    lines = [_pair_line(file) for file in files[:_MOST]]
    lines += [_record_line(record) for record in asked.records] if not lines else []
    sentence = "现在是这样。" if files else "还没有和谁配成一对。"
    return ManagerReply(Want.STANDING.value, sentence, tuple(lines))


def _pair_line(file: PairFile) -> ReplyLine:
    labels = [file.step.label]
    labels += [each.stage.label for each in file.progress.reached[-1:]]
    labels += [file.progress.ended_for.label] if file.progress.ended_for is not None else []
    labels.append(f"自 {file.since.isoformat()}")
    titles = (file.need.title, file.offer.title)
    return ReplyLine(file.need.id, file.offer.id, titles, tuple(dict.fromkeys(labels)))


def _record_line(record: Need | Offer) -> ReplyLine:
    labels: tuple[str, ...] = (kind_of(record).label, record.state.label)
    labels += (record.close_reason.label,) if record.close_reason is not None else ()
    need, offer = (record.id, "") if isinstance(record, Need) else ("", record.id)
    return ReplyLine(need, offer, (record.title,), labels, tuple(_content(record)))


def _content(record: Need | Offer) -> Iterable[str]:
    """What is stated, field by field, but for what only the desk keeps."""
    for spec in FIELDS[kind_of(record)]:
        value = cell_text(getattr(record, spec.name))
        if value and spec.audience is not Audience.DESK and spec.name not in ("id", "title"):
            yield f"{spec.label}：{value}"


def _records(_market: Market, asked: ManagerQuestion, _days: int) -> ManagerReply:
    lines = tuple(_record_line(record) for record in asked.records)
    return ManagerReply(Want.RECORD.value, "登记的内容如下。", lines)


def _waiting(market: Market, manager: str, days: int) -> ManagerReply:
    mine = [
        file
        for file in pair_files(market, days)
        if file.progress.keeper in ("", manager) and (file.step.waits_for_manager or file.questions)
    ]
    sentence = f"有 {len(mine)} 对在等，最急的在前。" if mine else "没有等着处理的配对。"
    return ManagerReply(Want.WAITING.value, sentence, tuple(_pair_line(file) for file in mine[:_MOST]))
