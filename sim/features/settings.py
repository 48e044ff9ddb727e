"""What counts as a conflict, and what a row of features may look back on."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal, get_args

from sim.base.errors import expected, unknown

Form = Literal["rear_end", "crossing", "either"]
"""What an ego may come into conflict with: its lead, anybody in the plane, or both of these."""

PET_MOST_S = 5.0
"""Longest post-encroachment time that is looked for [s]: each 0.1 s is one more look at a Log."""


@dataclass(frozen=True, kw_only=True)
class LabelSettings:
    """A conflict, and the rows that are to see it coming.

    The defaults are the task of the study; `min_speed_mps=3`, `min_drac_mps2=0.75` or
    `ttc_s=2` are its alternatives, `from_s` 0 or 1 its easier and harder slices.

    `form` "rear_end" looks at the lead alone (`sim.features.events`). "crossing" looks at
    everybody in the plane: time to collision of the boxes (`sim.features.plane`) or time
    between two in one place (`sim.features.encroachment`). "either" takes both. Contact counts in
    every form (`sim.features.crashes`), from `ttc_2d_s` before it on at the earliest unless a
    conflict of the form leads into it.

    Attributes:
        form: Which conflicts count.
        ttc_s: A frame is in conflict when the time to collision to the lead is below this [s].
        ttc_2d_s: The same of the time to collision in the plane [s].
        pet_s: So is one in which a road user stands where another from elsewhere was less than
            this long before (post-encroachment time) [s],
        pet_speed_mps: and the faster of the two goes at this speed or faster when it is there
            [m/s]; at walking pace people pass as closely as that all the time.
        lasting_s: Frames in conflict by time to collision that make a conflict, in all [s].
        bridge_s: Shorter interruptions do not end a conflict [s].
        confirm: Ask for the same of gap over the gap's own rate of change, where the lead
            was the same for `smooth_s` before and after; speeds alone decide elsewhere. In the
            plane, of where both get to as they have moved and turned.
        smooth_s: Half width of the smoothing of speeds and of the gap's rate [s].
        min_speed_mps: The ego is faster than this in each frame of a conflict [m/s]; below
            0.5 positions that wander make conflicts between standing vehicles.
        min_drac_mps2: So is the deceleration that avoids contact [m/s²].
        lead_lateral_m: A lead's centre is less than this aside of the ego's axis [m],
        lead_heading_rad: its heading differs by less than this [rad],
        lead_range_m: and its centre is less than this ahead [m].
        plane_range_m: In the plane, centres are less than this apart [m].
        plane_closing_mps: Faces that are to touch in the plane close in at this or faster
            [m/s]; lanes are changed at 0.5 to 1.5 m/s, and neighbours sway at some 0.3.
        crossing_rad: Those whose headings differ by less than this follow each other and do not
            cross [rad].
        encounter_s: In the plane, what two road users have to do with each other within this
            time is one conflict [s].
        from_s: The window for a conflict's start opens this long after a row [s],
        until_s: and closes this long after it [s].
        after_s: Rows inside a conflict and this long after it are not used [s].
        history_s: Frames that a row's ego must already have been seen [s].
    """

    form: Form = "rear_end"
    ttc_s: float = 3.0
    ttc_2d_s: float = 1.5
    pet_s: float = 1.0
    pet_speed_mps: float = 3.0
    lasting_s: float = 0.3
    bridge_s: float = 0.2
    confirm: bool = True
    smooth_s: float = 0.5
    min_speed_mps: float = 0.5
    min_drac_mps2: float = 0.0
    lead_lateral_m: float = 1.2
    lead_heading_rad: float = 0.5
    lead_range_m: float = 100.0
    plane_range_m: float = 50.0
    plane_closing_mps: float = 1.0
    crossing_rad: float = 0.5
    encounter_s: float = 2.0
    from_s: float = 0.5
    until_s: float = 3.0
    after_s: float = 1.0
    history_s: float = 0.3

    def __post_init__(self) -> None:
        if self.form not in get_args(Form):
            raise unknown("label.form", self.form, get_args(Form))
        for item in fields(self):
            value = getattr(self, item.name)
            if item.name != "form" and not value >= 0:
                raise expected(f"label.{item.name}", "a number of at least 0", value)
        if self.pet_s > PET_MOST_S:
            raise expected("label.pet_s", f"at most {PET_MOST_S:g} s", self.pet_s)
        if self.until_s <= self.from_s:
            raise expected("label.until_s", f"more than from_s = {self.from_s} s", self.until_s)
        if self.history_s < 0.3:
            raise expected("label.history_s", "at least 0.3 s", self.history_s)

    @property
    def in_plane(self) -> bool:
        """Whether conflicts in the plane count."""
        return self.form != "rear_end"


@dataclass(frozen=True, kw_only=True)
class WindowSettings:
    """How much of the past a row of features may use.

    Attributes:
        window_s: Longest past [s].
        cut_share: Share of rows whose past is cut at random, in logs of every source, so
            that a short past is no hint that a clip has just begun.
        cut_to_s: Shortest past after a cut [s].
        extra: The user's own features: `module:function`, or names that are registered.
    """

    window_s: float = 1.5
    cut_share: float = 0.3
    cut_to_s: float = 0.3
    extra: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0.3 <= self.cut_to_s <= self.window_s <= 3.0:
            raise expected("window.window_s", "between cut_to_s and 3 s", self.window_s)
        if not 0 <= self.cut_share <= 1:
            raise expected("window.cut_share", "a share in [0, 1]", self.cut_share)
