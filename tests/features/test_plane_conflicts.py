"""Conflicts in the plane: closed forms, what is none, symmetries, and a slow twin."""

from __future__ import annotations

import dataclasses
import math

import naive_plane as naive
import numpy as np
import pytest
from plane_scenes import NORTH, busy_square, moved, paced, scene, straight, swaying, turning
from random_traffic import following, random_log

from sim.base.errors import UserError
from sim.features import LabelSettings, featurize, find_conflicts
from sim.features.encounters import plane_conflicts
from sim.world.log import Log
from sim.world.rows import Rows

PLANE = LabelSettings(form="crossing")
EITHER = LabelSettings(form="either")


def found(log: Log, label: LabelSettings = PLANE) -> list[tuple[object, ...]]:
    """Ego, other, start, kind and severity of each conflict."""
    events = find_conflicts(Rows.of(log), label)
    columns = ["ego_id", "other_id", "start_frame", "kind", "severity"]
    return [tuple(row) for row in events[columns].to_numpy().tolist()]


def meeting(entry_1: float, speed_0: float = 10.0, speed_1: float = 8.0) -> Log:
    """0 drives east over the origin, 1 north; their boxes are 4 x 2 m.

    0 is on the shared ground, a square of 2 m, from 2.05 s to 2.05 s + 6 m / speed_0; the front
    of 1 is there at `entry_1`.
    """
    return scene(
        straight(-3.0 - 2.05 * speed_0, 0.0, 0.0, speed_0),
        straight(0.0, -3.0 - entry_1 * speed_1, NORTH, speed_1),
    )


def test_a_collision_course_is_a_conflict_from_one_and_a_half_seconds_on() -> None:
    # contact when the second is there too, at 2.35 s: TTC is 1.55 s at 0.8 s, 1.45 s at 0.9 s
    assert found(meeting(2.35)) == [(0, 1, 9, "crossing", "crash"), (1, 0, 9, "crossing", "crash")]
    assert find_conflicts(Rows.of(meeting(2.35)), PLANE)["min_ttc_s"].tolist() == [0.0, 0.0]


@pytest.mark.parametrize("pet", [0.03, 0.44, 0.72, 0.97])
def test_who_enters_soon_after_the_other_left_is_a_conflict_from_then_on(pet: float) -> None:
    entry = 2.05 + 0.6 + pet
    events = find_conflicts(Rows.of(meeting(entry)), PLANE)
    assert events["kind"].tolist() == ["encroachment"] * 2
    assert events["min_pet_s"].to_numpy() == pytest.approx([pet, pet], abs=1e-9)
    assert events["min_ttc_s"].isna().all()
    assert events["start_frame"].tolist() == [math.ceil(entry / 0.1)] * 2
    assert events["severity"].tolist() == ["serious" if pet < 0.5 else "conflict"] * 2


def test_who_enters_later_than_a_second_after_is_in_none() -> None:
    late = meeting(2.05 + 0.6 + 1.03)
    assert found(late) == []
    assert len(found(late, dataclasses.replace(PLANE, pet_s=1.2))) == 2


def test_a_conflict_by_both_measures_is_one() -> None:
    # the ego would be on the shared ground at 2.5 s, when the other is there from 2.4 to 3.26 s;
    # it slows down from 1.5 s on and gets there at 3.5 s: TTC under 1.5 s first, then PET 0.24 s
    log = scene(
        paced(-33.0, [0.0, 1.5, 2.5, 9.0], [12.0, 12.0, 4.0, 4.0]),
        straight(0.0, -19.8, NORTH, 7.0),
    )
    events = find_conflicts(Rows.of(log), PLANE)
    assert events[["ego_id", "other_id"]].to_numpy().tolist() == [[0, 1], [1, 0]]
    assert set(events["kind"]) == {"crossing"}
    assert set(events["start_frame"]) <= {10, 11}  # smoothed speeds know of the braking at 1.0 s
    assert events["end_frame"].min() >= 35
    assert events["min_pet_s"].to_numpy() == pytest.approx([0.2429, 0.2429], abs=1e-3)
    apart = find_conflicts(Rows.of(log), dataclasses.replace(PLANE, encounter_s=0.5))
    assert sorted(apart["kind"]) == ["crossing"] * 2 + ["encroachment"] * 2


