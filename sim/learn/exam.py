"""What scores are held against: the rows of egos, the conflicts to be caught, the hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.features import FeatureTable
from sim.learn.units import (
    MIN_RECORDINGS,
    Support,
    UnitKind,
    Units,
    effective_number,
    merged,
    support_of,
    units_of,
)
from sim.learn.windows import windows_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

PER_ROW = ("row", "t", "y", "ignored", "weight", "recording", "ego", "near", "unit")
PER_EVENT = (
    *("event", "event_recording", "event_unit", "event_start_s", "event_from", "event_to"),
    *("event_category", "event_drac_mps2", "event_speed_mps"),
)


@dataclass(frozen=True)
class Exam:
    """Usable rows sorted by recording, ego and time.

    N rows, R recordings, E events, U exchangeable units. Only a conflict with a usable row in
    its window can be caught, so only those are events.

    Attributes:
        row: (N,) number of the row in the table it came from.
        t: (N,) time [s].
        y: (N,) an event starts 0.5 to 3 s later.
        ignored: (N,) positive for a conflict that is not asked for: neither class.
        weight: (N,) how many such rows this one stands for.
        recording: (N,) index of the recording.
        ego: (N,) running number of the ego, across recordings.
        near: (N,) any conflict starts 0 to 3 s later: an alarm here is not false.
        unit: (N,) index of the exchangeable unit.
        stride_s: A row stands for this long [s].
        event: (E,) row of the conflict in the table's `events`.
        event_recording: (E,) index of the recording.
        event_unit: (E,) index of the unit in which it starts.
        event_start_s: (E,) start of the conflict [s].
        event_from, event_to: (E,) its window is the rows event_from:event_to.
        event_category: (E,) kind of danger: the column `category` of the events, else `kind`.
        event_drac_mps2: (E,) deceleration required to avoid it, NaN where unknown.
        event_speed_mps: (E,) speed of the ego, NaN where unknown.
        hours: (U,) ego-hours in use.
        stratum: (U,) what is held fixed: the recording of an ego or block, the group of a
            recording; strata of one unit are joined.
        unit_kind: What a unit is.
        group: (R,) index of the group that a recording belongs to.
    """

    row: Ints
    t: Floats
    y: Bools
    ignored: Bools
    weight: Floats
    recording: Ints
    ego: Ints
    near: Bools
    unit: Ints
    stride_s: float
    event: Ints
    event_recording: Ints
    event_unit: Ints
    event_start_s: Floats
    event_from: Ints
    event_to: Ints
    event_category: NDArray[np.str_]
    event_drac_mps2: Floats
    event_speed_mps: Floats
    hours: Floats
    stratum: Ints
    unit_kind: UnitKind
    group: Ints

    def __len__(self) -> int:
        return len(self.t)

    @property
    def recordings(self) -> int:
        """How many recordings there are, those without a usable row included."""
        return len(self.group)

    @property
    def units(self) -> int:
        """How many exchangeable units there are."""
        return len(self.stratum)

    @property
    def events(self) -> int:
        """How many conflicts can be caught."""
        return len(self.event)

    @property
    def effective_hours(self) -> float:
        """Ego-hours of rows that were scored, fewer by unequal weights (Kish 1965).

        (sum w)² / sum w² rows of the stride each: with equal weights the hours scored. One
        stretch of 20 s that stands for 3 h adds nothing here.
        """
        return effective_number(self.weight) * self.stride_s / 3600.0

    @property
    def support(self) -> Support:
        """What intervals of this exam's metrics rest on, for `bootstrap.interval`."""
        return support_of(self.event_unit)

    @property
    def units_with_events(self) -> float:
        """Effective number of units that hold events."""
        return self.support.units

    @classmethod
    def of(
        cls,
        table: FeatureTable,
        episodes: Ints | None = None,
        min_recordings: int = MIN_RECORDINGS,
    ) -> Exam:
        """The exam on all recordings of a table, or on those with the given row numbers.

        Args:
            table: Rows and conflicts.
            episodes: Numbers of the recordings, all if not given.
            min_recordings: Recordings are the units where as many hold rows.
        """
        of_table = len(table.episode_names)
        chosen = np.arange(of_table) if episodes is None else episodes
        renumber = np.full(of_table, -1, dtype=np.int64)
        renumber[chosen] = np.arange(len(chosen))
        row = np.flatnonzero(table.use & (renumber[table.episode] >= 0))
        t = table.t[row].astype(np.float64)
        recording = renumber[table.episode[row]]
        ego = _runs(recording, table.ego[row])
        names = np.asarray(table.episode_group, dtype=str)[chosen]
        group = np.unique(names, return_inverse=True)[1].astype(np.int64)
        units = units_of(recording, group, ego, t, min_recordings)
        weight = table.weight[row].astype(np.float64)
        return cls(
            row=row,
            t=t,
            y=table.y[row].astype(np.bool_),
            ignored=np.zeros(len(row), dtype=np.bool_),
            weight=weight,
            recording=recording,
            ego=ego,
            unit=units.unit,
            stride_s=table.stride_s,
            hours=_hours(units, weight, table.stride_s),
            stratum=units.stratum,
            unit_kind=units.kind,
            group=group,
            **_events(table, renumber, recording, units.unit, row),
        )

    @classmethod
    def joined(cls, exams: Sequence[Exam]) -> Exam:
        """One exam of several on recordings of the same table, each with strata of its own.

        Raises:
            ValueError: There is none, or the strides differ.
        """
        if len({exam.stride_s for exam in exams}) != 1:
            raise ValueError("exams to join need one stride")
        kinds = {exam.unit_kind for exam in exams}
        fields: dict[str, Any] = {
            name: np.concatenate([getattr(exam, name) for exam in exams])
            for name in (*PER_ROW, *PER_EVENT, "stratum", "group")
        }
        for name, counted in _NUMBERED.items():
            sizes = [counted(exam) for exam in exams]
            offset = np.cumsum([0, *sizes[:-1]])
            fields[name] = np.concatenate([getattr(e, name) + o for e, o in zip(exams, offset)])
        out = cls(
            **fields,
            hours=np.concatenate([exam.hours for exam in exams]),
            stride_s=exams[0].stride_s,
            unit_kind=kinds.pop() if len(kinds) == 1 else "mixed",
        )
        return out._of_fewer_units()

    def only(self, events: Bools) -> Exam:
        """The exam on some of the events, by mask (E,).

        All rows and hours stay. Rows positive for other conflicts alone are ignored: they are
        neither positive nor negative, and an alarm there is not false.
        """
        asked = np.zeros(len(self), dtype=np.bool_)
        for first, end in zip(self.event_from[events], self.event_to[events]):
            asked[first:end] = True
        return replace(
            self,
            **{name: getattr(self, name)[events] for name in PER_EVENT},
            y=self.y & asked,
            ignored=self.ignored | (self.y & ~asked),
        )

    def _of_fewer_units(self) -> Exam:
        """Merged to `MAX_UNITS`, which keeps the bootstrap's matrix products small."""
        index = Units(self.unit_kind, np.arange(self.units), self.stratum)
        fewer = merged(index)
        if fewer is index:
            return self
        return replace(
            self,
            unit=fewer.unit[self.unit],
            event_unit=fewer.unit[self.event_unit],
            stratum=fewer.stratum,
            hours=np.bincount(fewer.unit, self.hours, len(fewer.stratum)).astype(np.float64),
        )


