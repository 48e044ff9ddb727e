"""Every family: the same bits on any threads, in any batch, in one go or taken up again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from marks import compiled

from sim.family import load_families
from sim.sampling import generate, sample
from sim.world.log import Log
from sim.world.rollout import simulate

NAMES = sorted(load_families())


def alike(a: Log, b: Log) -> None:
    """Raise where two logs differ in a single bit."""
    pd.testing.assert_frame_equal(a.tracks, b.tracks, check_exact=True)
    pd.testing.assert_frame_equal(a.episodes, b.episodes, check_exact=True)


def check_threads(name: str, n: int, seconds: float) -> None:
    episode = sample(name, n=n, seed=21)
    one, two = (simulate(episode, seconds=seconds, threads=k) for k in (1, 2))
    alike(one, two)
    assert len(one.tracks) > n * 5 * seconds


def check_batch(name: str, n: int, alone: list[int], seconds: float) -> None:
    together = simulate(sample(name, n=n, seed=22), seconds=seconds)
    codes = together.tracks["episode_id"].cat.codes.to_numpy()
    for k in alone:
        single = simulate(sample(name, n=1, seed=22, start=k), seconds=seconds)
        mine = together.tracks[codes == k].reset_index(drop=True)
        mine["episode_id"] = mine["episode_id"].cat.remove_unused_categories()
        row = together.episodes.iloc[[k]].reset_index(drop=True)
        alike(single, Log(row, mine))


def hashes(out: Path) -> dict[str, str]:
    files = sorted(p for p in out.rglob("*") if p.is_file())
    return {
        p.relative_to(out).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files
    }


def check_resume(name: str, tmp_path: Path, n: int, shard: int, seconds: float) -> None:
    settings = {"n": n, "seed": 23, "seconds": seconds, "shard": shard, "progress": False}
    whole = generate(name, out=tmp_path / "whole", **settings)
    stopped = generate(name, out=tmp_path / "stopped", **settings)
    for path in stopped.rglob("part-*.parquet"):
        if int(path.stem.removeprefix("part-")) >= 1:
            path.unlink()
    manifest = json.loads((stopped / "manifest.json").read_text())
    begun = {k: manifest[k] for k in ("schema", "configuration")} | {"complete": False}
    (stopped / "manifest.json").write_text(json.dumps(begun))
    assert hashes(stopped) != hashes(whole)
    generate(name, out=stopped, **settings)
    assert hashes(stopped) == hashes(whole)


@compiled
@pytest.mark.parametrize("name", NAMES)
def test_one_thread_and_two(name: str) -> None:
    check_threads(name, 24, 6.0)


@compiled
@pytest.mark.parametrize("name", NAMES)
def test_alone_and_among_many(name: str) -> None:
    check_batch(name, 64, [0, 31, 63], 5.0)


@compiled
@pytest.mark.parametrize("name", NAMES)
def test_in_one_go_and_taken_up_again(name: str, tmp_path: Path) -> None:
    check_resume(name, tmp_path, n=12, shard=5, seconds=2.0)


@compiled
@pytest.mark.soak
@pytest.mark.parametrize("name", NAMES)
def test_all_of_it_at_full_length(name: str, tmp_path: Path) -> None:
    seconds = load_families()[name]().seconds
    check_threads(name, 500, seconds)
    alone = np.random.default_rng(1).integers(0, 1024, 12).tolist()
    check_batch(name, 1024, [0, 1023, *alone], seconds)
    check_resume(name, tmp_path, n=600, shard=256, seconds=seconds)
