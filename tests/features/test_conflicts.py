"""Conflicts and labels: known cases, a slow twin, and the independent referee."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import naive_conflicts as naive
import numpy as np
import pandas as pd
import pytest
from random_traffic import following, log_of, random_log

from sim.base.errors import UserError
from sim.features import LabelSettings, WindowSettings, featurize, find_conflicts
from sim.features.events import lead_conflicts
from sim.features.label import label_rows
from sim.features.lead import leads
from sim.sensing import ego_order
from sim.world.log import Log
from sim.world.rows import Rows

LABEL = LabelSettings()


@pytest.mark.parametrize("seed", [1, 2])
def test_lead_finder_agrees_with_its_slow_twin(seed: int) -> None:
    log = random_log(seed, episodes=1, users=9, frames=25)
    rows = Rows.of(log)
    lead, gap = leads(rows, LABEL)
    found = {
        (f"random-{seed}-0", int(rows.track[i]), int(rows.frame[i])): (
            int(rows.track[lead[i]]),
            pytest.approx(gap[i], abs=1e-9),
        )
        for i in np.flatnonzero(lead >= 0)
    }
    assert len(found) > 50
    assert naive.leads(log) == found
    assert np.isnan(gap[lead < 0]).all()


@pytest.fixture(scope="module")
def busy() -> Log:
    return random_log(11, episodes=2, users=11, frames=70)


def test_conflicts_and_labels_agree_with_their_slow_twin(busy: Log) -> None:
    rows = Rows.of(busy)
    events = lead_conflicts(rows, LABEL)
    names = busy.episodes["episode_id"].to_numpy()
    slow = naive.conflicts(busy)
    columns = ["ego_id", "other_id", "start_frame", "end_frame"]
    found = {
        (str(names[e]), *(int(v) for v in row))
        for e, row in zip(events["episode"], events[columns].to_numpy())
    }
    assert len(found) > 10
    assert found == slow
    order = ego_order(rows)
    labels = label_rows(rows, order, events, LABEL)
    flags = np.stack([labels.y, labels.known, labels.short, labels.use], axis=1)
    assert flags.any(axis=0).all()
    assert not flags.all(axis=0).any()
    for i in range(0, len(order), 7):
        r = order[i]
        key = (str(names[rows.episode[r]]), int(rows.track[r]), int(rows.frame[r]))
        assert naive.label(busy, key, slow) == tuple(flags[i].tolist()), key


def test_constant_speeds_conflict_from_three_seconds_on() -> None:
    # gap 40 m, closing 5 m/s: TTC 8 s at first, under 3 s after 5 s, contact after 8 s
    events = find_conflicts(Rows.of(following(40.0, 15.0, 10.0, frames=90)), LABEL)
    assert events[["ego_id", "other_id", "severity"]].to_numpy().tolist() == [[0, 1, "crash"]]
    assert events["start_frame"][0] == 51
    assert events["min_ttc_s"][0] == 0.0


@pytest.mark.parametrize(
    ("change", "conflict"),
    [
        ({}, True),
        ({"min_speed_mps": 16.0}, False),
        ({"min_drac_mps2": 0.75}, True),
        ({"min_drac_mps2": 1.5}, False),
        ({"ttc_s": 2.0}, False),
        ({"lasting_s": 2.0}, False),
        ({"lead_range_m": 14.0}, False),
    ],
)
def test_other_definitions_are_settings(change: dict[str, float], conflict: bool) -> None:
    # closing 5 m/s; TTC falls from 3.5 s to 2.1 s, DRAC grows from 0.7 to 1.2 m/s²
    rows = Rows.of(following(17.5, 15.0, 10.0, frames=15))
    events = find_conflicts(rows, dataclasses.replace(LABEL, **change))
    assert (len(events) == 1) == conflict


def test_speeds_alone_make_no_conflict_when_the_gap_stays() -> None:
    rows = [
        {"track_id": k, "frame": f, "x_m": 12.0 * k, "speed_mps": 10.0 - 5.0 * k}
        for f in range(40)
        for k in range(2)
    ]
    events = find_conflicts(Rows.of(log_of(rows)), LABEL)
    # except within 0.5 s of the log's ends, where the rate is unknown
    assert events[["start_frame", "end_frame"]].to_numpy().tolist() == [[0, 4], [35, 39]]
    free = find_conflicts(Rows.of(log_of(rows)), dataclasses.replace(LABEL, confirm=False))
    assert free[["start_frame", "end_frame"]].to_numpy().tolist() == [[0, 39]]


def test_pedestrians_are_never_egos_but_may_be_leads() -> None:
    rows: list[dict[str, object]] = []
    for f in range(60):
        rows.append({"track_id": 0, "frame": f, "x_m": f * 0.8, "speed_mps": 8.0})
        rows.append({"track_id": 1, "frame": f, "x_m": 50.0, "kind": "pedestrian"})
        rows.append({"track_id": 2, "frame": f, "x_m": 55.0, "kind": "pedestrian"})
    rows = [r | {"speed_mps": 8.0} if r["track_id"] == 1 else r for r in rows]
    rows = [
        r | {"x_m": 20.0 + 0.8 * int(str(r["frame"]))} if r["track_id"] == 1 else r for r in rows
    ]
    log = log_of(rows)
    assert set(find_conflicts(Rows.of(log), LABEL)["ego_id"]) <= {0}
    table = featurize(log, seed=1)
    assert set(table.ego.tolist()) == {0}


def test_rows_of_one_conflict_are_where_the_task_puts_them() -> None:
    log = following(40.0, 15.0, 10.0, frames=90)  # starts at 5.1 s, contact at 8 s
    table = featurize(log, seed=1)
    mine = table.take(table.ego == 0)
    assert mine.frame[mine.y].tolist() == list(range(22, 47, 2))
    assert mine.short[mine.y].all() == (mine.frame[mine.y] + 30 > 89).all()
    assert mine.frame.min() == 4
    assert not mine.use[mine.frame >= 51].any()
    assert mine.use[mine.frame < 50].all()
    assert not mine.use[mine.frame == 50].any()  # no negative 3 s before contact
    assert (mine.frame[~mine.y] + 30 <= 89).all()
    event = table.events.iloc[0]
    assert (event["start_s"], event["lead_time_s"]) == pytest.approx((5.1, 2.9))
    assert event["observable"]


@pytest.mark.parametrize(("from_s", "first_last"), [(0.0, (22, 50)), (1.0, (22, 40))])
def test_the_lead_gap_moves_the_window(from_s: float, first_last: tuple[int, int]) -> None:
    log = following(40.0, 15.0, 10.0, frames=90)
    table = featurize(log, seed=1, label=LabelSettings(from_s=from_s))
    positive = table.frame[table.y & (table.ego == 0)]
    assert (positive.min(), positive.max()) == first_last


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (lambda: LabelSettings(ttc_s=-1.0), "label.ttc_s: expected a number of at least 0"),
        (lambda: LabelSettings(until_s=0.2), "label.until_s: expected more than from_s"),
        (lambda: LabelSettings(history_s=0.1), "label.history_s: expected at least 0.3 s"),
        (lambda: WindowSettings(window_s=9.0), "window.window_s: expected between"),
        (lambda: WindowSettings(cut_share=2.0), "window.cut_share: expected a share"),
    ],
)
def test_impossible_settings_are_told_in_one_line(settings: object, message: str) -> None:
    with pytest.raises(UserError, match=message):
        settings()  # type: ignore[operator]


def test_the_referees_conflicts_are_found(recordings_root: Path) -> None:
    referee = pd.read_csv(recordings_root / "conflicts_ttc3.csv")
    found = []
    for file in sorted(recordings_root.glob("tidy/[!d]*/*.parquet")):
        events = find_conflicts(Rows.of(_refereed(file)), LABEL)
        led = events[events["kind"] == "lead"]  # the referee knows no contact
        found.append(led.assign(recording=file.stem))
    ours = pd.concat(found, ignore_index=True)
    hits = [_match(ours, row) for _, row in referee.iterrows()]
    recall = np.mean([hit is not None for hit in hits])
    precision = len({hit for hit in hits if hit is not None}) / len(ours)
    assert recall > 0.99, f"{recall:.3f} of {len(referee)}"
    assert precision > 0.99, f"{precision:.3f} of {len(ours)}"


def _refereed(file: Path) -> Log:
    """The rows that the referee used: our reader drops some more, such as repeated traffic."""
    raw = pd.read_parquet(file)
    raw = raw[~raw["dup_track"]] if "dup_track" in raw else raw[~raw["gap_bad"]]
    apart = 1000.0 * raw["lane"] if "gap_bad" in raw else 0.0  # each chain on its own road
    table = pd.DataFrame(
        {
            "episode_id": file.stem,
            "frame": raw["frame"],
            "t_s": 0.1 * raw["frame"],
            "track_id": raw["track_id"],
            "kind": raw["kind"].astype(str),
            "x_m": raw["x"],
            "y_m": raw["y"] + apart,
            "yaw_rad": raw["heading"],
            "speed_mps": np.hypot(raw["vx"], raw["vy"]),
            "accel_mps2": np.nan,
            "length_m": raw["length"],
            "width_m": raw["width"],
            "lane": raw["lane"],
        }
    )
    return Log.of(pd.DataFrame({"episode_id": [file.stem]}), table)


def _match(ours: pd.DataFrame, row: pd.Series) -> int | None:
    """A conflict of the same pair that begins within 0.1 s of the referee's."""
    same = ours["recording"] == row["recording_id"]
    same &= (ours["ego_id"] == row["track_id"]) & (ours["other_id"] == row["lead_id"])
    same &= (ours["start_frame"] - row["frame_start"]).abs() <= 1
    return int(ours.index[same][0]) if same.any() else None
