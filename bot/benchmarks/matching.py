"""Need–offer ranking on labelled pools: ``python -m bot.benchmarks.matching DIR``.

``DIR`` holds ``needs.jsonl``, ``offers.jsonl`` and ``labels.jsonl`` (``need_id``, ``offer_id``, ``level``
1–4). Each need ranks its own labelled pool, by its place in the ranking over all offers; gain is
2^(level−1) − 1 for nDCG@10, and level 3 counts as relevant for P@5. Everything goes through the store,
the import and the matcher that users have.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.errors import UsageError
from bot.market.service import Market
from bot.settings import load_settings
from bot.types import Match, RecordKind

CUTOFF, PRECISION_CUTOFF, RELEVANT_LEVEL = 10, 5, 3
RESAMPLES = 10_000
RANDOM_DRAWS = 100
SEED = 20250528

Pools: TypeAlias = Mapping[str, Mapping[str, int]]
Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measured:
    """Per need: ``ndcg`` and ``precision``, ``(needs,)`` each in 0–1."""

    ndcg: Floats
    precision: Floats


def read_pools(folder: Path) -> Pools:
    """Levels by need and offer. Raises :class:`UsageError` when the labels cannot be read."""
    path = folder / "labels.jsonl"
    pools: dict[str, dict[str, int]] = {}
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            label = json.loads(line)
            pools.setdefault(label["need_id"], {})[label["offer_id"]] = int(label["level"])
    except (OSError, ValueError, KeyError) as error:
        raise UsageError("标注读不了", value=path, tried=str(error), remedy="给出基准文件夹") from error
    return pools


def measure(pools: Pools, scores: Callable[[str], Mapping[str, float]]) -> Measured:
    """nDCG@10 and P@5 of every need's pool under ``scores`` (offer id → score; absent is lowest)."""
    ndcg, precision = [], []
    for need_id in sorted(pools):
        pool, scored = pools[need_id], scores(need_id)
        order = sorted(pool, key=lambda offer_id: (-scored.get(offer_id, -np.inf), offer_id))
        gains = np.array([2.0 ** (pool[offer_id] - 1) - 1 for offer_id in order])
        ideal = np.sort(gains)[::-1]
        discounts = 1 / np.log2(np.arange(2, min(CUTOFF, len(gains)) + 2))
        best = float(ideal[: len(discounts)] @ discounts)
        ndcg.append(float(gains[: len(discounts)] @ discounts) / best if best else 0.0)
        hits = [pool[offer_id] >= RELEVANT_LEVEL for offer_id in order[:PRECISION_CUTOFF]]
        precision.append(sum(hits) / PRECISION_CUTOFF)
    return Measured(np.array(ndcg), np.array(precision))


def paired_bootstrap(first: Floats, second: Floats) -> tuple[float, float, float]:
    """Mean difference ``first − second`` over needs, with its 95% interval."""
    difference = first - second
    generator = np.random.default_rng(SEED)
    picks = generator.integers(0, len(difference), (RESAMPLES, len(difference)))
    low, high = np.percentile(difference[picks].mean(axis=1), [2.5, 97.5])
    return float(difference.mean()), float(low), float(high)


def plain_bm25(titles: Mapping[str, str], queries: Mapping[str, str]) -> Callable[[str], Mapping[str, float]]:
    """The yardstick: BM25 (k1 1.2, b 0.75) of characters and pairs, the whole need against offer titles."""
    from collections import Counter

    from bot.text.tokens import search_terms

    counts = {offer_id: Counter(search_terms(title)) for offer_id, title in titles.items()}
    frequency = Counter(term for terms in counts.values() for term in terms)
    average = sum(terms.total() for terms in counts.values()) / max(len(counts), 1)

    def scores(need_id: str) -> Mapping[str, float]:
        query = Counter(search_terms(queries[need_id]))
        scored = {}
        for offer_id, terms in counts.items():
            norm = 1.2 * (0.25 + 0.75 * terms.total() / average)
            scored[offer_id] = sum(
                query[term]
                * np.log(1 + (len(counts) - frequency[term] + 0.5) / (frequency[term] + 0.5))
                * terms[term]
                * 2.2
                / (terms[term] + norm)
                for term in terms.keys() & query.keys()
            )
        return scored

    return scores


