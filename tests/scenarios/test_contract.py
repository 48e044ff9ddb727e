"""What every family promises, checked over the whole registry."""

import dataclasses
from functools import cache

import numpy as np
import pandas as pd
import pytest

from sim.base.dist import Constant
from sim.family import STATUSES, UNITS, Family, load_families
from sim.features.events import find_conflicts
from sim.features.settings import LabelSettings
from sim.sampling import Importance, pilot, sample
from sim.world.episode import Episode
from sim.world.log import Log
from sim.world.rollout import simulate
from sim.world.rows import Rows

NAMES = sorted(load_families())
MANY = 600


def family(name: str) -> Family:
    return load_families()[name]()


@cache
def many(name: str) -> Log:
    return simulate(sample(name, n=MANY, seed=11), seconds=family(name).seconds)


def same(a: Log, b: Log) -> bool:
    names = [c for c in a.episodes if c != "episode_id"]
    pairs = ((a.tracks, b.tracks), (a.episodes[names], b.episodes[names]))
    return all(x.reset_index(drop=True).equals(y.reset_index(drop=True)) for x, y in pairs)


@pytest.mark.parametrize("name", NAMES)
def test_every_quantity_says_unit_source_and_status(name: str) -> None:
    kind = load_families()[name]
    assert kind.name == name
    assert kind.__doc__ is not None
    assert "lane" in kind.__doc__, "a sketch of the road belongs in the docstring"
    assert kind.tags
    for q in family(name).quantities:
        assert q.unit in UNITS
        assert q.status in STATUSES
        assert len(q.source) > 5
        assert all(column.endswith(f"_{q.unit}") for column in q.columns)


@pytest.mark.parametrize("name", NAMES)
def test_draws_stay_inside_the_support(name: str) -> None:
    kind = family(name)
    corners = np.vstack([np.full((1, kind.dimensions), u) for u in (1e-9, 0.5, 1 - 1e-9)])
    points = np.vstack([corners, np.random.default_rng(1).random((200, kind.dimensions))])
    draws = kind.draw(points)
    for q in kind.quantities:
        low, high = q.dist.support
        values = draws.values[q.name]
        assert np.isfinite(values).all()
        assert np.all((values >= low) & (values <= high))


@pytest.mark.parametrize("name", NAMES)
def test_scenes_are_valid_at_the_start(name: str) -> None:
    episode = sample(name, n=MANY, seed=11)
    users = episode.users
    for lane in range(episode.road.lane_count):
        there = users.present & (users.lane == lane)
        order = np.argsort(np.where(there, users.s, np.inf), axis=1)
        s, half, seen = (
            np.take_along_axis(values, order, axis=1)
            for values in (users.s, 0.5 * users.length, there)
        )
        gap = np.diff(s, axis=1) - half[:, 1:] - half[:, :-1]
        assert gap[seen[:, 1:]].min(initial=np.inf) > 1.0
    assert (users.s > 0).all()
    assert (users.s < episode.road.courses.length.min()).all()
    assert (users.speed >= 0).all()
    assert users.shape[1] >= 6, "an ego among too few others teaches little"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_has_happened_yet_in_the_first_second(name: str) -> None:
    first = find_conflicts(Rows.of(many(name)), LabelSettings()).query("start_frame <= 10")
    assert first["episode"].nunique() / MANY < 0.02


@pytest.mark.parametrize("name", NAMES)
def test_danger_is_as_frequent_as_declared(name: str) -> None:
    found = find_conflicts(Rows.of(many(name)), LabelSettings()).query("ego_id == 0")
    rate = found["episode"].nunique() / MANY
    low, high = family(name).danger
    slack = 2.5 * np.sqrt(max(rate, 0.01) * (1 - rate) / MANY)
    assert low - slack <= rate <= high + slack
    outcomes = many(name).episodes["outcome"].value_counts()
    assert outcomes["ordinary"] > 0.1 * MANY
    if low > 0:
        assert outcomes["near"] > 0
        assert 0 < outcomes["crash"] < 0.5 * high * MANY


@pytest.mark.parametrize("name", NAMES)
def test_the_same_bits_whatever_the_batch_and_the_threads(name: str) -> None:
    whole = simulate(sample(name, n=24, seed=3), seconds=8.0, threads=2)
    part = simulate(sample(name, n=5, seed=3, start=9), seconds=8.0, threads=1)
    assert same(whole.select(np.arange(9, 14)), part.select(np.arange(5)))
    assert part.episodes["episode_id"].tolist() == [f"{name}-3-{k:07d}" for k in range(9, 14)]


def pinned(kind: Family, name: str, u: float) -> Episode:
    quantity = next(q for q in kind.quantities if q.name == name)
    there = kind.with_overrides({name: Constant(float(quantity.dist.ppf(u)))})
    return dataclasses.replace(sample(there, n=60, seed=5), quantities={})


@pytest.mark.parametrize("name", NAMES)
def test_every_quantity_matters(name: str) -> None:
    kind = family(name)
    for q in kind.quantities:
        logs = [simulate(pinned(kind, q.name, u), seconds=kind.seconds) for u in (0.02, 0.98)]
        assert not logs[0].tracks.equals(logs[1].tracks), f"{name}.{q.name} changes nothing"


@pytest.mark.parametrize("name", NAMES)
def test_quantities_are_kept_with_the_episode(name: str) -> None:
    kept = many(name).episodes
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
    usual = many("lead_brakes").episodes["collided"].to_numpy()
    assert crash.mean() > 2 * usual.mean()
    assert abs(weight.mean() - 1) < 3 * weight.std() / np.sqrt(len(weight))
    spread = np.hypot((weight * crash).std() / np.sqrt(len(crash)), usual.std() / np.sqrt(MANY))
    assert abs((weight * crash).mean() - usual.mean()) < 3 * spread


def test_the_registry_is_not_empty() -> None:
    wanted = {"lead_brakes", "slow_lead", "queue_tail", "cut_in", "stop_and_go", "ordinary"}
    assert wanted <= set(NAMES)
    assert isinstance(many("ordinary").episodes, pd.DataFrame)
