"""The benchmark's arithmetic, its order of rounds, its children and its files; no speeds."""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest

from tools.bench import cold, jobs
from tools.bench.__main__ import as_json, chosen, starters
from tools.bench.child import Child, MissingError, Result
from tools.bench.environments import PEERS, requirements
from tools.bench.figures import Line, Side, figure, value
from tools.bench.page import number, page, told
from tools.bench.peers.sumo_files import network, routes
from tools.bench.plan import plan
from tools.bench.rounds import measure
from tools.bench.traffic import LANES, ROAD_M, boxes, cars, directions

OURS, PEER = Side("ours", "drive"), Side("peer", "drive")
LINE = Line("ours / peer", OURS, PEER, "steps/s", at_least=2.0, hoped=4.0)


def results(*counts: float, cpu_s: float = 2.0) -> list[Result]:
    return [Result(count=count, cpu_s=cpu_s, wall_s=4.0) for count in counts]


class Fake:
    """A child that counts its rounds and can do only what it is told it can."""

    def __init__(self, name: str, can: dict[str, float], calls: list[str]) -> None:
        self.name, self.can, self.calls = name, can, calls

    def setup(self, job: str) -> None:
        if job not in self.can:
            raise MissingError(f"{self.name} has no {job}")

    def round(self, job: str) -> Result:
        self.calls.append(f"{self.name} {job}")
        return Result(self.can[job], 1.0, 1.0)

    def close(self) -> None:
        self.calls.append(f"{self.name} closed")


def fake(name: str, can: dict[str, float], calls: list[str]) -> Callable[[], Child]:
    return lambda: cast(Child, Fake(name, can, calls))


def test_a_round_is_per_cpu_second_per_second_or_the_value_itself() -> None:
    one = Result(count=30.0, cpu_s=2.0, wall_s=3.0)
    assert [value(one, per) for per in ("cpu", "wall", "value")] == [15.0, 10.0, 30.0]


def test_ratios_are_taken_round_by_round() -> None:
    # rates 10, 20, 60 beside 5, 5, 10: ratios 2, 4, 6, while 20 / 5 is 4 by chance only
    found = figure(LINE, results(20.0, 40.0, 120.0), results(10.0, 10.0, 20.0))
    assert asdict(found) == {
        "name": "ours / peer",
        "ours": 20.0,
        "peer": 5.0,
        "ratio": 4.0,
        "low": 2.0,
        "high": 6.0,
        "unit": "steps/s",
        "at_least": 2.0,
    }


def test_a_slow_minute_of_both_changes_no_ratio() -> None:
    steady = figure(LINE, results(20.0, 20.0, 20.0), results(10.0, 10.0, 10.0))
    uneven = figure(LINE, results(20.0, 2.0, 8.0), results(10.0, 1.0, 4.0))
    assert (uneven.ratio, uneven.low, uneven.high) == (steady.ratio, 2.0, 2.0)


def test_without_a_peer_the_ratio_is_the_figure() -> None:
    alone = replace(LINE, peer=None, per="value", ceiling=True, unit="MB")
    found = figure(alone, results(99.0, 101.0, 100.0), [])
    assert (found.ours, found.peer, found.ratio, found.low) == (100.0, 1.0, 100.0, 99.0)
    assert found.unit == "MB, at most"


@pytest.mark.parametrize(("ours", "peer"), [(0, 0), (3, 2)])
def test_rounds_that_do_not_pair_are_refused(ours: int, peer: int) -> None:
    with pytest.raises(ValueError, match=f"{ours} rounds of ours beside {peer}"):
        figure(LINE, results(*[1.0] * ours), results(*[1.0] * peer))


def test_a_ceiling_is_met_from_below() -> None:
    ceiling = replace(LINE, ceiling=True)
    assert [LINE.met(x) for x in (1.9, 2.0, 2.1)] == [False, True, True]
    assert [ceiling.met(x) for x in (1.9, 2.0, 2.1)] == [True, True, False]
    assert replace(LINE, at_least=None).met(1.0) is None


def test_rounds_are_interleaved_and_a_shared_side_runs_once() -> None:
    calls: list[str] = []
    again = replace(LINE, name="again", peer=Side("peer", "read"))
    once = Line("once", Side("ours", "start"), None, "s", rounds=1)
    start = {
        "ours": fake("ours", {"drive": 8.0, "start": 1.0}, calls),
        "peer": fake("peer", {"drive": 2.0, "read": 4.0}, calls),
    }
    figures, missing = measure([LINE, again, once], start, 2, lambda _: None)
    each = ["ours drive", "peer drive", "peer read"]
    assert calls == [*each, "ours start", *each, "ours closed", "peer closed"]
    assert [(f.name, f.ratio) for f in figures] == [
        ("ours / peer", 4.0),
        ("again", 2.0),
        ("once", 1.0),
    ]
    assert not missing


def test_what_cannot_be_measured_is_told_and_the_rest_goes_on() -> None:
    calls: list[str] = []

    def absent() -> Child:
        raise MissingError("no wheel for this Python")

    no_job = replace(LINE, name="no job", ours=Side("ours", "fly"))
    no_peer = Line("no peer", Side("ours", "idle"), Side("absent", "drive"), "steps/s")
    start = {
        "ours": fake("ours", {"drive": 8.0, "idle": 1.0}, calls),
        "peer": fake("peer", {"drive": 2.0}, calls),
        "absent": absent,
    }
    said: list[str] = []
    figures, missing = measure([no_job, no_peer, LINE], start, 1, said.append)
    assert [f.name for f in figures] == ["ours / peer"]
    assert missing == {"no job": "ours has no fly", "no peer": "no wheel for this Python"}
    assert "missing: no wheel for this Python" in said
    assert "ours idle" not in calls  # nothing would come of it


