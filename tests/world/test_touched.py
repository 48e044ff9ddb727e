"""A contact is as hard as it is for the weaker of the two."""

import numpy as np
import pandas as pd
import pytest

from sim.family import load_families
from sim.sampling import egos, run_family, sample
from sim.world.log import OUTCOME_COLUMNS
from sim.world.touched import pair_delta_v, struck_kind


def rows(*given: tuple[str, int, str, int, float, float]) -> pd.DataFrame:
    names = ("episode_id", "track_id", "kind", "other_id", "impact_speed_mps", "delta_v_mps")
    table = pd.DataFrame(list(given), columns=list(names))
    return table.assign(**{name: np.nan for name in OUTCOME_COLUMNS if name not in table})


def test_the_harder_blow_of_the_two_counts() -> None:
    nan = np.nan
    table = rows(
        ("walker", 0, "car", 2, 10.0, 0.5),
        ("walker", 2, "pedestrian", 0, 10.0, 9.5),
        ("truck", 0, "car", 1, 10.0, 9.0),
        ("truck", 1, "truck", 0, 10.0, 1.0),
        ("debris", 0, "car", 1, 30.0, 1.0),
        ("debris", 1, "object", 0, 30.0, 29.0),
        ("struck before", 0, "car", 1, 10.0, 0.5),
        ("struck before", 1, "pedestrian", 7, 2.0, 1.0),
        ("none", 0, "car", -1, nan, nan),
        ("none", 1, "car", 7, 3.0, 1.5),
    )
    assert pair_delta_v(table) == pytest.approx([9.5, 9.0, 1.0, 9.5, nan], nan_ok=True)
    assert struck_kind(table).tolist() == ["pedestrian", "truck", "object", "pedestrian", ""]


def test_it_is_the_larger_of_both_rows_of_a_run() -> None:
    family = load_families()["pedestrian_crossing"]()
    log = run_family(family, sample(family, n=200, seed=0))
    ego = egos(log)
    crashed = ego["collided"].to_numpy(bool)
    assert crashed.sum() > 3
    both = log.outcomes.set_index(["episode_id", "track_id"])["delta_v_mps"]
    other = both.reindex(pd.MultiIndex.from_arrays([ego["episode_id"], ego["other_id"]]))
    wanted = np.fmax(ego["delta_v_mps"].to_numpy(), other.to_numpy())[crashed]
    assert pair_delta_v(log.outcomes)[crashed] == pytest.approx(wanted)
    assert np.isnan(pair_delta_v(log.outcomes)[~crashed]).all()
