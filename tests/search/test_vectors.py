"""8-bit vectors on disk against plain floats."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bot.search.vectors import CODES_FILE, SCALES_FILE, VectorFile, VectorWriter, quantise


def unit(rows: int, seed: int = 1, dimension: int = 48) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@given(arrays(np.float32, st.tuples(st.integers(0, 5), st.integers(1, 9)), elements=st.floats(-4, 4, width=32)))
def test_a_code_is_the_nearest_and_what_was_quantised_stays(vectors: np.ndarray) -> None:
    once = quantise(vectors)
    assert np.abs(once.floats() - vectors).max(initial=0) <= (np.abs(vectors).max(initial=0) / 127) * 0.5001 + 1e-7
    again = quantise(once.floats())
    assert np.array_equal(once.codes, again.codes)
    assert not once.floats()[~vectors.any(axis=1)].any()


def test_cosines_are_within_two_thousandths(tmp_path: Path) -> None:
    vectors = unit(9_000, dimension=384)
    writer = VectorWriter(tmp_path, 384)
    writer.append(quantise(vectors[:5_000]))
    writer.append(quantise(vectors[5_000:]))
    writer.close()
    file = VectorFile(tmp_path, 9_000, 384)
    query = unit(1, seed=2, dimension=384)[0]
    assert np.abs(file.cosines(query) - vectors @ query).max() < 2e-3
    rows = np.array([8_999, 0, 4_321, 0])
    assert np.allclose(file.cosines(query, rows), file.cosines(query)[rows])
    assert np.array_equal(file.read(10, 12).codes, quantise(vectors[10:12]).codes)


def test_rows_beyond_those_vouched_for_are_cut_off(tmp_path: Path) -> None:
    vectors = unit(6)
    writer = VectorWriter(tmp_path, 48)
    writer.append(quantise(vectors[:4]))
    writer.close()
    writer = VectorWriter(tmp_path, 48, rows=2)
    writer.append(quantise(vectors[4:]))
    writer.close()
    kept = VectorFile(tmp_path, 4, 48).read(0, 4).floats()
    assert np.allclose(kept, quantise(vectors[[0, 1, 4, 5]]).floats())


@pytest.mark.parametrize("name", [CODES_FILE, SCALES_FILE])
def test_a_file_that_is_too_short_is_refused(tmp_path: Path, name: str) -> None:
    writer = VectorWriter(tmp_path, 48)
    writer.append(quantise(unit(3)))
    writer.close()
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-1])
    with pytest.raises((ValueError, OSError)):
        VectorFile(tmp_path, 3, 48)


def test_no_rows_need_no_files(tmp_path: Path) -> None:
    assert len(VectorFile(tmp_path / "nowhere", 0, 48).cosines(unit(1)[0])) == 0
