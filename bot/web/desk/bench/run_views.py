"""A run with its scores, and two runs side by side with the words that differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from bot.evaluation.comparison import Comparison, Kind
from bot.evaluation.marking import Line, Marked, marked
from bot.evaluation.metrics import Metrics, measure
from bot.evaluation.report import interval_text
from bot.evaluation.results import SavedResult
from bot.evaluation.run_store import Run
from bot.evaluation.summary import facts, watched
from bot.web.desk.bench.room import PATH, RUNS
from bot.web.desk.frame import as_told, form, leaf, pager, submit, table
from bot.web.desk.guard import Signed
from bot.web.markup import EMPTY, Html, join, tag, text

_A_PART = 100
#: Changes shown of one kind; the report holds all of them.
_MOST_CHANGES = 200
_MARKS = {"-": "del", "+": "ins"}
#: Facts of a run that never tell two settings apart.
_OF_THE_MOMENT = frozenset({"谁跑的", "开始（UTC）", "结束（UTC）", "提问用时"})


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which cases of a run are shown: ``failed`` or all, of one tag or all, which part of the list."""

    show: str
    tag: str
    part: int


# --- one run ----------------------------------------------------------------------------------------


def run_page(run: Run, results: Sequence[SavedResult], chosen: Chosen, signed: Signed) -> Html:
    """A run: its score, what staff watch, its cases, how it was run."""
    metrics = measure(results)
    state = (
        text(f"{run.passed}/{run.done} 条通过")
        if run.finished
        else text(f"问了 {run.done}/{run.total} 条，{run.passed} 条通过")
    )
    job = (
        tag("p", tag("a", text("看这项工作"), href=f"/desk/jobs/{run.job}")) if run.job and not run.finished else EMPTY
    )
    return join(
        (
            tag("p", tag("strong", as_told(run.name)), text(" "), tag("span", state)),
            job,
            _scores(metrics, run),
            _pairs("要看的", watched(metrics), told=False),
            _cases(run, results, chosen),
            _pairs("怎样跑的", facts(run), told=True),
            _files(run, signed),
        )
    )


def _scores(metrics: Metrics, run: Run) -> Html:
    rows = [
        (
            tag("a", as_told(each.tag), href=f"{RUNS}/{run.number}?show=all&tag={quote(each.tag)}"),
            text(f"{each.rate.hits}/{each.rate.total}"),
            text(f"{each.rate.share or 0:.1%}"),
            text(interval_text(each.rate)),
        )
        for each in metrics.by_tag
    ]
    whole = metrics.passed
    if whole.total:
        last = (
            text("全部"),
            text(f"{whole.hits}/{whole.total}"),
            text(f"{whole.share or 0:.1%}"),
            text(interval_text(whole)),
        )
        rows.append(last)
    shown = table(("标签", "通过/全部", "通过率", "95% 区间（Wilson）"), rows, "还没有答案。")
    return tag("section", tag("h2", text("得分")), shown)


def _pairs(title: str, pairs: Iterable[tuple[str, str]], *, told: bool) -> Html:
    """A small table; values that people or files said are ``told``."""
    rows = (
        tag("tr", tag("th", text(name), scope="row"), tag("td", as_told(value) if told else text(value)))
        for name, value in pairs
    )
    return tag("section", tag("h2", text(title)), _framed(title, tag("tbody", *rows)))


def _framed(title: str, *parts: Html) -> Html:
    whole = tag("table", *parts, class_="facts")
    return tag("div", whole, class_="table-frame", tabindex="0", role="region", aria_label=title)


def _cases(run: Run, results: Sequence[SavedResult], chosen: Chosen) -> Html:
    failed = [each for each in results if not each.passed]
    found = [
        each for each in (results if chosen.show == "all" else failed) if not chosen.tag or chosen.tag in each.tags
    ]
    address = f"{RUNS}/{run.number}?show="
    ways = tag(
        "p",
        tag(
            "a",
            text(f"没有通过的 {len(failed)} 条"),
            href=f"{address}failed",
            aria_current=_current(chosen.show != "all"),
        ),
        tag(
            "a",
            text(f"全部 {len(results)} 条"),
            href=f"{address}all",
            aria_current=_current(chosen.show == "all" and not chosen.tag),
        ),
        as_told(chosen.tag) if chosen.tag else EMPTY,
        class_="choices",
    )
    part, number, parts = leaf(found, chosen.part, _A_PART)
    shown = [_case(each) for each in part]
    here = f"{address}{quote(chosen.show)}&tag={quote(chosen.tag)}&part="
    empty = EMPTY if shown else tag("p", text("没有这样的用例。"), class_="empty")
    return tag(
        "section",
        tag("h2", text("逐条")),
        ways,
        *shown,
        empty,
        pager(number, parts, lambda each: f"{here}{each}"),
    )


def _current(here: bool) -> str | None:
    return "page" if here else None


def _case(result: SavedResult) -> Html:
    head = tag("summary", _verdict(result), text(" "), as_told(f"{result.id} · {result.question}"))
    asked = (tag("p", text("此前的问题"), text("："), as_told("；".join(result.history))),) if result.history else ()
    answer = (tag("p", as_told(line)) for line in result.answer.splitlines() if line.strip())
    cited = (tag("li", as_told(f"{each.document_id}：{each.quote}")) for each in result.citations)
    return tag(
        "details",
        head,
        *asked,
        *(tag("p", as_told(reason), class_="problem") for reason in result.reasons),
        tag("div", *answer, class_="answer"),
        tag("ul", *cited, class_="hint") if result.citations else EMPTY,
        class_="case",
    )