def test_somebody_who_steps_out_is_a_conflict_of_the_one_who_drives() -> None:
    # he is in the way of the car, 1.8 m wide, from 1 m aside on; the car is there at 3.7 s
    walker = straight(30.0, -3.0, NORTH, 1.5, starts=2.2)
    kinds = ("car", "pedestrian")
    ((ego, other, start, kind, _),) = found(
        scene(straight(-20.0, 0.0, 0.0, 13.0), walker, kinds=kinds)
    )
    assert (ego, other, kind) == (0, 1, "crossing")
    assert 22 <= start <= 30
    assert (
        found(scene(straight(-20.0, 0.0, 0.0, 13.0), straight(30.0, -3.0, NORTH, 0.0), kinds=kinds))
        == []
    )


def test_a_thing_in_the_way_is_one_and_a_thing_beside_it_is_none() -> None:
    # contact at 3.05 s: 30.5 m to the face of a box of 1 m
    kinds = ("car", "object")
    ahead = scene(straight(0.0, 0.0, 0.0, 10.0), straight(33.0, 0.5, 0.0, 0.0), kinds=kinds)
    assert found(ahead) == [(0, 1, 16, "crossing", "crash")]
    beside = scene(straight(0.0, 0.0, 0.0, 10.0), straight(33.0, 1.8, 0.0, 0.0), kinds=kinds)
    assert found(beside) == []


@pytest.mark.parametrize("headway", [0.3, 0.8])
def test_those_who_follow_are_in_none_however_close(headway: float) -> None:
    behind = -4.0 - 12.0 * headway
    line = scene(straight(behind, 0.0, 0.0, 12.0), straight(0.0, 0.0, 0.0, 12.0))
    assert found(line) == []
    # on one circle, also a tight one, the follower an arc behind
    for radius, speed in ((40.0, 12.0), (10.0, 6.0)):
        back = -(4.5 + headway * speed) / radius
        where = (radius * math.sin(back), radius * (1.0 - math.cos(back)), back)
        bend = scene(
            turning(*where, speed, speed / radius), turning(0, 0, 0, speed, speed / radius)
        )
        assert found(bend) == []


def test_on_the_tightest_bend_a_follower_is_known_by_where_the_first_came_from() -> None:
    # a length of 4 m is 0.57 rad of a circle of 7 m: known as one way once it has been driven on
    rate = 5.0 / 7.0
    back = -(4.2 + 0.6 * 5.0) / 7.0
    where = (7.0 * math.sin(back), 7.0 * (1.0 - math.cos(back)), back)
    log = scene(turning(*where, 5.0, rate), turning(0.0, 0.0, 0.0, 5.0, rate), frames=90)
    events = find_conflicts(Rows.of(log), PLANE)
    assert (events["end_frame"] < 20).all()


