"""Sampling of blocks: conflicts stay, rates stay true, and no block stands for a whole site."""

from __future__ import annotations

import numpy as np
import pytest
from feature_tables import make_table

from sim.features import FeatureTable
from sim.learn import alarms
from sim.learn.exam import Exam
from sim.studies.block_sample import WEIGHT_MAX, BlockSample


def table(recordings: int, seed: int = 0) -> FeatureTable:
    """About 55 ego-hours over some recordings, with a score in the first feature."""
    egos = 330 // recordings
    return make_table(
        site="a",
        recordings=recordings,
        egos=egos,
        seconds=600.0,
        conflict_share=0.2,
        signal=2.5,
        seed=seed,
    )


def sampled(rows: FeatureTable, rows_max: int, seed: int = 0) -> FeatureTable:
    sample = BlockSample(rows_max, seed)
    for k in range(len(rows.episode_names)):
        sample.add(rows.select([k]))
    return FeatureTable.concat(sample.tables())


def test_all_rows_stay_where_they_fit() -> None:
    rows = table(3)
    np.testing.assert_array_equal(sampled(rows, len(rows)).X, rows.X)


@pytest.mark.parametrize("recordings", [1, 3, 30])
def test_metrics_of_a_sample_agree_with_those_of_all_rows(recordings: int) -> None:
    rows = table(recordings)
    whole = Exam.of(rows)
    rate = _false_alarms(whole, rows)
    found = []
    for seed in range(8):
        part_rows = sampled(rows, len(rows) // 3, seed)
        part = Exam.of(part_rows)
        assert len(part_rows) <= len(rows) // 3
        assert part.events == whole.events
        assert part.hours.sum() == pytest.approx(whole.hours.sum())
        assert part_rows.weight.max() <= 1.2 * WEIGHT_MAX
        assert part.effective_hours < whole.effective_hours
        found.append(_false_alarms(part, part_rows))
    assert np.mean(found) == pytest.approx(rate, rel=0.05)
    assert np.std(found) < 0.15 * rate


def test_the_sample_does_not_depend_on_the_order_of_the_recordings() -> None:
    rows = table(3)
    forward, backward = BlockSample(20_000, 0), BlockSample(20_000, 0)
    for k in (0, 1, 2):
        forward.add(rows.select([k]))
        backward.add(rows.select([2 - k]))
    for a, b in zip(forward.tables(), reversed(backward.tables()), strict=True):
        np.testing.assert_array_equal(a.X, b.X)
        np.testing.assert_array_equal(a.weight, b.weight)


def _false_alarms(exam: Exam, rows: FeatureTable) -> float:
    scores = rows.X[exam.row, 0].astype(float)
    counts = alarms.count(exam, scores, carried=1.5)
    return float(counts.false_alarms[:, counts.carried].sum() / counts.hours.sum())