_NUMBERED: dict[str, Any] = {
    "recording": lambda exam: exam.recordings,
    "event_recording": lambda exam: exam.recordings,
    "ego": lambda exam: int(exam.ego[-1]) + 1 if len(exam) else 0,
    "unit": lambda exam: exam.units,
    "event_unit": lambda exam: exam.units,
    "event_from": len,
    "event_to": len,
    "stratum": lambda exam: int(exam.stratum.max(initial=-1)) + 1,
    "group": lambda exam: int(exam.group.max(initial=-1)) + 1,
}
"""Fields that are numbers of something: how much to add for the exams that come after."""


def _runs(recording: Ints, ego: Ints) -> Ints:
    new = np.ones(len(ego), dtype=bool)
    new[1:] = (recording[1:] != recording[:-1]) | (ego[1:] != ego[:-1])
    number: Ints = np.cumsum(new).astype(np.int64) - 1
    return number


def _hours(units: Units, weight: Floats, stride_s: float) -> Floats:
    rows = np.bincount(units.unit, weight, minlength=len(units.stratum))
    return np.asarray(stride_s * rows / 3600.0, dtype=np.float64)


def _events(
    table: FeatureTable, renumber: Ints, recording: Ints, unit: Ints, row: Ints
) -> dict[str, Any]:
    """The fields that describe events, and the rows near any conflict."""
    windows = windows_of(table, renumber, recording, table.ego[row], table.t[row])
    near = np.zeros(len(row), dtype=np.bool_)
    for first, end in zip(windows.first, windows.near_end):
        near[first:end] = True
    seen = windows.end > windows.first
    of_seen = table.events.iloc[windows.event[seen]]
    category = of_seen["category" if "category" in of_seen else "kind"]
    unknown = np.full(len(of_seen), np.nan)
    return {
        "near": near,
        "event": windows.event[seen],
        "event_recording": windows.recording[seen],
        # the last usable row up to the start tells the block in which the conflict starts
        "event_unit": unit[windows.near_end[seen] - 1],
        "event_start_s": windows.start_s[seen],
        "event_from": windows.first[seen],
        "event_to": windows.end[seen],
        "event_category": category.to_numpy(dtype=str),
        "event_drac_mps2": np.asarray(of_seen.get("drac_mps2", unknown), dtype=np.float64),
        "event_speed_mps": np.asarray(of_seen.get("speed_mps", unknown), dtype=np.float64),
    }
