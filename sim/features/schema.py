"""The features by name: what a detector may know, with units."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Feature:
    """One column of the feature table.

    Attributes:
        name: Ends in its unit.
        unit: As written in reports; "1" for counts and flags.
        description: One line.
        group: What goes missing together; "" if it never does.
    """

    name: str
    unit: str
    description: str
    group: str = ""


def _target(group: str, who: str) -> tuple[Feature, ...]:
    """What is known of any road user in the ego's own lane."""
    rows = (
        ("gap_m", "m", f"gap to the {who}"),
        ("closing_mps", "m/s", f"ego's speed minus that of the {who}"),
        ("inverse_ttc_per_s", "1/s", f"closing speed over gap, {who}"),
        ("speed_mps", "m/s", f"speed of the {who}"),
        ("accel_05_mps2", "m/s²", f"acceleration of the {who}, slope over 0.5 s"),
        ("accel_10_mps2", "m/s²", f"the same over 1.0 s, {who}"),
        ("accel_15_mps2", "m/s²", f"the same over 1.5 s, {who}"),
        ("closing_change_mps", "m/s", f"closing speed now minus 0.5 s ago, {who}"),
        ("inverse_ttc_change_per_s", "1/s", f"closing over gap now minus 0.5 s ago, {who}"),
    )
    return tuple(Feature(f"{group}_{n}", u, d, group) for n, u, d in rows)


def _adjacent(side: str) -> tuple[Feature, ...]:
    rows = (
        ("gap_m", "m", "gap to the nearest ahead in the lane"),
        ("closing_mps", "m/s", "ego's speed minus its speed, lane"),
        ("inverse_ttc_per_s", "1/s", "closing speed over gap, lane"),
        ("offset_m", "m", "lateral distance of its centre from the ego's axis, lane"),
        ("inward_mps", "m/s", "its lateral speed towards the ego's axis, lane"),
        ("accel_mps2", "m/s²", "its acceleration, slope over 1.0 s, lane"),
    )
    return tuple(Feature(f"{side}_{n}", u, f"{d} to the {side}", side) for n, u, d in rows)


_SECTORS = ("right", "front_right", "front", "front_left", "left")

FEATURES: tuple[Feature, ...] = (
    Feature("ego_speed_mps", "m/s", "ego's speed"),
    Feature("ego_accel_mps2", "m/s²", "ego's acceleration"),
    Feature("ego_accel_10_mps2", "m/s²", "slope of the ego's speed over 1.0 s"),
    Feature("ego_jerk_mps3", "m/s³", "slope of the ego's acceleration over 0.5 s"),
    Feature("ego_yaw_rate_radps", "rad/s", "ego's yaw rate, mean over 0.5 s"),
    *_target("lead", "lead"),
    Feature("lead_inverse_mttc_per_s", "1/s", "inverse modified TTC: with accelerations", "lead"),
    Feature("lead_drac_mps2", "m/s²", "deceleration that avoids contact, DRAC", "lead"),
    Feature("lead_required_mps2", "m/s²", "the same with the lead's own deceleration", "lead"),
    Feature("lead_inverse_headway_per_s", "1/s", "ego's speed over gap to the lead", "lead"),
    Feature("lead_lateral_m", "m", "lateral distance of the lead from the ego's axis", "lead"),
    Feature("lead_inward_mps", "m/s", "lead's lateral speed towards the ego's axis", "lead"),
    Feature("lead_drac_change_mps2", "m/s²", "DRAC now minus 0.5 s ago", "lead"),
    Feature("lead_new", "1", "another road user was nearest ahead 0.5 s ago", "lead"),
    *_target("second", "second leader"),
    Feature("second_space_m", "m", "gap to the second leader minus gap to the lead", "second"),
    Feature("second_first_closing_mps", "m/s", "lead's speed minus that of the second", "second"),
    Feature("second_first_inverse_ttc_per_s", "1/s", "lead closing on second over space", "second"),
    Feature(
        "second_closing2_per_s", "1/s", "larger closing speed of both over gap to lead", "lead"
    ),
    *_adjacent("left"),
    *_adjacent("right"),
    Feature("cut_in_inverse_ttc_per_s", "1/s", "largest 1/TTC to neighbours moving in", ""),
    *(
        Feature(f"lidar_{s}_m", "m", f"least clearance, sector {s.replace('_', ' ')}", "lidar")
        for s in _SECTORS
    ),
    *(
        Feature(
            f"lidar_{s}_rate_mps", "m/s", f"its change over 0.5 s, {s.replace('_', ' ')}", "lidar"
        )
        for s in _SECTORS
    ),
    Feature("ahead_count", "1", "road users ahead in the list"),
    Feature("own_count", "1", "of these in the ego's own lane"),
    Feature("left_count", "1", "of these to the left"),
    Feature("right_count", "1", "of these to the right"),
    Feature("traffic_speed_mps", "m/s", "mean speed of those ahead minus ego's", "traffic"),
    Feature("slowest_speed_mps", "m/s", "least speed of those ahead minus ego's", "traffic"),
    Feature("lead_missing", "1", "no lead in the list"),
    Feature("second_missing", "1", "no second leader in the list"),
    Feature("left_missing", "1", "nobody ahead in the lane to the left"),
    Feature("right_missing", "1", "nobody ahead in the lane to the right"),
)
"""All features, in the order of the table's columns; missing values are NaN."""

_WHO = "the object that is soonest in the way"
THREAT_FEATURES: tuple[Feature, ...] = (
    Feature("threat_inverse_ttc_per_s", "1/s", "1 / time until anybody touches the ego", "threat"),
    Feature("threat_urgency_per_s", "1/s", f"1 / time to touching or crossing, {_WHO}", "threat"),
    Feature("threat_encounter_s", "s", "time to its closest encounter, up to 10 s", "threat"),
    Feature("threat_miss_m", "m", "distance of the boxes then", "threat"),
    Feature("threat_axis_gap_s", "s", "time between it and the ego where ways cross", "threat"),
    Feature("threat_range_m", "m", "its range", "threat"),
    Feature("threat_bearing_rad", "rad", "its bearing to either side", "threat"),
    Feature(
        "threat_bearing_rate_radps", "rad/s", "change of it, ego's turning taken out", "threat"
    ),
    Feature("threat_closing_mps", "m/s", "how fast its range shrinks", "threat"),
    Feature("threat_speed_mps", "m/s", "its speed over ground", "threat"),
    Feature("threat_inward_mps", "m/s", "its speed towards the ego's axis", "threat"),
    Feature("threat_light", "1", "it is on foot or on two wheels", "threat"),
    Feature("threat_missing", "1", "no object has been seen for long enough"),
)
"""What rows tell besides where conflicts in the plane count: of one object, wherever it is."""


def features_of(form: str) -> tuple[Feature, ...]:
    """The features of rows that are to foresee conflicts of this form, in the columns' order.

    Those of the lead's form stay what they are whatever is added for the plane, so that trained
    detectors and numbers of that form do.
    """
    return FEATURES if form == "rear_end" else FEATURES + THREAT_FEATURES


COLUMNS: tuple[str, ...] = tuple(feature.name for feature in FEATURES)
"""Names of `FEATURES`."""

INDEX: dict[str, int] = {name: i for i, name in enumerate(COLUMNS)}
"""Column number of each of `FEATURES`."""
