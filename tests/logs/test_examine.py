"""What the examination finds, on recordings made to hold it and on others made not to."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.base.errors import UserError
from sim.base.store import read_json
from sim.logs import examine, findings_text, import_folder, import_summary, iter_logs, load_log
from sim.logs.findings import Finding
from sim.world.log import Log


def _log(tracks: dict[int, pd.DataFrame]) -> Log:
    """One recording of these tracks: columns frame, x_m, speed_mps; along +x, a car each."""
    parts = [table.assign(track_id=number) for number, table in tracks.items()]
    table = pd.concat(parts, ignore_index=True).assign(
        episode_id="a/b", kind="car", yaw_rad=0.0, length_m=4.5, width_m=1.8, lane=-1
    )
    table["y_m"] = 4.0 * table["track_id"]
    table["accel_mps2"] = np.nan
    table["t_s"] = table["frame"] * 0.1
    return Log.of(pd.DataFrame([{"episode_id": "a/b", "site": "a", "group": "a/b"}]), table)


def _track(speed: float = 12.0, accel: float = 0.0, frames: int = 30) -> pd.DataFrame:
    t = 0.1 * np.arange(frames)
    return pd.DataFrame(
        {
            "frame": np.arange(frames),
            "x_m": speed * t + accel * t**2 / 2.0,
            "speed_mps": speed + accel * t,
        }
    )


def _names(log: Log) -> list[str]:
    return [finding.check for finding in examine(log).findings]


@given(
    speeds=st.lists(st.floats(8.0, 40.0), min_size=1, max_size=12),
    accel=st.floats(-0.9, 1.9),
    frames=st.integers(1, 80),
)
@settings(max_examples=60, deadline=None)
def test_consistent_recordings_pass(speeds, accel, frames):
    log = _log({i: _track(v, accel, frames) for i, v in enumerate(speeds)})
    examined = examine(log)
    assert examined.findings == ()
    assert not examined.gone.any()


@pytest.mark.parametrize(
    ("accel", "vehicles", "frames", "found"),
    [
        (-1.2, 8, 30, True),
        (-0.9, 8, 30, False),
        (-1.2, 7, 30, False),  # too few
        (-1.2, 8, 8, False),  # seen for too short
        (1.2, 8, 30, False),  # a queue that starts
        (2.2, 8, 30, True),
    ],
)
def test_vehicles_that_all_brake_or_speed_up(accel, vehicles, frames, found):
    log = _log({i: _track(15.0, accel, frames) for i in range(vehicles)})
    examined = examine(log)
    assert examined.left_out == found
    if found:
        (one,) = examined.findings
        assert one.value == pytest.approx(accel)
        assert (one.covers, one.rows, one.track) == ("recording", vehicles * frames, None)
        assert f"{abs(accel):.2f} m/s²" in one.reason


def test_the_median_counts_not_the_mean():
    """Four of nine brake hard: their mean is beyond the limit, the median is not."""
    tracks = {i: _track(20.0, -4.0 if i < 4 else 0.0) for i in range(9)}
    assert examine(_log(tracks)).findings == ()


@pytest.mark.parametrize(("off", "found"), [(1.8, False), (2.2, True), (-2.2, True)])
def test_speeds_that_disagree_with_positions(off, found):
    wrong = _track(12.0)
    wrong["speed_mps"] += off
    log = _log({1: _track(), 2: wrong})
    examined = examine(log)
    assert (examined.findings != ()) == found
    if found:
        (one,) = examined.findings
        assert (one.check, one.track, one.rows) == ("speed", 2, 30)
        assert one.value == pytest.approx(2.2)
        assert log.tracks["track_id"].to_numpy()[examined.gone].tolist() == [2] * 30


def test_a_few_wrong_speeds_are_no_finding():
    spiky = _track(12.0, frames=60)
    spiky.loc[10:12, "speed_mps"] = 40.0
    assert _names(_log({1: spiky})) == []


def _paused(pause: range, jump: float = 0.0) -> pd.DataFrame:
    table = _track(10.0, frames=100)
    table.loc[table["frame"] >= pause.stop, "x_m"] += jump
    return table[~table["frame"].isin(pause)]


@pytest.mark.parametrize(
    ("pause", "jump", "kept"),
    [
        (range(40, 49), 0.0, None),  # 1.0 s from row to row
        (range(40, 55), 0.0, 85),  # reported, stays
        (range(40, 65), 0.0, 40),  # a quarter is missing: the longest of 40 and 35 stays
        (range(40, 55), 9.0, 45),  # 5.6 m/s faster across the pause than at its ends
    ],
)
def test_pauses(pause, jump, kept):
    log = _log({1: _paused(pause, jump), 2: _track(frames=100)})
    examined = examine(log)
    if kept is None:
        assert examined.findings == ()
        return
    (one,) = examined.findings
    assert one.check == "pause"
    assert one.value == pytest.approx(0.1 * (len(pause) + 1))
    assert one.rows == examined.gone.sum() == 100 - len(pause) - kept


def _clip(shift: int, frames: int, origin: float, brakes: float = 0.0, cars: int = 4) -> list:
    """Cars of one long drive between two frames, in a clip with an origin and clock of its own."""
    t = 0.1 * (shift + np.arange(frames))
    tables = []
    for n in range(1, cars + 1):
        speed = 12.0 + 0.5 * n + np.sin(0.3 * t * n)
        x = 40.0 * n + (12.0 + 0.5 * n) * t - np.cos(0.3 * t * n) / (0.3 * n)
        held = np.arange(frames) * 0.1
        tables.append((n, x - origin - brakes * held**2 / 2.0, speed - brakes * held))
    return tables


def _xml(commonroad, tables: list, origin: float) -> str:
    """A CommonRoad clip of these tables, its map shifted with its origin."""
    body = ""
    for n, x, speed in tables:
        states = "".join(
            f"<{tag}><position><point><x>{float(a)!r}</x><y>0.0</y></point></position>"
            f"<orientation><exact>0.0</exact></orientation><time><exact>{k}</exact></time>"
            f"<velocity><exact>{float(v)!r}</exact></velocity></{tag}>"
            for k, (a, v) in enumerate(zip(x, speed))
            for tag in ("initialState" if k == 0 else "state",)
        )
        first, _, later = states.partition("</initialState>")
        body += (
            f'<dynamicObstacle id="{n}"><type>car</type><shape><rectangle><length>4.5</length>'
            f"<width>1.8</width></rectangle></shape>{first}</initialState>"
            f"<trajectory>{later}</trajectory></dynamicObstacle>"
        )
    text = commonroad([], extra=body)
    for end in (-500.0, 0.0, 500.0):
        text = text.replace(f"<x>{end}</x><y>-1.75", f"<x>{end - origin}</x><y>-1.75")
        text = text.replace(f"<x>{end}</x><y>1.75", f"<x>{end - origin}</x><y>1.75")
        text = text.replace(f"<x>{end}</x><y>5.25", f"<x>{end - origin}</x><y>5.25")
    return text


@pytest.mark.parametrize(("brakes", "found"), [(0.0, False), (2.5, True)])
def test_siblings_that_contradict(brakes, found, commonroad, folder):
    """The second clip begins 2 s into the first, 60 m on, and brakes or does not."""
    root = folder(
        {
            "s/USA_S-1_1_T-1.xml": _xml(commonroad, _clip(0, 60, 0.0), 0.0),
            "s/USA_S-1_2_T-1.xml": _xml(commonroad, _clip(20, 60, 60.0, brakes), 60.0),
        }
    )
    first, second = iter_logs(root, examine=True)
    assert first.findings == ()
    assert not first.left_out
    assert second.left_out == found
    if found:
        (one,) = second.findings
        assert (one.check, one.covers) == ("siblings", "recording")
        assert "4 of 4 vehicles" in one.reason
        assert len(second.log.tracks) == 4 * 60
    else:
        assert second.findings == ()
        assert second.dropped.duplicates == 4 * 40


def test_a_clip_of_another_map_is_no_sibling(commonroad, folder):
    root = folder(
        {
            "s/USA_S-1_1_T-1.xml": _xml(commonroad, _clip(0, 60, 0.0), 0.0),
            "s/USA_S-2_1_T-1.xml": _xml(commonroad, _clip(20, 60, 60.0, 2.5), 60.0),
        }
    )
    assert [each.findings for each in iter_logs(root, examine=True)] == [(), ()]


def test_traffic_of_a_clip_that_is_left_out_is_not_seen(folder, tidy, car):
    """A clip that all brake in repeats nothing that a later, good clip would lose."""
    cars = [car(n, x=30.0 * n, speed=20.0 + 0.1 * n, accel=-2.0) for n in range(9)]
    names = [f"USA_S-1_{k}_T-1" for k in (1, 2)]
    root = folder({f"s/{name}.parquet": tidy(cars, name) for name in names})
    both = list(iter_logs(root, examine=True))
    assert [each.left_out for each in both] == [True, True]
    assert [each.recording.name for each in iter_logs(root)] == ["USA_S-1_1_T-1"]


def test_import_lists_what_it_left_out_and_keeps_it_on_demand(tidy, car, folder, tmp_path):
    good = tidy([car(n, x=30.0 * n) for n in range(9)], "good")
    bad = tidy([car(n, x=30.0 * n, speed=20.0, accel=-2.0) for n in range(9)], "bad")
    root = folder({"logs/a/good.csv": good, "logs/a/bad.csv": bad})
    out = import_folder(root / "logs", tmp_path / "out")
    assert load_log(out).episodes["episode_id"].tolist() == ["a/good"]
    (told,) = read_json(out / "examined.json")["findings"]
    assert {"recording", "check", "value", "limit", "reason", "rows"} <= told.keys()
    assert (told["recording"], told["rows"]) == ("a/bad", 270)
    assert "examined, common_acceleration: 1 in 1 recordings" in import_summary(out)
    kept = import_folder(root / "logs", tmp_path / "all", examine=False)
    assert len(load_log(kept)) == 2
    assert not (kept / "examined.json").exists()
    assert "not examined" in import_summary(kept)
    again = [each.left_out for each in iter_logs(kept, examine=True)]
    assert again == [True, False]


def test_an_import_that_leaves_nothing_is_a_mistake(tidy, car, folder, tmp_path):
    bad = tidy([car(n, x=30.0 * n, speed=20.0, accel=-2.0) for n in range(9)], "bad")
    root = folder({"logs/a/bad.csv": bad})
    with pytest.raises(UserError, match="examine=false keeps all"):
        import_folder(root / "logs", tmp_path / "out")


def test_findings_are_counted_by_kind():
    def one(check: str, recording: str, covers, rows: int) -> Finding:
        about = {"value": 1.0, "limit": 0.5, "reason": "r"}
        return Finding(check=check, recording=recording, covers=covers, rows=rows, **about)

    found = [one("b", "x", "recording", 9), one("a", "x", "track", 4), one("a", "y", "track", 5)]
    assert findings_text(found) == [
        "b: 1 in 1 recordings, 1 of them left out, 9 rows left out",
        "a: 2 in 2 recordings, 9 rows left out",
    ]
