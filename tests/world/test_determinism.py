"""The same bits whatever the threads, the batch, the pieces, or whether compiled at all."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from marks import compiled

from sim.world import rollout
from sim.world.episode import Episode
from sim.world.road import straight
from sim.world.rollout import simulate
from sim.world.scene import Scene

ROOT = Path(__file__).resolve().parents[2]


def lively(n: int) -> Episode:
    """Everything that can differ: noise, lapses, delays, orders, changes, entering, contact."""
    rng = np.random.default_rng(4)
    scene = Scene(
        n, straight(lanes=3, length=600.0, drops=[(0, 450.0)], stops=[(500.0, 20.0, 9.0, 0.0)])
    )
    ego = scene.car(
        lane=1,
        s=60.0,
        speed=25.0,
        reaction_s=rng.uniform(0.0, 1.5, n),
        lapse_rate_per_s=0.3,
        changes_lanes=0,
    )
    lead = scene.car(lane=1, ahead_of=ego, gap=rng.uniform(3.0, 60.0, n), speed=25.0, law="free")
    scene.when(lead, time_s=rng.uniform(0.5, 3.0, n)).brake(rng.uniform(2.0, 8.0, n))
    for k in range(6):
        scene.car(
            lane=k % 3,
            s=20.0 - 10.0 * (k // 3),
            speed=rng.uniform(18.0, 30.0, n),
            enter_s=rng.uniform(0.0, 4.0, n),
            law=("idm", "gipps", "krauss")[k % 3],
            speed_noise=0.1,
            accel_noise=0.3,
            sway_m=0.15,
            lapse_rate_per_s=0.1,
            reaction_s=0.4,
        )
    cutter = scene.car(lane=2, ahead_of=ego, gap=30.0, speed=22.0)
    scene.when(cutter, ttc_s=4.0, to=ego, delay_s=0.13).lane(1, lateral_speed=1.5)
    return scene.episode(seed=9)


@compiled
def test_one_thread_and_two_give_the_same_bits() -> None:
    episode = lively(48)
    one = simulate(episode, seconds=12.0, threads=1)
    two = simulate(episode, seconds=12.0, threads=2)
    pd.testing.assert_frame_equal(one.tracks, two.tracks, check_exact=True)
    pd.testing.assert_frame_equal(one.episodes, two.episodes, check_exact=True)
    assert one.episodes["outcome"].nunique() == 3


@compiled
def test_alone_and_among_a_thousand_give_the_same_bits() -> None:
    episode = lively(1024)
    together = simulate(episode, seconds=8.0)
    codes = together.tracks["episode_id"].cat.codes.to_numpy()
    for k in (0, 511, 1023):
        alone = simulate(episode.take(np.array([k])), seconds=8.0)
        mine = together.tracks[codes == k].drop(columns="episode_id").reset_index(drop=True)
        pd.testing.assert_frame_equal(
            alone.tracks.drop(columns="episode_id"), mine, check_exact=True
        )
        pd.testing.assert_frame_equal(
            alone.episodes, together.episodes.iloc[[k]].reset_index(drop=True), check_exact=True
        )


@compiled
def test_a_run_in_pieces_gives_the_same_bits(monkeypatch) -> None:
    episode = lively(8)
    whole = simulate(episode, seconds=10.0, dt=0.05)
    monkeypatch.setattr(rollout, "PIECE_BYTES", 3 * 9 * 6 * 4 * 7)
    monkeypatch.setattr(rollout, "LEAST_BATCH", 3)
    pieces = simulate(episode, seconds=10.0, dt=0.05)
    pd.testing.assert_frame_equal(whole.tracks, pieces.tracks, check_exact=True)
    pd.testing.assert_frame_equal(whole.episodes, pieces.episodes, check_exact=True)


def test_another_seed_gives_another_course() -> None:
    episode = lively(8)
    other = Episode(**{**episode.__dict__, "seed": 10})
    a, b = simulate(episode, seconds=5.0), simulate(other, seconds=5.0)
    assert not a.tracks["speed_mps"].equals(b.tracks["speed_mps"])


@compiled
def test_plain_python_runs_the_same_course(tmp_path: Path) -> None:
    code = (
        "import sys; sys.path[:0] = ['tests', 'tests/world']\n"
        "from test_determinism import lively, simulate\n"
        f"simulate(lively(4), seconds=4.0).tracks.to_parquet({str(tmp_path / 'plain.parquet')!r})\n"
    )
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, "-W", "error", "-c", code], check=True, cwd=ROOT, env=environment
    )
    plain = pd.read_parquet(tmp_path / "plain.parquet")
    compiled = simulate(lively(4), seconds=4.0).tracks
    assert len(plain) == len(compiled)
    for name in ("x_m", "y_m", "yaw_rad", "speed_mps"):
        np.testing.assert_allclose(plain[name], compiled[name], atol=1e-4)
