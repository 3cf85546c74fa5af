"""What the first page of the bench is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.evaluation.bench import Target
from bot.evaluation.case_store import KeptCase
from bot.evaluation.gate import Standing, Verdict
from bot.evaluation.run_store import Run
from bot.text.moments import to_the_minute
from bot.web.desk.bench.room import CASES, PATH, RUNS, Room, chooser
from bot.web.desk.frame import as_told, choice_field, form, hidden, submit, table
from bot.web.desk.guard import Signed
from bot.web.markup import EMPTY, Html, join, tag, text


@dataclass(frozen=True, slots=True)
class Start:
    """What stands in the form that starts a run."""

    what: str
    tag: str = ""
    mode: str = ""


def gate(found: Verdict, signed: Signed) -> Html:
    """What is known of the version that waits, and the decision on it."""
    version = hidden("version", str(found.version))
    first = form(
        f"{PATH}/start", signed, hidden("what", "versions"), hidden("publish", "1"), submit("跑测试再启用", main=True)
    )
    return tag(
        "section",
        tag("h2", text("待启用的版本")),
        told(found),
        tag("p", text("跑测试再启用：两个版本各测一遍，没有变错的就启用，有变错的停下来等您看。"), class_="hint"),
        tag(
            "div",
            first if found.standing is not Standing.NO_CASES and not found.clear else EMPTY,
            form(f"{PATH}/publish", signed, version, submit("启用", main=found.clear)),
            form(f"{PATH}/discard", signed, submit("保留旧版")),
            class_="actions",
        ),
        class_="gate",
    )


def told(found: Verdict) -> Html:
    """The verdict in words, with the way to what changed."""
    bad = "problem" if found.became_wrong else None
    link = EMPTY
    if found.before is not None and found.after is not None:
        address = f"{PATH}/compare?before={found.before.number}&after={found.after.number}"
        link = tag("p", tag("a", text("逐条看变化"), href=address))
    return join((tag("p", text(found.sentence), class_=bad), link))


def case_counts(kept: Sequence[KeptCase]) -> Html:
    """How many cases there are, and the way to them."""
    used = sum(each.active for each in kept)
    return tag(
        "section",
        tag("h2", text("用例")),
        tag("p", text(f"{len(kept)} 条，其中 {used} 条在用。")),
        tag(
            "p",
            tag("a", text("用例列表"), href=CASES),
            tag("a", text("写一条"), href=f"{CASES}/new"),
            tag("a", text("导入导出"), href=f"{CASES}/import"),
            class_="choices",
        ),
    )


def start_form(room: Room, kept: Sequence[KeptCase], start: Start, signed: Signed) -> Html:
    """The form that starts a run; what another encoder costs is told beside it."""
    tags = dict.fromkeys(name for each in kept if each.active for name in each.case.tags)
    modes = {"offline": "离线"}
    if room.desk.settings.llm.configured:
        modes["model"] = "用模型"
    return tag(
        "section",
        tag("h2", text("跑测试")),
        form(
            f"{PATH}/start",
            signed,
            choice_field("测什么", "what", room.choices(), start.what),
            _tags(tags, start.tag),
            choice_field("怎样答", "mode", modes, start.mode),
            submit("开始", main=True),
        ),
        _cost(room),
        class_="start",
    )


def _tags(tags: Mapping[str, object], chosen: str) -> Html:
    options = (tag("option", as_option(name), value=name, selected=name == chosen, lang="zh-CN") for name in tags)
    every = tag("option", text("全部在用的用例"), value="")
    select = tag("select", every, *options, id="tag", name_="tag")
    return tag("div", tag("label", text("哪些用例"), for_="tag"), select, class_="field")


def as_option(words: str) -> Html:
    """Words of people in a choice, where no element may stand."""
    return text(words)


def _cost(room: Room) -> Html:
    if not room.encoders:
        return EMPTY
    words = (
        "换编码器要把全部资料重新编码一遍：自带的编码器在 2 核上每秒约 30 个片段，大的模型慢几倍到几十倍；"
        "另占与现用索引差不多的磁盘，放在数据文件夹的 bench/ 下，下次再测不用重建。"
    )
    return tag("p", text(words), class_="hint")


def run_list(runs: Sequence[Run]) -> Html:
    """The newest runs, and the form that sets two of them side by side."""
    rows = [_row(run) for run in runs]
    headings = ("测试", "开始（UTC）", "用例", "问的是", "怎样答", "通过", "状态")
    listed = table(headings, rows, "还没有跑过测试。")
    return tag("section", tag("h2", text("跑过的测试")), listed, _pair(runs) if len(runs) > 1 else EMPTY)


def _row(run: Run) -> tuple[Html, ...]:
    told = run.circumstances
    mode = as_told(told.model) if told.model else text("离线")
    return (
        tag("a", as_told(run.name), href=f"{RUNS}/{run.number}"),
        text(to_the_minute(run.started_at)),
        as_told(run.cases_from),
        join((tag("span", text(Target(run.target).label)), text(" "), tag("span", text(f"第 {told.version} 版")))),
        mode,
        text(f"{run.passed}/{run.total}"),
        text("已跑完" if run.finished else f"还差 {run.total - run.done} 条"),
    )


def _pair(runs: Sequence[Run]) -> Html:
    def choose(label: str, name: str, chosen: int) -> Html:
        options = (
            tag("option", as_option(f"{run.number} {run.name}"), value=run.number, selected=run.number == chosen)
            for run in runs
        )
        select = tag("select", *options, id=name, name_=name, lang="zh-CN")
        return tag("div", tag("label", text(label), for_=name), select, class_="field")

    before, after = choose("前", "before", runs[1].number), choose("后", "after", runs[0].number)
    return chooser(f"{PATH}/compare", before, after, label="比较这两次")