def run(folder: Path) -> None:
    """Import, match, measure, print."""
    pools = read_pools(folder)
    with tempfile.TemporaryDirectory() as data:
        market = Market(load_settings(environment={}, data_dir=Path(data)))
        for kind in (RecordKind.NEED, RecordKind.OFFER):
            path = folder / f"{kind.value}.jsonl"
            market.import_records(path, kind, actor="benchmark", publish=True)
        offers = {record.id: record.title for record in market.all_records(RecordKind.OFFER)}
        needs = {record.id: record for record in market.all_records(RecordKind.NEED)}
        found = {
            need_id: {match.id: match for match in market.matcher.match_need(need_id, len(offers)).matches}
            for need_id in pools
        }
        market.close()
    texts = {need_id: f"{record.title}\n{record.description}" for need_id, record in needs.items()}
    _report(pools, offers, texts, found)


def _random(pools: Pools) -> Measured:
    """The mean over many random orders."""
    generator = np.random.default_rng(SEED)
    draws = [
        measure(pools, lambda need_id: {offer_id: float(generator.random()) for offer_id in pools[need_id]})
        for _ in range(RANDOM_DRAWS)
    ]
    ndcg, precision = (np.mean([getattr(draw, name) for draw in draws], axis=0) for name in ("ndcg", "precision"))
    return Measured(ndcg, precision)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _report(
    pools: Pools,
    offers: Mapping[str, str],
    texts: Mapping[str, str],
    found: Mapping[str, Mapping[str, Match]],
) -> None:
    def part(value: Callable[[Match], float]) -> Callable[[str], Mapping[str, float]]:
        return lambda need_id: {offer_id: value(match) for offer_id, match in found[need_id].items()}

    baseline = measure(pools, plain_bm25(offers, texts))
    rows = {
        "random": _random(pools),
        "BM25 (need title and text)": baseline,
        "words only": measure(pools, part(lambda match: match.parts.lexical)),
        "embedding only": measure(pools, part(lambda match: match.parts.dense)),
        "technology fields only": measure(pools, part(lambda match: match.parts.fields)),
        "all together": measure(pools, part(lambda match: match.score)),
    }
    _say(f"{len(pools)} needs, {sum(map(len, pools.values()))} labelled pairs, {len(offers)} offers")
    _say(f"{'':28}{'nDCG@10':>10}{'P@5':>8}")
    for name, row in rows.items():
        _say(f"{name:28}{row.ndcg.mean():10.4f}{row.precision.mean():8.4f}")
    whole = rows["all together"]
    for name, first, second in (
        ("nDCG@10", whole.ndcg, baseline.ndcg),
        ("P@5", whole.precision, baseline.precision),
    ):
        mean, low, high = paired_bootstrap(first, second)
        _say(f"{name} minus BM25: {mean:+.4f} (95% {low:+.4f} … {high:+.4f}, paired bootstrap over needs)")
    _report_levels(pools, found)


def _report_levels(pools: Pools, found: Mapping[str, Mapping[str, Match]]) -> None:
    _say("level given: pairs, mean label, share labelled 3 or 4")
    pairs = [
        (match.level, pools[need_id][offer_id])
        for need_id, matches in found.items()
        for offer_id, match in matches.items()
        if offer_id in pools[need_id]
    ]
    for level in range(1, 5):
        labels = np.array([label for given, label in pairs if given == level])
        if len(labels):
            good = float((labels >= RELEVANT_LEVEL).mean())
            _say(f"  {level}: {len(labels):5}  {labels.mean():.2f}  {good:.2f}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("python -m bot.benchmarks.matching DIR")
    run(Path(sys.argv[1]))
