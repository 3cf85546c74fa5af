"""What people want to know of a run besides its score, as pairs of a name and a value."""

from __future__ import annotations

from bot.evaluation.bench import Target
from bot.evaluation.metrics import Metrics, Rate
from bot.evaluation.run_store import Run
from bot.text.moments import to_the_second

_DIGEST_SHOWN = 12


def facts(run: Run) -> tuple[tuple[str, str], ...]:
    """When and by whom, what was asked, with which settings and program."""
    told = run.circumstances
    model = f"{told.model}（{told.service}）" if told.model else "没有用模型"
    return (
        ("用例", f"{run.cases_from}，{run.done}/{run.total} 条"),
        ("谁跑的", run.by),
        ("开始（UTC）", to_the_second(run.started_at)),
        ("结束（UTC）", to_the_second(run.ended_at) if run.ended_at else "还没有跑完"),
        ("提问用时", f"{run.seconds:.1f} 秒"),
        ("问的是", f"{Target(run.target).label}（第 {told.version} 版）"),
        ("资料", f"{told.documents} 份文件，{told.passages} 个片段，摘要 {told.documents_digest[:_DIGEST_SHOWN]}"),
        ("编码器", f"{told.encoder_name}（{told.encoder[:40]}）"),
        ("模型", f"{model}{'，另给白话改写' if told.summary else ''}"),
        *((("不用的部分", "、".join(told.without)),) if told.without else ()),
        ("程序", told.code),
        ("按哪天算", told.day or "没有记"),
    )


def watched(metrics: Metrics) -> tuple[tuple[str, str], ...]:
    """The figures that staff watch besides the score."""
    told = [
        ("该说没有而说了没有", _fraction(metrics.right_refusals)),
        ("该答而拒答（越少越好）", _fraction(metrics.false_refusals)),
        ("状态正确", _fraction(metrics.status)),
        ("数字无依据的用例（应为 0）", str(metrics.wrong_figures)),
        ("给了数字却不是所问的那个（逐条看）", str(metrics.other_figures)),
        ("违反任一必守规则的用例（应为 0）", str(metrics.broken_rules)),
    ]
    if metrics.errors:
        told.append(("出错的用例", str(metrics.errors)))
    if metrics.rouge_l is not None:
        told.append(("ROUGE-L 平均", f"{metrics.rouge_l:.3f}"))
    return tuple(told)


def _fraction(rate: Rate) -> str:
    share = "—" if rate.share is None else f"{rate.share:.1%}"
    return f"{rate.hits}/{rate.total}（{share}）"
