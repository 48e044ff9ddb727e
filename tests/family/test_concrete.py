"""Frozen draws: written, read and replayed bit for bit, from every family."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from family_example import GOOD

from sim.base.errors import UserError
from sim.family import (
    Concrete,
    concrete_of,
    load_concrete,
    load_families,
    load_variant,
    save_concrete,
)
from sim.sampling import Importance, episodes_of, pilot, run_family, sample
from sim.world.log import Log


def rerun(concrete: Concrete) -> Log:
    episode = episodes_of(
        concrete.family, concrete.draws, seed=concrete.seed, start=concrete.episode
    )
    return run_family(concrete.family, episode, seconds=concrete.seconds)


def same_tracks(log: Log, k: int, again: Log) -> bool:
    columns = [name for name in log.tracks if name != "episode_id"]
    mine = log.tracks[log.tracks["episode_id"] == log.episodes["episode_id"].iloc[k]]
    return bool(mine[columns].reset_index(drop=True).equals(again.tracks[columns]))


@pytest.mark.parametrize("name", sorted(load_families()))
def test_an_episode_of_a_run_comes_back_from_its_file(name: str, tmp_path: Path) -> None:
    family = load_families()[name]()
    log = run_family(family, sample(family, n=3, seed=9, start=5), seconds=4.0)
    frozen = concrete_of(family, log.episodes.iloc[1].to_dict(), seconds=4.0)
    read = load_concrete(save_concrete(frozen, tmp_path / "frozen.yaml"))
    assert (read.seed, read.episode, read.seconds) == (9, 6, 4.0)
    for q, values in frozen.values.items():
        assert np.array_equal(read.values[q], values)
    assert same_tracks(log, 1, rerun(read))


def test_a_draw_of_a_variant_under_importance_sampling_too(tmp_path: Path) -> None:
    path = tmp_path / "wet.yaml"
    path.write_text(GOOD)
    family = load_variant(path)
    sampler = pilot(family, Importance(pilot_rounds=1, pilot_size=64), seed=1, seconds=5.0)
    log = run_family(family, sample(family, n=4, seed=2, sampler=sampler), seconds=5.0)
    row = log.episodes.iloc[3].to_dict()
    read = load_concrete(save_concrete(concrete_of(family, row, 5.0), tmp_path / "c.yaml"))
    assert read.name == "wet_cut_in"
    assert read.family.overrides == family.overrides
    assert read.family.terms == family.terms
    assert read.about["log_weight"] == row["log_weight"]
    assert same_tracks(log, 3, rerun(read))


@pytest.fixture
def text(tmp_path: Path) -> str:
    family = load_families()["stop_and_go"]()
    log = run_family(family, sample(family, n=1, seed=3), seconds=1.0)
    path = save_concrete(concrete_of(family, log.episodes.iloc[0].to_dict()), tmp_path / "c.yaml")
    return path.read_text()


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("speed", "fast", "values.speed: expected a finite number, got 'fast'"),
        ("speed", ".nan", "values.speed: expected a finite number"),
        ("speed", "500", "values.speed: expected 4 to 18, got 500"),
        ("depth", "[0.4, -10]", "values.depth: expected 0.1 to 1, got [0.4, -10]"),
        ("speed", "[12.0]", "values.speed: expected a finite number"),
        ("depth", "[0.1]", "values.depth: expected a list of 2 finite numbers, got [0.1]"),
        ("depth", "0.5", "values.depth: expected a list of 2 finite numbers"),
        ("speed", None, "values.speed: a value is needed"),
        ("speeed", "3", "did you mean 'speed'"),
        ("seed", "-1", "seed: expected a whole number of at least 0"),
        ("episode", "1.5", "episode: expected a whole number"),
        ("seconds", "0", "seconds: expected tenths of a second"),
        ("base", "stop_an_go", "did you mean 'stop_and_go'"),
        ("closecall", "logical/1", "expected concrete/1, got 'logical/1'"),
        ("warp", "9", "unknown name 'warp'"),
    ],
)
def test_mistakes_name_file_line_and_key(
    tmp_path: Path, text: str, key: str, value: Any, said: str
) -> None:
    lines, top = [], {"seed", "episode", "seconds", "base", "closecall"}
    for line in text.splitlines():
        if line.strip().split(":")[0] == key:
            line = f"{line.split(':')[0]}: {value}" if value is not None else ""
        lines.append(line)
    if key == "speeed":
        lines.insert(lines.index("values:") + 1, f"  {key}: {value}")
    elif key not in top and not any(f"  {key}:" in line for line in lines) and value is not None:
        lines.append(f"{key}: {value}")
    path = tmp_path / "wrong.yaml"
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(UserError) as caught:
        load_concrete(path)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{path}:")
    assert "\n" not in str(caught.value)


def concrete(tmp_path: Path, name: str, old: str = "", new: str = "") -> Path:
    family = load_families()[name]()
    log = run_family(family, sample(family, n=1, seed=3), seconds=1.0)
    path = save_concrete(concrete_of(family, log.episodes.iloc[0].to_dict()), tmp_path / "c.yaml")
    lines = [new if line.strip().startswith(old) else line for line in path.read_text().split("\n")]
    path.write_text("\n".join(lines if old else path.read_text().split("\n")))
    return path


def test_a_value_of_a_choice_is_one_of_its_own(tmp_path: Path) -> None:
    path = concrete(tmp_path, "child_runs", "wet:", "  wet: 0.5")
    with pytest.raises(UserError, match=r"c.yaml:\d+: values.wet: expected 0 or 1, got 0.5$"):
        load_concrete(path)
    assert load_concrete(concrete(tmp_path, "child_runs", "wet:", "  wet: 1.0000000000000002"))


def test_a_value_that_no_scene_can_have_is_told_with_file_and_line(tmp_path: Path) -> None:
    path = concrete(tmp_path, "slow_lead", "speed:", "  speed: -25.0")
    path.write_text(path.read_text() + "distributions: {speed: -25}\n")
    with pytest.raises(UserError, match=r"c.yaml:\d+: Users: speed: expected .* got -25.0$"):
        load_concrete(path)


def test_another_version_is_told_and_read_all_the_same(tmp_path: Path) -> None:
    path = concrete(tmp_path, "slow_lead")
    assert load_concrete(path).told() is None
    lines = [line for line in path.read_text().split("\n") if not line.startswith("version")]
    path.write_text("\n".join(["version: 99.1", *lines]))
    told = load_concrete(path).told()
    assert told is not None
    assert "written by version 99.1, this is " in told


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("episode_id", "nonumber", "episode_id: expected an id that ends in -NUMBER"),
        ("episode_id", "a-" + "9" * 30, "episode_id: expected an id that ends in -NUMBER"),
        ("seed", -1, "seed: expected a whole number of at least 0, got -1"),
        ("q.speed_mps", float("nan"), "q.speed_mps: expected a finite number, got nan"),
        ("q.speed_mps", "fast", "q.speed_mps: expected a finite number, got 'fast'"),
    ],
)
def test_a_row_of_a_stranger_is_looked_at(column: str, value: Any, said: str) -> None:
    family = load_families()["slow_lead"]()
    log = run_family(family, sample(family, n=1, seed=3), seconds=1.0)
    with pytest.raises(UserError) as caught:
        concrete_of(family, log.episodes.iloc[0].to_dict() | {column: value})
    assert said in str(caught.value)