def _verdict(result: SavedResult) -> Html:
    return tag("strong", text("通过" if result.passed else "没有通过"), class_="good" if result.passed else "bad")


def _files(run: Run, signed: Signed) -> Html:
    address = f"{RUNS}/{run.number}"
    return tag(
        "div",
        tag("a", text("下载报告（HTML）"), href=f"{address}/report.html"),
        tag("a", text("下载报告（xlsx）"), href=f"{address}/report.xlsx"),
        tag("a", text("测试台"), href=PATH),
        form(f"{address}/remove", signed, submit("删除这次测试")),
        class_="actions",
    )


# --- two runs ---------------------------------------------------------------------------------------


def compared(before: Run, after: Run, comparison: Comparison) -> Html:
    """Two runs side by side: how many answers changed, each change with the words that differ."""
    address = f"{RUNS}/{after.number}/report"
    return join(
        (
            tag("p", tag("strong", text(f"{comparison.changed_answers} 条答案变了")), text("："), _counts(comparison)),
            _chance(comparison),
            _circumstances(before, after),
            *(_kind(kind, comparison) for kind in Kind),
            tag(
                "p",
                tag("a", text("下载报告（HTML）"), href=f"{address}.html?against={before.number}"),
                tag("a", text("下载报告（xlsx）"), href=f"{address}.xlsx?against={before.number}"),
                tag("a", text("测试台"), href=PATH),
                class_="choices",
            ),
        )
    )


def _counts(comparison: Comparison) -> Html:
    wrong, right, reworded = (comparison.count(kind) for kind in (Kind.WRONG, Kind.RIGHT, Kind.REWORDED))
    return tag("span", text(f"变错 {wrong}，变对 {right}，改了措辞而对错没变 {reworded}"))


def _chance(comparison: Comparison) -> Html:
    right, wrong = comparison.count(Kind.RIGHT), comparison.count(Kind.WRONG)
    if not right + wrong:
        return EMPTY
    words = (
        f"同样的 {comparison.shared} 条里变对 {right}、变错 {wrong}：若两次其实一样好，"
        f"出现这样或更悬殊的差别的机会是 {comparison.chance:.3f}（McNemar 精确检验）。"
    )
    return tag("p", text(words), class_="hint")


def _circumstances(before: Run, after: Run) -> Html:
    """What differs in how the two runs were asked; when and how long are no difference."""
    sides = tag("th", text("前"), scope="col"), tag("th", text("后"), scope="col")
    rows = [tag("tr", tag("th", text("测试"), scope="row"), *(tag("td", _named(run)) for run in (before, after)))]
    one, other = dict(facts(before)), dict(facts(after))
    differing = [name for name in {**one, **other} if name not in _OF_THE_MOMENT and one.get(name) != other.get(name)]
    for name in differing:
        cells = (tag("td", tag("mark", as_told(told.get(name, "无")))) for told in (one, other))
        rows.append(tag("tr", tag("th", text(name), scope="row"), *cells))
    same = EMPTY if differing else tag("p", text("两次的用例、资料、设置和程序都相同。"), class_="hint")
    return join((_framed("怎样跑的", tag("thead", tag("tr", tag("td"), *sides)), tag("tbody", *rows)), same))


def _named(run: Run) -> Html:
    return tag("a", as_told(run.name), href=f"{RUNS}/{run.number}")


def _kind(kind: Kind, comparison: Comparison) -> Html:
    found = comparison.of(kind)
    if not found:
        return EMPTY
    head = tag("h2", text(kind.label), text(" "), tag("span", text(f"{len(found)} 条")))
    if kind in (Kind.ADDED, Kind.REMOVED, Kind.RECAST):
        rows = (tag("li", as_told(f"{each.id} · {each.question}")) for each in found[:_MOST_CHANGES])
        body: tuple[Html, ...] = (tag("ul", *rows),)
    else:
        body = tuple(_change(marked(each)) for each in found[:_MOST_CHANGES])
    more = len(found) - _MOST_CHANGES
    rest = tag("p", text(f"还有 {more} 条，见报告。")) if more > 0 else EMPTY
    return tag("section", head, *body, rest)


def _change(told: Marked) -> Html:
    change = told.change
    sides = (("前", told.before, change.before), ("后", told.after, change.after))
    head = tag("h3", as_told(f"{change.id} · {change.question}"))
    return tag("article", head, tag("div", *(_side(*each) for each in sides), class_="sides"), class_="change")


def _side(name: str, lines: tuple[Line, ...], result: SavedResult | None) -> Html:
    if result is None:
        return EMPTY
    shown = (tag("p", *(_stretch(part.mark, part.text) for part in line), lang="zh-CN") for line in lines)
    cited = (
        tag("p", text("依据"), text("："), as_told("、".join(result.cited)), class_="hint") if result.cited else EMPTY
    )
    reasons = (tag("p", as_told(reason), class_="problem") for reason in result.reasons)
    return tag("div", tag("p", text(name), text(" "), _verdict(result)), *shown, cited, *reasons)


def _stretch(mark: str, words: str) -> Html:
    return tag(_MARKS[mark], text(words)) if mark in _MARKS else text(words)