CHILD = """
from tools.bench.worker import serve

def make():
    print("a library says hello")
    def job(clock):
        with clock:
            total = sum(range(100_000))
        return 3
    return job

def end():
    raise SystemExit("out of memory")

def broken():
    raise ValueError("no such lane")

serve({"count": make, "broken": broken, "end": end})
"""


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    made = Child("echo", Path(sys.executable), ["-c", CHILD], home=tmp_path)
    yield made
    made.close()


def test_a_child_measures_and_keeps_its_prints_to_itself(child: Child) -> None:
    child.setup("count")
    result = child.round("count")
    assert result.count == 3
    assert result.cpu_s > 0.0
    assert result.wall_s > 0.0


def test_a_child_that_fails_says_why(child: Child) -> None:
    with pytest.raises(MissingError, match="echo: broken: ValueError: no such lane"):
        child.setup("broken")
    child.setup("count")  # and lives on
    with pytest.raises(MissingError, match="echo: end: ended: out of memory"):
        child.setup("end")


def test_json_holds_eight_keys_a_figure() -> None:
    found = figure(replace(LINE, at_least=None), results(1.0), results(1.0))
    text = json.dumps(as_json([found], {"lidar": "no network"}, {"numpy": "2"}), allow_nan=False)
    back = json.loads(text)
    assert set(back) == {"figures", "missing", "versions"}
    wanted = {"name", "ours", "peer", "ratio", "low", "high", "unit", "at_least"}
    assert [set(f) for f in back["figures"]] == [wanted]
    assert back["figures"][0]["at_least"] is None
    assert back["missing"] == [{"name": "lidar", "reason": "no network"}]


def test_the_plan_asks_children_for_jobs_that_they_have() -> None:
    lines = plan()
    assert len({line.name for line in lines}) == len(lines)
    own = {"ours": jobs.JOBS, "ours, two threads": jobs.JOBS, "cold": cold.JOBS}
    for side in [s for line in lines for s in (line.ours, line.peer) if s is not None]:
        assert side.child in starters()
        if side.child in own:
            assert side.job in own[side.child]
        else:
            assert f'"{side.job}": ' in (PEERS / f"{side.child}.py").read_text()


def test_what_is_hoped_for_is_beyond_what_is_asked_for() -> None:
    for line in plan():
        if line.hoped is not None:
            assert line.at_least is not None
            assert (line.hoped < line.at_least) == line.ceiling


def test_figures_are_chosen_by_a_part_of_their_name() -> None:
    lines = plan()
    assert chosen(lines, []) == lines
    few = chosen(lines, ["highway-env", "threads"])
    assert [line.ours.job for line in few] == ["engine 20", "two threads"]


@pytest.mark.parametrize("peer", ["sumo", "highway", "crdc"])
def test_every_peer_is_pinned(peer: str) -> None:
    pins = requirements(peer)
    assert pins
    assert all(version[0].isdigit() for version in pins.values())


def test_everybody_drives_the_same_cars() -> None:
    assert cars(20, seed=3) == cars(20, seed=3) != cars(20, seed=4)
    by_lane = [sorted(c.s for c in cars(50, seed=1) if c.lane == lane) for lane in range(LANES)]
    gaps = [b - a for row in by_lane for a, b in pairwise(row)]
    assert min(gaps) > 35.0 - 16.0
    assert max(max(row) for row in by_lane) + 40.0 * 21.0 < ROAD_M


def test_rays_leave_from_a_car_among_others() -> None:
    around = boxes(seed=0)
    assert len(around) == 20
    assert min(x for x, _ in around) < 0.0 < max(x for x, _ in around)
    assert all(x * x + y * y == pytest.approx(1.0) for x, y in directions())


def test_sumo_gets_the_same_cars() -> None:
    assert len(ET.fromstring(network()).findall(".//lane")) == LANES
    written = ET.fromstring(routes(20, seed=5)).findall("vehicle")
    for entry, car in zip(written, cars(20, seed=5), strict=True):
        assert int(entry.get("departLane", "")) == car.lane
        assert float(entry.get("departPos", "")) == pytest.approx(car.s + 2.25, abs=0.01)


def test_numbers_have_three_digits() -> None:
    shown = [number(x) for x in (0.01234, 12.34, 1234.5, 4321987.0)]
    assert shown == ["0.0123", "12.3", "1.23 k", "4.32 M"]


def test_the_page_shows_every_figure_and_what_is_missing() -> None:
    ceiling = Line("memory", OURS, None, "MB", 150.0, 80.0, per="value", ceiling=True)
    absent = replace(LINE, name="lidar")
    found = [figure(LINE, results(12.0), results(8.0)), figure(ceiling, results(99.5), [])]
    text = page([LINE, ceiling, absent], found, {"lidar": "no network"}, {"numba": "0.6"}, 5)
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert rows[1:] == [
        "| ours / peer | 6 steps/s | 4 | **1.5** [1.5, 1.5] | 2 | 4 | no |",
        "| memory | 99.5 MB |  | [99.5, 99.5] | at most 150 | at most 80 | yes |",
    ]
    assert "- lidar: no network" in text
    assert "numba 0.6" in text
    assert told(found[0]) == "ours / peer: 6 / 4 = 1.5 [1.5, 1.5] steps/s"
    assert told(found[1]) == "memory: 99.5 [99.5, 99.5] MB, at most"
