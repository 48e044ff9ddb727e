"""Metrics of the sample as it is against an independent script, to 1e-9."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from feature_tables import STRIDE_S, make_table
from naive_metrics import recomputed

from sim.features import FeatureTable
from sim.learn import alarms, metrics
from sim.learn.exam import Exam

KINDS = ("lead", "crossing")


def exam_and_table(seed: int, **changes: object) -> tuple[Exam, FeatureTable]:
    table = make_table(site="a", recordings=3, egos=6, conflict_share=0.6, seed=seed)
    rng = np.random.default_rng(seed)
    events = table.events.assign(category=rng.choice(KINDS, len(table.events)))
    weight = np.where(table.ego % 3 == 0, 2.5, 1.0)
    table = FeatureTable(**{**vars(table), "events": events, "weight": weight, **changes})
    return Exam.of(table), table


def tables_of(
    exam: Exam, table: FeatureTable, scores: np.ndarray
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What a study saves: a line a scored row, a line a conflict."""
    names = np.array(table.episode_names)
    rows = pd.DataFrame(
        {
            "recording": names[table.episode[exam.row]],
            "ego_id": table.ego[exam.row],
            "t_s": table.t[exam.row],
            "y": table.y[exam.row],
            "use": table.use[exam.row],
            "weight": table.weight[exam.row],
            "score": scores,
        }
    )
    events = table.events.rename(columns={"episode_id": "recording"})
    return rows, events[["recording", "ego_id", "start_s", "category"]]


def scores_of(exam: Exam, table: FeatureTable, digits: int) -> np.ndarray:
    return np.round(table.X[exam.row, 0].astype(float), digits)


@pytest.mark.parametrize("digits", [2, 1])
@pytest.mark.parametrize("kind", [None, *KINDS])
def test_metrics_are_those_of_the_independent_script(digits: int, kind: str | None) -> None:
    exam, table = exam_and_table(seed=digits)
    scores = scores_of(exam, table, digits)
    asked = exam if kind is None else exam.only(exam.event_category == kind)
    counts = alarms.count(asked, scores)
    budgets = (6.0, 30.0, 100.0)
    found = metrics.evaluate(counts, np.ones((1, exam.units)), budgets)
    saved = tables_of(exam, table, scores)
    wanted = recomputed(*saved, stride_s=STRIDE_S, budgets=budgets, kind=kind)
    assert {"recall_at_6_fah_1s", "recall_at_30_fah_15s", "lead_time_s"} <= set(wanted)
    for name, value in wanted.items():
        assert found[name][0] == pytest.approx(value, abs=1e-9), name
    assert 0.0 < wanted["recall_at_6_fah_1s"] < 1.0


def test_resamples_vary_about_the_exact_value() -> None:
    exam, table = exam_and_table(seed=5)
    counts = alarms.count(exam, scores_of(exam, table, 9))
    drawn = np.vstack([np.ones((2, exam.units)), np.full((1, exam.units), 2.0)])
    for name, values in metrics.evaluate(counts, drawn).items():
        np.testing.assert_allclose(values, values[0], rtol=1e-6, err_msg=name)


def test_recall_falls_with_the_lead_that_is_asked_for() -> None:
    exam, table = exam_and_table(seed=6)
    counts = alarms.count(exam, scores_of(exam, table, 9))
    found = metrics.evaluate(counts, np.ones((1, exam.units)))
    for budget in (6, 30):
        steps = [found[f"recall_at_{budget}_fah_{lead}"][0] for lead in ("05s", "1s", "15s")]
        assert steps == sorted(steps, reverse=True)
        assert steps[0] == found[f"recall_at_{budget}_fah"][0]


def test_lead_at_equal_recall_tells_an_early_detector_from_a_sharp_one() -> None:
    exam, _ = exam_and_table(seed=7, use=np.ones(3 * 6 * 100, bool))
    until = np.full(len(exam), np.inf)
    for first, end, start in zip(exam.event_from, exam.event_to, exam.event_start_s):
        until[first:end] = np.minimum(until[first:end], start - exam.t[first:end])
    early, late = (np.where(until <= lead, 1.0, 0.0) for lead in (2.6, 1.1))
    ones = np.ones((1, exam.units))
    leads = [metrics.lead_at_recall(alarms.count(exam, s), ones, 0.8)[0] for s in (early, late)]
    # the second of two rows of 0.2 s raises the alarm
    assert leads[0] == pytest.approx(2.3, abs=0.11)
    assert leads[1] == pytest.approx(0.8, abs=0.11)
    nothing = alarms.count(exam, np.full(len(exam), np.nan))
    assert np.isnan(metrics.lead_at_recall(nothing, ones, 0.8)[0])
