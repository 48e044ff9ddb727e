"""The scores that a study saves: a slow program finds the same metrics from the files alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from feature_tables import make_table
from naive_metrics import recomputed

from sim.features import FeatureTable
from sim.studies.data import prepare
from sim.studies.pool import Pool
from sim.studies.run import StudyResult, measure
from sim.studies.scores_file import SCORES_SCHEMA, conflict_table, write_scores
from sim.studies.settings import StudySettings

SETTINGS = StudySettings(
    fractions=(1.0,),
    seeds=2,
    detectors=("logistic",),
    spot_detectors=(),
    resamples=20,
    positives_max=2000,
    negatives_max=2000,
    sizes=(),
    family_groups_max=0,
)


@pytest.fixture(scope="module")
def found() -> StudyResult:
    data = prepare(
        make_table(site="a", recordings=10),
        FeatureTable.concat(
            [
                make_table(site="b", recordings=3, egos=4, conflict_share=0.6, seed=6),
                make_table(site="c", recordings=1, egos=12, conflict_share=0.6, seed=7),
            ]
        ),
        make_table(site="edge", recordings=20, conflict_share=0.6, source="simulated", seed=8),
        make_table(site="ordinary", recordings=4, conflict_share=0.0, source="simulated", seed=9),
        resamples=SETTINGS.resamples,
        seed=0,
    )
    return measure(data, SETTINGS, kind="recorded", seed=0, pool=Pool(1))


@pytest.fixture(scope="module")
def scores(found: StudyResult, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    path = tmp_path_factory.mktemp("scores") / "scores.parquet"
    return pd.read_parquet(write_scores(found.scores, found.data, path))


def test_one_row_a_scored_row_arm_detector_and_seed(
    found: StudyResult, scores: pd.DataFrame
) -> None:
    assert list(scores) == SCORES_SCHEMA.names
    key = ["recording", "ego_id", "t_s", "arm", "detector", "seed"]
    assert not scores.duplicated(key).any()
    rows = int(found.data.test.use.sum())
    counted = scores.groupby(["arm", "detector", "seed"], observed=True).size()
    assert (counted == rows).all()
    assert {("best_recorded", "logistic", 1), ("physics_mttc", "none", 0)} <= {*counted.index}


@pytest.mark.parametrize("arm", ["best_recorded", "best_simulated", "physics_mttc"])
@pytest.mark.parametrize("site", ["b", "c"])
def test_metrics_are_found_again_from_the_files(
    found: StudyResult, scores: pd.DataFrame, arm: str, site: str
) -> None:
    events = conflict_table(found.data)
    mine = scores[(scores["arm"] == arm) & (scores["seed"] == 0) & (scores["site"] == site)]
    mine = mine.assign(recording=mine["recording"].astype(str))
    again = recomputed(
        mine.reset_index(drop=True),
        events[events["site"] == site],
        stride_s=found.data.test.stride_s,
        budgets=SETTINGS.budgets_per_h,
    )
    saved = found.results
    saved = saved[(saved["arm"] == arm) & (saved["seed"] == 0) & (saved["site"] == site)]
    saved = saved[saved["kind"].isna() & saved["slice"].isna() & (saved["detector"] != "chosen")]
    values = saved.set_index("metric")["value"]
    compared = [name for name in again if name in values.index]
    assert {"average_precision", "recall_at_30_fah_1s"} <= {*compared}
    for name in compared:
        np.testing.assert_allclose(values[name], again[name], rtol=1e-9, atol=1e-9, err_msg=name)
