"""What every family promises, checked over the whole registry."""

import numpy as np
import pytest

from sim.family import STATUSES, UNITS, Family, load_families
from sim.features.events import find_conflicts
from sim.features.settings import LabelSettings
from sim.sampling import Importance, pilot, run_family, sample
from sim.sampling.check import check
from sim.world.rollout import simulate
from sim.world.rows import Rows

KINDS = load_families()
NAMES = sorted(KINDS)
SUITES = [name for name in NAMES if "regression" in KINDS[name].tags]
TRAFFIC = [name for name in NAMES if name not in SUITES]
REAR_END = [name for name in TRAFFIC if KINDS[name].event == "rear_end"]
MANY = 300


def family(name: str) -> Family:
    return KINDS[name]()


@pytest.mark.parametrize("name", NAMES)
def test_every_quantity_says_unit_source_and_status(name: str) -> None:
    kind = KINDS[name]
    assert kind.name == name
    assert "lane" in (kind.__doc__ or ""), "a sketch of the road belongs in the docstring"
    assert kind.tags
    for q in family(name).quantities:
        assert q.unit in UNITS
        assert q.status in STATUSES
        assert len(q.source) > 5
        assert all(column.endswith(f"_{q.unit}") for column in q.columns)


@pytest.mark.parametrize("name", NAMES)
def test_draws_stay_inside_the_support_and_lead_back_to_their_point(name: str) -> None:
    kind = family(name)
    corners = np.vstack([np.full((1, kind.dimensions), u) for u in (1e-9, 0.5, 1 - 1e-9)])
    points = np.vstack([corners, np.random.default_rng(1).random((200, kind.dimensions))])
    draws = kind.draw(points)
    for q in kind.quantities:
        low, high = q.dist.support
        values = draws.values[q.name]
        assert np.isfinite(values).all()
        assert np.all((values >= low) & (values <= high))
    low, high = kind.span(draws)
    assert np.all((low - 1e-6 <= points) & (points <= high + 1e-6))
    again = kind.draw(kind.point(draws))
    for q in kind.quantities:
        np.testing.assert_allclose(again.values[q.name], draws.values[q.name], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_promises_are_kept(name: str) -> None:
    broken = [f"{f.name}: {f.detail}" for f in check(family(name), n=MANY, seed=11) if not f.ok]
    assert not broken


@pytest.mark.parametrize("name", [n for n in TRAFFIC if KINDS[n].danger[0] > 0.0])
def test_episodes_range_from_ordinary_to_deadly(name: str) -> None:
    log = run_family(family(name), sample(name, n=MANY, seed=11))
    outcomes = log.episodes["outcome"].value_counts(normalize=True)
    assert outcomes["ordinary"] > 0.1
    assert outcomes["near"] > 0
    assert 0 < outcomes["crash"] < 0.5


@pytest.mark.parametrize("name", [n for n in REAR_END if KINDS[n].danger[0] > 0.0])
def test_rear_end_families_hold_what_the_study_labels(name: str) -> None:
    log = run_family(family(name), sample(name, n=MANY, seed=11))
    egos = find_conflicts(Rows.of(log), LabelSettings()).query("ego_id == 0")
    assert egos["episode"].nunique() / MANY > 0.1
    assert (egos["start_frame"] <= 10).mean() < 0.05


@pytest.mark.parametrize("name", NAMES)
def test_quantities_are_kept_with_the_episode(name: str) -> None:
    kept = simulate(sample(name, n=8, seed=11), seconds=1.0).episodes
    names = [f"q.{column}" for q in family(name).quantities for column in q.columns]
    assert [c for c in kept if c.startswith("q.")] == names
    assert not kept[names].isna().to_numpy().any()
    assert (kept["log_weight"] == 0).all()


def test_importance_brings_more_danger_and_weighs_it_back() -> None:
    kind = family("lead_brakes")
    sampler = pilot(kind, Importance(pilot_rounds=2, pilot_size=300), seed=1, seconds=kind.seconds)
    log = simulate(sample(kind, n=800, seed=1, sampler=sampler), seconds=kind.seconds)
    weight = np.exp(log.episodes["log_weight"].to_numpy())
    crash = log.episodes["collided"].to_numpy()
    usual = simulate(sample(kind, n=600, seed=11), seconds=kind.seconds).episodes["collided"]
    assert crash.mean() > 2 * usual.mean()
    assert abs(weight.mean() - 1) < 3 * weight.std() / np.sqrt(len(weight))
    spread = np.hypot((weight * crash).std() / np.sqrt(len(crash)), usual.std() / np.sqrt(600))
    assert abs((weight * crash).mean() - usual.mean()) < 3 * spread


def test_the_library_is_as_broad_as_it_says() -> None:
    assert len(TRAFFIC) >= 18
    assert {"nominal"} <= {tag for name in TRAFFIC for tag in KINDS[name].tags}
    assert {KINDS[name].event for name in TRAFFIC} == {"rear_end", "crossing"}
    assert isinstance(sample("ordinary", n=1, seed=0).family, str)
