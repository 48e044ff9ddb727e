"""SUMO by libsumo, in this process: no window, no output files, steps of 0.1 s.

What it does: IDM and LC2013 with its defaults at every step, leaders by lane, and a check for
overlap with the leader on the lane (no boxes, no all pairs). A change of lane takes one step.
With metrics: its SSM device on every vehicle, TTC, DRAC and PET within 50 m, its conflicts
written to /dev/null. Loading is not measured but in episodes, where it is the reset: scenarios
differ, and only loading a route file brings another. `reloaded` repeats one scenario from a saved
state, SUMO's faster way back to a start.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sized
from pathlib import Path

import libsumo
import traci.constants as tc

from tools.bench.peers.sumo_files import network, routes
from tools.bench.traffic import DT_S, RANGE_M, STEPS
from tools.bench.worker import Clock, Job, serve

SCENARIOS = 8  # of each size, driven in turn
METRICS = {
    "--device.ssm.probability": "1",
    "--device.ssm.measures": "TTC DRAC PET",
    "--device.ssm.range": f"{RANGE_M:g}",
    "--device.ssm.file": "/dev/null",
}
READ = [tc.VAR_POSITION, tc.VAR_SPEED, tc.VAR_ANGLE, tc.VAR_LANE_INDEX]


class Sumo:
    """Scenarios of n vehicles on disk, and how to load them."""

    def __init__(self, vehicles: int, options: dict[str, str] | None = None) -> None:
        self.vehicles = vehicles
        self._options = [word for pair in (options or {}).items() for word in pair]
        self._folder = tempfile.TemporaryDirectory()
        self.path = Path(self._folder.name)
        (self.path / "net.xml").write_text(network())
        for seed in range(SCENARIOS):
            (self.path / f"{seed}.xml").write_text(routes(vehicles, seed))
        if not libsumo.isLoaded():
            libsumo.start(["sumo", *self._arguments(0)])

    def load(self, seed: int) -> None:
        """Load one scenario; its vehicles enter in the first step."""
        libsumo.load(self._arguments(seed % SCENARIOS))

    def check(self, steps: int) -> None:
        """Raise unless every vehicle is on the road after so many steps."""
        there, now = libsumo.vehicle.getIDCount(), libsumo.simulation.getTime()
        if there != self.vehicles or abs(now - steps * DT_S) > 1e-6:
            raise RuntimeError(f"{there} of {self.vehicles} vehicles are on the road at {now} s")

    def _arguments(self, seed: int) -> list[str]:
        files = ["-n", str(self.path / "net.xml"), "-r", str(self.path / f"{seed}.xml")]
        quiet = ["--no-step-log", "--no-warnings", "--duration-log.disable"]
        return [*files, *quiet, "--step-length", "0.1", "--seed", str(seed), *self._options]


def drive(sumo: Sumo, repeats: int) -> Job:
    """Agent-steps of runs of 20 s, from the step after everybody has entered."""

    def job(clock: Clock) -> float:
        for seed in range(repeats):
            sumo.load(seed)
            libsumo.simulationStep()
            sumo.check(1)
            with clock:
                libsumo.simulationStep((STEPS + 1) * DT_S)  # one call, all steps
            sumo.check(STEPS + 1)
        return repeats * STEPS * sumo.vehicles

    return job


def read(sumo: Sumo, repeats: int, subscribed: bool) -> Job:
    """Steps after each of which x, y, speed, angle and lane of all are read."""

    def job(clock: Clock) -> float:
        for seed in range(repeats):
            sumo.load(seed)
            libsumo.simulationStep()
            sumo.check(1)
            get = _subscriptions() if subscribed else _getters()
            with clock:
                for _ in range(STEPS):
                    libsumo.simulationStep()
                    state = get()
            if len(state) != sumo.vehicles:
                raise RuntimeError(f"the state of {len(state)} vehicles was read")
        return repeats * STEPS

    return job


def _subscriptions() -> Callable[[], Sized]:
    for name in libsumo.vehicle.getIDList():
        libsumo.vehicle.subscribe(name, READ)
    return lambda: libsumo.vehicle.getAllSubscriptionResults()


def _getters() -> Callable[[], Sized]:
    v = libsumo.vehicle
    names = v.getIDList()
    return lambda: [
        (v.getPosition(i), v.getSpeed(i), v.getAngle(i), v.getLaneIndex(i)) for i in names
    ]


def faster_read(sumo: Sumo, repeats: int) -> Job:
    """The faster of the two ways to read on this machine."""
    jobs = [read(sumo, repeats, subscribed) for subscribed in (True, False)]
    clocks = [Clock(), Clock()]
    for _ in range(2):
        for job, clock in zip(jobs, clocks):
            job(clock)
    return jobs[0] if clocks[0].cpu_s < clocks[1].cpu_s else jobs[1]


def episodes(sumo: Sumo, repeats: int) -> Job:
    """Whole episodes of 20 s, each a scenario that has to be loaded."""

    def job(clock: Clock) -> float:
        with clock:
            for seed in range(repeats):
                sumo.load(seed)
                libsumo.simulationStep(STEPS * DT_S)
        sumo.check(STEPS)
        return repeats

    return job


def reloaded(sumo: Sumo, repeats: int) -> Job:
    """Whole episodes of 20 s, all the same one, from a saved state."""
    state = str(sumo.path / "state.xml")
    sumo.load(0)
    libsumo.simulation.saveState(state)

    def job(clock: Clock) -> float:
        sumo.load(0)
        with clock:
            for _ in range(repeats):
                libsumo.simulation.loadState(state)
                libsumo.simulationStep(STEPS * DT_S)
        sumo.check(STEPS)
        return repeats

    return job


if __name__ == "__main__":
    serve(
        {
            "plain 20": lambda: drive(Sumo(20), repeats=40),
            "plain 50": lambda: drive(Sumo(50), repeats=24),
            "metrics 20": lambda: drive(Sumo(20, METRICS), repeats=16),
            "metrics 50": lambda: drive(Sumo(50, METRICS), repeats=6),
            "read 20": lambda: faster_read(Sumo(20), repeats=16),
            "episodes": lambda: episodes(Sumo(10), repeats=40),
            "episodes reloaded": lambda: reloaded(Sumo(10), repeats=40),
        }
    )
