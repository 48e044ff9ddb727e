"""Alarms against their slow twin, and what a driver would expect of them."""

from __future__ import annotations

import naive_alarms as naive
import numpy as np
import pytest
from feature_tables import STRIDE_S, make_table
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.features import FeatureTable
from sim.learn import alarms, curve
from sim.learn.exam import Exam


def rows_of(table: FeatureTable, exam: Exam, ego: int) -> np.ndarray:
    return np.flatnonzero(exam.ego == ego)


def starts_of(table: FeatureTable, exam: Exam, rows: np.ndarray) -> list[float]:
    first = exam.row[rows[0]]
    name, ego = table.episode_names[table.episode[first]], table.ego[first]
    mine = (table.events["episode_id"] == name) & (table.events["ego_id"] == ego)
    return table.events.loc[mine, "start_s"].tolist()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), levels=st.sampled_from([3, 20, 1000]))
def test_counts_are_those_of_the_twin(seed: int, levels: int) -> None:
    rng = np.random.default_rng(seed)
    table = make_table(site="a", recordings=2, egos=3, seconds=12.0, seed=seed)
    table = table.take(rng.random(len(table)) < 0.9)  # rows are missing here and there
    exam = Exam.of(table)
    scores = rng.integers(levels, size=len(exam)).astype(float)
    counts = alarms.count(exam, scores, carried=0.4 * levels)
    for j in {0, 1, len(counts.thresholds) // 2, counts.carried, len(counts.thresholds) - 2}:
        threshold = counts.thresholds[j]
        false = np.zeros(exam.units)
        leads = []
        for ego in np.unique(exam.ego):
            rows = rows_of(table, exam, ego)
            pairs = list(zip(exam.t[rows], scores[rows]))
            times = naive.alarmed_times(pairs, threshold, STRIDE_S, alarms.HOLD_S)
            starts = starts_of(table, exam, rows)
            false[exam.unit[rows[0]]] += naive.false_alarms(times, starts, alarms.REFRACTORY_S)
            at = [
                start
                for start in starts
                if any(0.5 - 1e-6 <= start - t <= 3.0 + 1e-6 for t in exam.t[rows])
            ]
            leads += [naive.lead(times, start) for start in at]
        np.testing.assert_array_equal(counts.false_alarms[:, j], false)
        np.testing.assert_allclose(counts.lead_s[:, j], leads, atol=1e-5)


@pytest.mark.parametrize("seed", range(4))
def test_the_swept_curve_meets_the_grid_and_ends_where_no_budget_is_kept(seed: int) -> None:
    table = make_table(site="a", recordings=4, egos=10, seconds=60.0, seed=seed)
    exam = Exam.of(table)
    scores = np.round(table.X[exam.row, 0].astype(float), seed)  # with ties and without
    counts = alarms.count(exam, scores)
    swept = counts.curve
    on_grid = counts.false_alarms.sum(axis=0) / counts.hours.sum()
    met = 0
    for threshold, false in zip(counts.thresholds, on_grid):
        over = np.flatnonzero(swept.levels > threshold)
        if len(over) < len(swept.levels):
            wanted = swept.false_per_h[over[-1]] if len(over) else 0.0
            assert false == pytest.approx(wanted, abs=1e-9)
            met += 1
        elif threshold < swept.levels[-1]:
            assert false > curve.SWEPT_PER_H
    assert 100 < met < len(counts.thresholds)
    with pytest.raises(ValueError, match="at most 120"):
        swept.level_at(121.0)


def one_ego(scores: dict[float, float], start: float, seconds: float = 20.0) -> alarms.Counts:
    """An ego with one conflict whose score is 1 in the given intervals, else 0."""
    table = make_table(site="a", recordings=1, egos=1, seconds=seconds, conflict_share=0.0)
    event = ("a-0", 0, 1, "lead", start, start + 0.5, 1.5, 3.0, "conflict", True, np.nan)
    y = (table.t >= start - 3.0 - 1e-6) & (table.t <= start - 0.5 + 1e-6)
    table.events.loc[0] = (*event, "lead", 2.0, 12.0)
    exam = Exam.of(FeatureTable(**{**vars(table), "y": y}))
    value = np.zeros(len(exam))
    for low, high in scores.items():
        value[(exam.t >= low - 1e-6) & (exam.t <= high + 1e-6)] = 1.0
    return alarms.count(exam, value, carried=0.5)


@pytest.mark.parametrize(
    ("burst", "caught", "false"),
    [
        ({10.0: 10.0}, False, 0),  # one row of 0.2 s is too short
        ({10.0: 10.4}, True, 0),
        ({11.6: 12.0}, False, 0),  # 0.4 s before the start: too late, but not false
        ({5.0: 5.4}, False, 1),
        ({8.6: 9.4}, True, 0),  # begins early, goes on into the window: one alarm, not false
        ({1.0: 1.4, 3.0: 3.4}, False, 1),  # 2 s later is the same alarm
        ({1.0: 1.4, 6.4: 6.8}, False, 2),  # 5.4 s later is not
    ],
)
def test_an_alarm_is_what_a_driver_would_call_one(
    burst: dict[float, float], caught: bool, false: int
) -> None:
    counts = one_ego(burst, start=12.0)
    at = counts.carried
    assert bool(counts.lead_s[0, at] > 0) is caught
    assert counts.false_alarms[0, at] == false


def test_an_alarm_that_never_ends_is_raised_again_every_five_seconds() -> None:
    counts = one_ego({0.0: 60.0}, start=50.0, seconds=60.0)
    # raised at 0.2, 5.2, ..., 55.2 s; those of 45.2 and 50.2 - 5 ... reach the conflict's time
    assert counts.false_alarms[0, counts.carried] in (10.0, 11.0)


def test_weights_of_egos_count_in_hours_and_false_alarms() -> None:
    table = make_table(site="a", recordings=2, conflict_share=0.0)
    scores = np.random.default_rng(0).random(len(table))
    once = alarms.count(Exam.of(table), scores)
    thrice = Exam.of(FeatureTable(**{**vars(table), "weight": np.full(len(table), 3.0)}))
    counted = alarms.count(thrice, scores)
    np.testing.assert_allclose(counted.false_alarms, 3 * once.false_alarms)
    np.testing.assert_allclose(counted.hours, 3 * once.hours)
    np.testing.assert_allclose(counted.negatives, 3 * once.negatives)


def test_nan_scores_are_never_alarms() -> None:
    table = make_table(site="a", recordings=1)
    exam = Exam.of(table)
    counts = alarms.count(exam, np.full(len(exam), np.nan), carried=0.0)
    assert counts.false_alarms.sum() == 0
    assert (counts.lead_s == 0).all()
