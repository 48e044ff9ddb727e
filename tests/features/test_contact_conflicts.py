"""Contact is a conflict in every form: whose, from when on, and over all families."""

from __future__ import annotations

import numpy as np
import pytest
from plane_scenes import NORTH, scene, straight
from random_traffic import following, log_of

from sim.criticality.contacts import MOVING_MPS
from sim.family import load_families
from sim.features import Form, LabelSettings, find_conflicts
from sim.features.label import label_rows
from sim.features.parts import ego_rows
from sim.sampling import run_family, sample
from sim.world.log import Log
from sim.world.rows import Rows

FORMS: tuple[Form, ...] = ("rear_end", "crossing", "either")
FAMILIES = load_families()


def crashes(log: Log, form: Form) -> list[tuple[object, ...]]:
    events = find_conflicts(Rows.of(log), LabelSettings(form=form))
    columns = ["ego_id", "other_id", "start_frame", "contact_frame", "kind", "category"]
    met = events[events["severity"] == "crash"]
    return [tuple(row) for row in met[columns].to_numpy().tolist()]


def swerving(aside: float = 3.5, inward: float = 1.5) -> Log:
    """Car 1 beside car 0, 2 m ahead and 1 m/s slower, drifts over from 2 s on, and through it."""
    rows: list[dict[str, object]] = []
    for f in range(60):
        t = 0.1 * f
        drift = inward * max(t - 2.0, 0.0)
        yaw = -np.arctan2(inward, 14.0) if t >= 2.0 else 0.0
        rows.append({"track_id": 0, "frame": f, "x_m": 15.0 * t, "speed_mps": 15.0})
        rows.append(
            {
                "track_id": 1,
                "frame": f,
                "x_m": 2.0 + 14.0 * t,
                "y_m": aside - drift,
                "yaw_rad": yaw,
                "speed_mps": 14.0,
            }
        )
    return log_of(rows)


@pytest.mark.parametrize("form", FORMS)
def test_who_swerves_in_and_is_hit_is_a_conflict_from_when_contact_was_imminent(
    form: Form,
) -> None:
    # boxes 2 m wide: 1.5 m between the flanks, closed at 1.5 m/s from 2 s on
    found = crashes(swerving(), form)
    assert [row[:2] for row in found] == [(0, 1), (1, 0)]
    start, contact = found[0][2:4]
    assert start == 20
    assert 28 <= int(str(contact)) <= 30
    assert {row[5] for row in found} == {"cut_in"}


@pytest.mark.parametrize("form", FORMS)
def test_who_is_hit_from_behind_has_no_conflict(form: Form) -> None:
    found = crashes(following(40.1, 15.0, 10.0, frames=90), form)
    assert [row[:2] for row in found] == [(0, 1)]


def test_what_leads_into_contact_is_one_conflict_of_the_form() -> None:
    log = following(40.1, 15.0, 10.0, frames=90)  # contact at 8.02 s
    assert crashes(log, "rear_end") == [(0, 1, 51, 80, "lead", "lead")]
    assert crashes(log, "crossing") == [(0, 1, 66, 80, "crossing", "lead")]
    assert crashes(log, "either") == [(0, 1, 51, 80, "lead", "lead")]


def test_who_walks_into_a_car_is_the_conflict_of_the_car() -> None:
    walker = [
        {"track_id": 1, "frame": f, "kind": "pedestrian", "x_m": 40.0, "y_m": -4.0 + 0.15 * f}
        | {"yaw_rad": NORTH, "speed_mps": 1.5, "length_m": 0.5, "width_m": 0.5}
        for f in range(50)
    ]
    car = [{"track_id": 0, "frame": f, "x_m": 18.0 + 0.9 * f, "speed_mps": 9.0} for f in range(50)]
    for form in FORMS:
        found = crashes(log_of(car + walker), form)
        assert [(row[0], row[1], row[5]) for row in found] == [(0, 1, "pedestrian")]


@pytest.mark.parametrize("form", FORMS)
def test_boxes_that_overlap_from_the_first_frame_on_are_no_crash(form: Form) -> None:
    double = scene(straight(0.0, 0.0, 0.0, 8.0), straight(0.3, 0.1, 0.02, 8.0))
    standing = scene(straight(0.0, 0.0, 0.0, 0.0), straight(2.0, 0.5, 0.3, 0.0))
    assert crashes(double, form) == []
    assert crashes(standing, form) == []


def test_no_used_negative_lies_within_three_seconds_before_contact() -> None:
    """Nudges slower than `MOVING_MPS` are none: in recordings they are noise of positions."""
    seen = 0
    for name in sorted(FAMILIES):
        family = FAMILIES[name]()
        log = run_family(family, sample(family, n=40, seed=3))
        rows = Rows.of(log)
        order = ego_rows(rows, "first")
        outcome = log.outcomes[log.outcomes["track_id"] == 0]
        own = outcome["contact_side"].isin(["front", "left", "right"])
        own &= outcome["impact_speed_mps"] >= MOVING_MPS
        contact = np.full(len(log), np.nan)
        codes = outcome["episode_id"].cat.codes.to_numpy()
        contact[codes] = outcome["contact_s"].where(outcome["collided"] & own)
        left = contact[rows.episode[order]] - 0.1 * rows.frame[order]
        before = (left > 0.5 + 1e-9) & (left <= 3.0 + 1e-9)
        seen += int(before.sum())
        for form in FORMS:
            label = LabelSettings(form=form)
            events = find_conflicts(rows, label)
            found = label_rows(rows, order, events, label)
            bad = before & found.use & ~found.y
            assert not bad.any(), (name, form, rows.episode[order][bad][:3])
            met = events[(events["ego_id"] == 0) & (events["severity"] == "crash")]
            first = met.groupby("episode")["start_frame"].min()
            crashed = np.flatnonzero(np.isfinite(contact))
            assert set(crashed) <= set(first.index), (name, form)
            assert (0.1 * first[crashed] <= contact[crashed] + 1e-6).all(), (name, form)
    assert seen > 1000


def test_deceleration_required_and_speed_are_by_hand() -> None:
    log = following(40.0, 15.0, 10.0, frames=70)  # to 6.9 s: gap 5.5 m, closing 5 m/s
    event = find_conflicts(Rows.of(log), LabelSettings()).iloc[0]
    assert (event["category"], event["severity"]) == ("lead", "serious")
    assert event["drac_mps2"] == pytest.approx(5.0**2 / (2.0 * 5.5), abs=1e-6)
    assert event["speed_mps"] == pytest.approx(15.0)
    crossing = scene(straight(-23.5, 0.0, 0.0, 10.0), straight(0.0, -22.0, NORTH, 8.0))
    found = find_conflicts(Rows.of(crossing), LabelSettings(form="crossing"))
    assert set(found["category"]) == {"crossing"}


def test_of_several_contacts_in_one_conflict_the_first_counts() -> None:
    # they touch at 1.4 s, part at 2.3 s, and touch again
    rows: list[dict[str, object]] = []
    for f in range(70):
        x = f if f < 30 else (60 - f if f < 42 else 18 + (f - 42))
        v = 10.0 if f < 30 or f >= 42 else -10.0
        rows.append({"track_id": 0, "frame": f, "x_m": float(x), "speed_mps": v})
        rows.append({"track_id": 1, "frame": f, "x_m": 18.5, "speed_mps": 0.0, "y_m": 0.5})
    found = [row for row in crashes(log_of(rows), "crossing") if row[0] == 0]
    assert len(found) == 1
    assert found[0][3] == 14
