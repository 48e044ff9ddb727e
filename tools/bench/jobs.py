"""Closecall's jobs: how much of what is done under the clock."""

from __future__ import annotations

from collections.abc import Callable

from sim.family import load_families
from sim.sampling import sample
from sim.world.rollout import State, simulate
from tools.bench import machine
from tools.bench.ours import (
    Lidar,
    Live,
    metrics_state,
    run,
    scene_of,
    starts,
)
from tools.bench.traffic import DT_S, REACH_M, STEPS
from tools.bench.worker import Clock, Job, serve


def engine(scenarios: int, vehicles: int, threads: int = 1) -> Job:
    """Agent-steps of the kernel, logging to arrays."""
    episode = scene_of(starts(scenarios, vehicles))

    def job(clock: Clock) -> float:
        state = State.of(episode, DT_S, threads=threads)
        with clock:
            logged = run(state)
        return float(logged[:, 1:].sum())

    return job


def metrics(scenarios: int, vehicles: int) -> Job:
    """The same with safety metrics."""
    episode = scene_of(starts(scenarios, vehicles))

    def job(clock: Clock) -> float:
        state = metrics_state(episode)
        with clock:
            logged = run(state)
        return float(logged[:, 1:].sum())

    return job


def tables(scenarios: int, vehicles: int) -> Job:
    """Agent-steps from Episode to Log, state and tables included."""
    episode = scene_of(starts(scenarios, vehicles))

    def job(clock: Clock) -> float:
        with clock:
            log = simulate(episode, seconds=STEPS * DT_S)
        return float((log.tracks["frame"] > 0).sum())

    return job


def episodes(scenarios: int, calls: int) -> Job:
    """Episodes of 10 vehicles for 20 s, from Scene to the end of the run."""
    batches = [starts(scenarios, 10, first=call * scenarios) for call in range(calls)]

    def job(clock: Clock) -> float:
        with clock:
            for columns in batches:
                run(State.of(scene_of(columns), DT_S))
        return scenarios * calls

    return job


def live(runs: int) -> Job:
    """Steps of one scenario of 20 vehicles with its state read."""
    each = [scene_of(starts(1, 20, first=seed)) for seed in range(runs)]

    def job(clock: Clock) -> float:
        for episode in each:
            simulation = Live(episode)
            with clock:
                for _ in range(STEPS):
                    simulation.step()
        return len(each) * STEPS

    return job


def rays(scenes: int) -> Job:
    """Rays of full scans, one a scene."""
    lidar = Lidar(scenes)

    def job(clock: Clock) -> float:
        with clock:
            ranges = lidar.scan()
        if not (ranges < REACH_M).any():
            raise RuntimeError("no ray hit anything")
        return ranges.size

    return job


def scenes(family: str, n: int) -> Job:
    """Scenes of a family from a seed to an Episode: points, quantities, constraints, arrays."""
    kind = load_families()[family]()

    def job(clock: Clock) -> float:
        with clock:
            episode = sample(kind, n=n, seed=1)
        return float(len(episode))

    return job


def threads(n: int) -> Job:
    """Agent-steps of a batch on n threads, by wall-clock time."""
    return engine(512, 20, n)


JOBS: dict[str, Callable[[], Job]] = {
    "engine 20": lambda: engine(320, 20),
    "engine 50": lambda: engine(128, 50),
    "engine 500": lambda: engine(12, 500),
    "metrics 20": lambda: metrics(320, 20),
    "metrics 50": lambda: metrics(128, 50),
    "tables 20": lambda: tables(320, 20),
    "episodes": lambda: episodes(scenarios=512, calls=1),
    "episodes one by one": lambda: episodes(scenarios=1, calls=100),
    "live": lambda: live(runs=20),
    "rays": lambda: rays(2000),
    "one thread": lambda: threads(1),
    "two threads": lambda: threads(2),
    "scenes, five cars": lambda: scenes("cut_out", 20_000),
    "scenes, eleven cars": lambda: scenes("cut_in", 20_000),
    "scenes, two cars": lambda: scenes("r157_cut_in", 100_000),
    "plain loop": lambda: machine.plain(320, 20),
    "copies": machine.copies,
}

if __name__ == "__main__":
    serve(JOBS)