def test_who_passes_a_turning_car_that_it_followed_is_in_none() -> None:
    # the first turns off to the right at 5 m/s after 2 s, the second goes on 0.6 s behind
    def first(t: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        x, y, yaw, speed = turning(12.0, 0.0, 0.0, 5.0, -0.6)(np.maximum(t - 2.0, 0.0))
        return x - 5.0 * np.maximum(2.0 - t, 0.0), y, yaw, speed

    log = scene(straight(-5.2, 0.0, 0.0, 5.0), first, frames=70)
    assert found(log) == []
    # from the same place, having come the other way, it is one who crosses close in front
    loose = dataclasses.replace(PLANE, crossing_rad=0.0)
    assert "encroachment" in {kind for *_, kind, _ in found(log, loose)}


def test_who_turns_in_before_another_encroaches_on_it() -> None:
    # 1 comes from the south, turns right into the way of 0, and drives on ahead of it
    def enters(t: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        x, y, yaw, speed = turning(0.0, -8.0, NORTH, 6.0, -0.75)(np.clip(t, 0.0, NORTH / 0.75))
        return x + 6.0 * np.maximum(t - NORTH / 0.75, 0.0), y, yaw, speed

    log = scene(paced(-19.4, [0.0, 20.0], [8.0, 8.0]), enters, frames=40)
    assert {kind for *_, kind, _ in found(log)} >= {"encroachment"}


def test_neighbours_that_sway_in_their_lanes_are_in_none() -> None:
    # 1.2 m between the flanks, headings up to 2 degrees off: touching is foreseen, at 0.6 m/s
    log = scene(swaying(0.0, 0.0, 20.0, 0.25, 4.0), swaying(3.0, 2.6, 20.0, -0.25, 4.0), frames=90)
    assert found(log) == []
    assert found(log, dataclasses.replace(PLANE, plane_closing_mps=0.0, confirm=False)) != []


def test_a_car_that_turns_before_one_that_waits_is_in_none() -> None:
    # on a circle of 10 m past a car that stands outside of it, in line with it for a moment
    log = scene(turning(0.0, 0.0, 0.0, 6.0, 0.6), straight(14.0, 1.8, math.pi, 0.0), frames=30)
    assert found(log) == []
    assert len(found(log, dataclasses.replace(PLANE, confirm=False))) == 1


def test_on_the_lane_it_is_the_conflict_of_the_one_behind() -> None:
    # gap 40.1 m, closing 5 m/s: contact after 8.02 s, so in the plane from 6.6 s on
    log = following(40.1, 15.0, 10.0, frames=90)
    assert found(log) == [(0, 1, 66, "crossing", "crash")]
    assert found(log, EITHER) == [(0, 1, 51, "lead", "crash")]


def test_either_form_holds_the_other_two() -> None:
    for log in (busy_square(4), random_log(11, episodes=1, users=11, frames=70)):
        both = find_conflicts(Rows.of(log), EITHER)
        for label in (PLANE, LabelSettings()):
            for event in find_conflicts(Rows.of(log), label).itertuples():
                same = (both["ego_id"] == event.ego_id) & (both["other_id"] == event.other_id)
                same &= both["start_frame"] <= event.start_frame
                same &= both["end_frame"] >= event.end_frame
                assert same.sum() == 1


def test_walking_pace_makes_no_encroachment() -> None:
    slow = meeting(2.05 + 6.0 / 2.5 + 0.4, speed_0=2.5, speed_1=2.5)
    assert found(slow) == []
    assert len(found(slow, dataclasses.replace(PLANE, pet_speed_mps=2.0))) == 2


@pytest.mark.parametrize("seed", [4, 5])
def test_conflicts_do_not_depend_on_where_and_in_which_mirror(seed: int) -> None:
    log = busy_square(seed)
    want = find_conflicts(Rows.of(log), PLANE)
    assert set(want["kind"]) == {"crossing", "encroachment"}
    for other in (moved(log, turn=2.1, x=500.0, y=-80.0), moved(log, mirror=True)):
        got = find_conflicts(Rows.of(other), PLANE)
        same = ["ego_id", "other_id", "start_frame", "end_frame", "kind", "severity"]
        assert got[same].to_numpy().tolist() == want[same].to_numpy().tolist()
        np.testing.assert_allclose(got["min_pet_s"], want["min_pet_s"], atol=1e-7)


def test_what_two_do_to_each_other_is_the_same_for_both() -> None:
    log = busy_square(6, straight_on=True)
    yaw = log.tracks.groupby("track_id")["yaw_rad"].first()
    events = find_conflicts(Rows.of(log), PLANE)
    turn = yaw[events["other_id"]].to_numpy() - yaw[events["ego_id"]].to_numpy()
    aside = np.abs(np.angle(np.exp(1j * turn))) >= 0.5  # nobody comes from behind
    aside &= events["other_id"].isin(events["ego_id"])
    names = ["ego_id", "other_id", "start_frame", "end_frame", "kind", "severity"]
    rows = {tuple(row) for row in events[aside][names].to_numpy().tolist()}
    assert len(rows) >= 4
    assert rows == {(row[1], row[0], *row[2:]) for row in rows}


def test_who_has_which_number_does_not_matter() -> None:
    log = busy_square(6)
    tracks = log.tracks.assign(track_id=10 - log.tracks["track_id"])
    got = find_conflicts(Rows.of(Log.of(log.episodes, tracks)), PLANE)
    want = find_conflicts(Rows.of(log), PLANE)
    names = ["start_frame", "end_frame", "kind", "severity"]
    renamed = {
        (10 - e.ego_id, 10 - e.other_id, *(getattr(e, n) for n in names)) for e in got.itertuples()
    }
    assert len(renamed) >= 4
    assert renamed == {
        (e.ego_id, e.other_id, *(getattr(e, n) for n in names)) for e in want.itertuples()
    }


@pytest.mark.parametrize("seed", [7, 6])
def test_conflicts_agree_with_their_slow_twin(seed: int) -> None:
    log = busy_square(seed, users=8, frames=50)
    touching = plane_conflicts(Rows.of(log), dataclasses.replace(PLANE, pet_s=0.0))
    slow = naive.crossings(log)
    assert len(slow) >= 4
    pairs = {(i, j) for i, j, _, _ in slow}
    assert set(zip(touching["ego_id"], touching["other_id"])) == pairs
    for i, j in pairs:
        mine = touching[(touching["ego_id"] == i) & (touching["other_id"] == j)]
        first = min(start for a, b, start, _ in slow if (a, b) == (i, j))
        assert abs(mine["start_frame"].min() - first) <= 1, (i, j, first)


@pytest.mark.parametrize("seed", [7, 9])
def test_encroachments_agree_with_their_slow_twin(seed: int) -> None:
    log = busy_square(seed, users=7, frames=50)
    never = dataclasses.replace(PLANE, ttc_2d_s=0.0)
    events = plane_conflicts(Rows.of(log), never)
    slow = naive.encroachments(log)
    assert len(slow) >= 2
    want = {frozenset(pair) for pair in slow[["first", "second"]].to_numpy().tolist()}
    assert {frozenset(pair) for pair in events[["ego_id", "other_id"]].to_numpy().tolist()} == want
    for pair in want:
        mine = events[events["ego_id"].isin(pair) & events["other_id"].isin(pair)]
        theirs = slow[slow["first"].isin(pair) & slow["second"].isin(pair)]
        assert mine["min_pet_s"].min() == pytest.approx(theirs["pet_s"].min(), abs=0.03)
        assert abs(0.1 * mine["start_frame"].min() - theirs["enters_s"].min()) < 0.13


def test_rows_before_a_crossing_conflict_are_positive() -> None:
    table = featurize(meeting(2.05 + 0.6 + 0.44), seed=1, label=PLANE)  # enters at 3.09 s
    for ego in (0, 1):
        mine = table.take(table.ego == ego)
        assert mine.frame[mine.y].tolist() == list(range(4, 27, 2))
    assert set(table.events["kind"]) == {"encroachment"}
    assert table.events["observable"].all()


def test_forms_and_times_that_cannot_be_are_told_in_one_line() -> None:
    with pytest.raises(UserError, match=r"label\.form: unknown name 'crosing', did you mean"):
        LabelSettings(form="crosing")  # type: ignore[arg-type]
    with pytest.raises(UserError, match=r"label\.pet_s: expected at most 5 s"):
        LabelSettings(pet_s=9.0)
    with pytest.raises(UserError, match=r"label\.pet_speed_mps: expected a number of at least 0"):
        LabelSettings(pet_speed_mps=-1.0)


def test_an_empty_log_has_no_conflict() -> None:
    log = meeting(2.35)
    nobody = Log.of(log.episodes, log.tracks.iloc[:0])
    assert len(find_conflicts(Rows.of(nobody), EITHER)) == 0
