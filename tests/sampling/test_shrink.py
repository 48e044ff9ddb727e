"""Minimal failing cases: on boundaries that are known, and of episodes that crash."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from marks import compiled
from numpy.typing import NDArray

from sim.base.errors import UserError
from sim.cli.main import main
from sim.family import Concrete, concrete_of, load_concrete, load_families, save_concrete
from sim.sampling import episodes_of, generate, run_family, sample
from sim.sampling.search.candidates import Failure
from sim.sampling.search.shrink import Shrunk, fewest, shrink, smallest
from sim.world.log import Log

Floats = NDArray[np.float64]
START = np.array([0.4, -1.0, 2.0, 1.5, -0.3, 0.8, 3.0, -2.5])


def corner(z: Floats) -> NDArray[np.bool_]:
    """Fails beyond 1 in one coordinate and below -0.5 in another."""
    return (z[:, 3] > 1.0) & (z[:, 7] < -0.5)


def test_what_does_not_matter_is_put_back_and_the_rest_to_the_boundary() -> None:
    z = smallest(START, corner)
    assert np.flatnonzero(z).tolist() == [3, 7]
    assert corner(z[None])[0]
    assert z[3] == pytest.approx(1.0, abs=1.5 / 256)
    assert z[7] == pytest.approx(-0.5, abs=2.5 / 256)


def test_of_two_ways_to_fail_one_is_left() -> None:
    def either(z: Floats) -> NDArray[np.bool_]:
        return (z[:, 2] + z[:, 6] > 4.0) | (z[:, 5] > 0.5)

    z = smallest(START, either)
    assert np.flatnonzero(z).tolist() == [5]
    assert z[5] == pytest.approx(0.5, abs=0.01)


def test_no_coordinate_that_is_left_can_be_put_back() -> None:
    rng = np.random.default_rng(4)
    for _ in range(20):
        weights = rng.normal(size=(3, 8)) * (rng.random((3, 8)) < 0.5)
        reached = weights @ START
        least = reached - 0.5 * np.abs(reached)

        def fails(z: Floats, weights: Floats = weights, least: Floats = least) -> NDArray[np.bool_]:
            return np.asarray((z @ weights.T >= least).all(axis=1))

        assert fails(START[None])[0]
        few, near = fewest(START, fails), smallest(START, fails)
        for point in (few, near):
            for k in np.flatnonzero(point):
                without = point.copy()
                without[k] = 0.0
                assert not fails(without[None])[0]
        assert fails(near[None])[0]
        assert np.linalg.norm(near) <= np.linalg.norm(few) + 1e-12
        assert (np.sign(near) * np.sign(START) >= 0.0).all()


def test_a_point_that_always_fails_becomes_ordinary() -> None:
    assert not smallest(START, lambda z: np.ones(len(z), np.bool_)).any()


def crashes(name: str, n: int, seed: int) -> list[Concrete]:
    family = load_families()[name]()
    log = run_family(family, sample(family, n=n, seed=seed))
    rows = log.episodes[log.episodes["collided"]]
    return [concrete_of(family, rows.iloc[k].to_dict()) for k in range(len(rows))]


def run_of(frozen: Concrete) -> Log:
    episode = episodes_of(frozen.family, frozen.draws, seed=frozen.seed, start=frozen.episode)
    return run_family(frozen.family, episode, seconds=frozen.seconds)


@pytest.fixture(scope="module")
def shrunk() -> Shrunk:
    return shrink(crashes("lead_brakes", 24, 0)[0])


@compiled
def test_the_case_fails_alike_when_it_is_run_as_any_episode(shrunk: Shrunk, tmp_path: Path) -> None:
    path = save_concrete(shrunk.after, tmp_path / "case.yaml")
    log = run_of(load_concrete(path))
    ego = log.outcomes[log.outcomes["track_id"] == 0].iloc[0]
    assert ego["collided"]
    assert ego["other_id"] == shrunk.failure.other
    assert not run_of(shrunk.ordinary).episodes["collided"].iloc[0]


@compiled
def test_few_values_are_left_and_each_is_needed(shrunk: Shrunk) -> None:
    before, after = shrunk.distance
    family = shrunk.before.family
    assert 0 < len(shrunk.changes) < 6 < len(family.space)
    assert after < 0.4 * before
    assert after == pytest.approx(np.linalg.norm(shrunk.changes["sd"]))
    u = family.point(shrunk.after.draws)
    assert shrunk.failure.holds(u)[0]
    names = [axis.name for axis in family.space.axes]
    for name in shrunk.changes["quantity"]:
        without = u.copy()
        without[0, names.index(name)] = 0.5
        assert not shrunk.failure.holds(without)[0], name


@compiled
def test_candidates_have_the_noise_of_the_frozen_one() -> None:
    for frozen in crashes("cut_in", 40, 2)[:3]:
        failure = Failure.of(frozen)
        u = np.repeat(frozen.family.point(frozen.draws), 3, axis=0)
        assert failure.holds(u).tolist() == [True] * 3
        log = run_of(frozen)
        assert log.outcomes["other_id"].iloc[0] == failure.other


@compiled
def test_who_does_not_fail_is_refused() -> None:
    family = load_families()["ordinary"]()
    log = run_family(family, sample(family, n=1, seed=3))
    frozen = concrete_of(family, log.episodes.iloc[0].to_dict())
    with pytest.raises(UserError, match="expected one with a crash or event, got one without"):
        shrink(frozen)
    with pytest.raises(UserError, match="expected one with a crash, got one without"):
        shrink(frozen, what="crash")


@compiled
def test_the_command_writes_a_case_that_is_minimal_already(tmp_path: Path, capsys) -> None:
    run = generate("cut_in", n=6, seed=0, out=tmp_path / "run", progress=False)
    assert main(["shrink", str(run), f"out={tmp_path / 'one'}"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[-1] == str(tmp_path / "one" / "case.yaml")
    assert told[0].startswith("from ordinary: ")
    assert {p.name for p in (tmp_path / "one").iterdir()} == {
        "case.yaml",
        "cases.png",
        "changes.csv",
        "config.yaml",
    }
    assert main(["shrink", told[-1], f"out={tmp_path / 'two'}"]) == 0
    again = capsys.readouterr().out.splitlines()
    assert len(again) <= len(told)
    first, second = (load_concrete(tmp_path / at / "case.yaml") for at in ("one", "two"))
    lengths = [case.about["sd_from_ordinary"] for case in (first, second)]
    assert 0.9 * lengths[0] <= lengths[1] <= lengths[0]
    assert main(["shrink", str(run), "episode=cut_in-0-0000009", f"out={tmp_path / 'x'}"]) == 2
    assert not (tmp_path / "x").exists()
