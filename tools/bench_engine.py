"""How fast the engine is, beside what this machine can do: `python tools/bench_engine.py`.

Every figure is agent-steps per CPU-second on one thread, with MOBIL at every step, contact on
all pairs, TTC and DRAC to the leader and a log every 0.1 s. The peer is a plain fused loop: IDM
and Euler's step behind a fixed leader on the same number of vehicles, nothing else. Rounds are
interleaved, so that a slow minute of the machine falls on both; medians are printed and written
to bench.json, `low` and `high` are the extremes of the ratio, `at_least` is for `ours`.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit, thread_limit
from sim.laws.idm import idm
from sim.world.episode import Episode
from sim.world.kernel.records import LOGGED
from sim.world.road import straight
from sim.world.rollout import State, simulate
from sim.world.scene import Scene

STEPS = 200
DT = 0.1


def traffic(scenarios: int, vehicles: int, lanes: int = 3) -> Episode:
    """Vehicles of different speeds on a long road, 35 m apart, who may change at every step."""
    rng = np.random.default_rng(1)
    scene = Scene(scenarios, straight(lanes=lanes, length=1e6))
    for k in range(vehicles):
        scene.car(
            lane=k % lanes,
            s=35.0 * (k // lanes) + rng.uniform(-8.0, 8.0, scenarios),
            speed=rng.uniform(20.0, 30.0, scenarios),
            desired_speed=rng.uniform(22.0, 36.0, scenarios),
            change_pause_s=0.0,
        )
    return scene.episode(seed=1)


@njit
def plain_loop(s: NDArray[Any], v: NDArray[Any], log: NDArray[Any]) -> None:
    """IDM behind the next slot and Euler's step; s and v (B, N), log (B, T, N, 2)."""
    for b in range(s.shape[0]):
        for t in range(log.shape[1]):
            for i in range(s.shape[1]):
                gap, lead = 1e4, v[b, i]
                if i + 1 < s.shape[1]:
                    gap, lead = s[b, i + 1] - s[b, i] - 4.5, v[b, i + 1]
                a = idm(v[b, i], gap, lead, 33.3, 1.4, 1.4, 2.0, 2.0)
                v[b, i] = max(0.0, v[b, i] + DT * a)
                s[b, i] += DT * v[b, i]
                log[b, t, i, 0] = s[b, i]
                log[b, t, i, 1] = v[b, i]


def engine_rate(episode: Episode) -> float:
    """Agent-steps per CPU-second of the kernel, logging to arrays."""
    b, n = episode.users.shape
    state = State.of(episode, DT)
    log = np.zeros((b, STEPS + 1, n, LOGGED), np.float32)
    logged = np.zeros(log.shape[:3], np.bool_)
    return _rate(lambda: state.run(0, STEPS, 1, True, log, logged), b * n * STEPS)


def table_rate(episode: Episode) -> float:
    """The same from Episode to Log, tables included."""
    b, n = episode.users.shape
    return _rate(lambda: simulate(episode, seconds=STEPS * DT), b * n * STEPS)


def plain_rate(scenarios: int, vehicles: int) -> float:
    """Agent-steps per CPU-second of the plain loop."""
    s = np.tile(np.arange(vehicles) * 35.0, (scenarios, 1))
    v = np.full_like(s, 25.0)
    log = np.zeros((scenarios, STEPS, vehicles, 2), np.float32)
    return _rate(lambda: plain_loop(s, v, log), s.size * STEPS)


def _rate(work: Callable[[], Any], count: int) -> float:
    begin = time.process_time()
    work()
    return count / (time.process_time() - begin)


def figure(name: str, ours: list[float], peer: list[float], least: float | None) -> dict[str, Any]:
    """One line of bench.json."""
    ratios = [a / b for a, b in zip(ours, peer)]
    return {
        "name": name,
        "ours": statistics.median(ours),
        "peer": statistics.median(peer),
        "ratio": statistics.median(ratios),
        "low": min(ratios),
        "high": max(ratios),
        "unit": "agent-steps/s",
        "at_least": least,
    }


def measure(rounds: int) -> list[dict[str, Any]]:
    """All figures, their rounds interleaved."""
    twenty, crowd = traffic(96, 20), traffic(3, 500)
    work: dict[str, Callable[[], float]] = {
        "kernel 20": lambda: engine_rate(twenty),
        "tables 20": lambda: table_rate(twenty),
        "kernel 500": lambda: engine_rate(crowd),
        "plain 20": lambda: plain_rate(96, 20),
    }
    for run in work.values():
        run()  # compiled and warm
    rates: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, run in work.items():
            rates[name].append(run())
    plain = rates["plain 20"]
    return [
        figure("engine, 20 vehicles on 3 lanes / plain loop", rates["kernel 20"], plain, 3e6),
        figure("simulate to tables, the same / plain loop", rates["tables 20"], plain, None),
        figure(
            "engine, 500 vehicles in one scene / 20 vehicles",
            rates["kernel 500"],
            rates["kernel 20"],
            None,
        ),
    ]


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--out", type=Path, default=Path("bench.json"))
    options = parser.parse_args()
    begin = time.process_time()
    simulate(traffic(1, 3), seconds=1.0)
    print(f"first call (compiled, or from the cache): {time.process_time() - begin:.1f} CPU-s")
    with thread_limit(1):
        figures = measure(max(5, options.rounds))
    for f in figures:
        print(
            f"{f['name']:50} {f['ours'] / 1e6:6.2f} M / {f['peer'] / 1e6:6.2f} M = {f['ratio']:.2f}"
            f" [{f['low']:.2f}, {f['high']:.2f}]"
        )
    versions = {"python": platform.python_version(), "numpy": np.__version__}
    versions["numba"] = numba.__version__
    options.out.write_text(json.dumps({"figures": figures, "versions": versions}, indent=2) + "\n")
    print(options.out)


if __name__ == "__main__":
    main()
