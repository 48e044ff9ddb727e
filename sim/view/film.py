"""One episode made ready to be drawn at any time: rows by frame, leads, scores and alarms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.errors import UserError, expected
from sim.family import Event
from sim.view import moment, paint
from sim.view.alarms import alarms
from sim.view.closest import Closest, closest
from sim.view.ground import Ground
from sim.view.noted import event_of, noted, verdict
from sim.world.log import LOG_STEP_S, Log
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

PIECE_STEPS = 5
"""Steps of 0.1 s in a piece of a worn path."""


@dataclass(frozen=True, eq=False)
class Film:
    """R rows of one episode in S frames.

    Attributes:
        name: The episode's id.
        caption: Where it comes from and how it ended, in words.
        rows: Its rows.
        frames: (S,), number of each frame; time is 0.1 s * frame.
        lead: (R,), row of the lead, -1 where none.
        gap: (R,), to the lead [m], NaN where none.
        ttc: (R,), to the lead [s], inf when not closing, NaN where none.
        score: (R,), of the detector, NaN where it gave none.
        alarm: (R,), whether the detector raised the alarm.
        event: That of its family.
        closest: How close it came, by that event.
        verdict: What came of it, in words, and their colour.
        staged: Whether it is a scenario, which has one ego, and that is followed.
        crashed: Whether that one touched anybody.
        ego: Track to follow unless told otherwise.
        road: Drawn below; None where nobody knows it.
    """

    name: str
    caption: str
    rows: Rows
    frames: Ints
    lead: Ints
    gap: Floats
    ttc: Floats
    score: Floats
    alarm: Bools
    event: Event
    closest: Closest
    verdict: tuple[str, paint.Colour]
    staged: bool
    crashed: bool
    ego: int
    road: Ground | None = None

    @classmethod
    def of(
        cls,
        log: Log,
        index: int,
        *,
        scores: pd.DataFrame | None = None,
        follow: int | None = None,
        event: str | None = None,
        road: Ground | None = None,
    ) -> Film:
        """The film of one episode, by its row number.

        Args:
            log: Its episodes.
            index: Which of them.
            scores: Of a detector.
            follow: Track to follow.
            event: What counts as danger; that of the episode's family if left out.
            road: To be drawn below.

        Raises:
            UserError: The episode is empty, `follow` is not in it, or a column of `scores`
                is missing.
        """
        part = log.episode(index)
        about = part.episodes.iloc[0]
        name = str(about["episode_id"])
        rows = Rows.of(part)
        if not len(rows):
            raise UserError(f"episode {name}: it holds no road user")
        if follow is not None and follow not in rows.track:
            known = ", ".join(map(str, np.unique(rows.track)[:12]))
            raise expected("follow", f"a track of episode {name} ({known}...)", follow)
        lead, gap, ttc = moment.lead_ttc(rows)
        score, alarm = alarms(rows, name, scores)
        ego = _ego(about, rows)
        leading = follow if follow is not None else ego
        among = rows.track == leading if leading is not None else np.ones(len(rows), dtype=bool)
        counts = event_of(part, 0, event)
        simulated = about["source"] == "simulated"
        note: dict[Any, Any] = noted(part).iloc[0].to_dict()
        own = bool(simulated and leading is not None and leading == ego)
        near = closest(rows, among, counts, note if own else None, simulated=simulated)
        if not own:
            note |= {"min_ttc_s": near.close[near.worst], "min_pet_s": np.nan, "collided": False}
        return cls(
            name=name,
            caption=_caption(about),
            rows=rows,
            frames=rows.frame[rows.start[:-1]],
            lead=lead,
            gap=gap,
            ttc=ttc,
            score=score,
            alarm=alarm,
            event=counts,
            closest=near,
            verdict=verdict(note, counts),
            staged=own,
            crashed=bool(note["collided"]),
            ego=int(rows.track[near.worst]),
            road=road,
        )

    @property
    def worst(self) -> int:
        """Row of the closest moment; of first contact where the ego of a scenario crashed."""
        return self.closest.worst

    @property
    def other(self) -> int:
        """Row of whom it came closest to then; -1 where nobody else is there."""
        return self.closest.other

    @property
    def close(self) -> Floats:
        """(R,), time to collision by the event's form [s], inf where none closes in."""
        return self.closest.close

    @property
    def begin_s(self) -> float:
        """Time of the first frame [s]."""
        return float(self.frames[0]) * LOG_STEP_S

    @property
    def end_s(self) -> float:
        """Time of the last frame [s]."""
        return float(self.frames[-1]) * LOG_STEP_S

    @property
    def worst_s(self) -> float:
        """Time of least margin [s]."""
        return float(self.rows.frame[self.worst]) * LOG_STEP_S

    def slice_at(self, t_s: float) -> int:
        """The last frame at or before a time, as its place among the frames."""
        at = np.searchsorted(self.frames, t_s / LOG_STEP_S + 1e-6, side="right") - 1
        return int(np.clip(at, 0, len(self.frames) - 1))

    def rows_at(self, s: int) -> slice:
        """The rows of a frame."""
        return slice(int(self.rows.start[s]), int(self.rows.start[s + 1]))

    def row_of(self, s: int, track: int) -> int:
        """The row of a track in a frame, -1 where it is not there."""
        found = self.rows_at(s)
        at = found.start + int(np.searchsorted(self.rows.track[found], track))
        return at if at < found.stop and self.rows.track[at] == track else -1

    @cached_property
    def worn(self) -> Floats:
        """Where road users drove: pieces of 0.5 s, (M, 4), x and y of both ends [m].

        One piece a cell of ground: an hour on a ring road would otherwise be 70,000 lines.
        """
        rows = self.rows
        first = np.flatnonzero(rows.frame % PIECE_STEPS == 0)
        last = first
        for _ in range(PIECE_STEPS):
            last = np.where(last >= 0, rows.after[last], -1)
        first, last = first[last >= 0], last[last >= 0]
        pieces = np.stack([rows.x[first], rows.y[first], rows.x[last], rows.y[last]], axis=1)
        middle = 0.5 * (pieces[:, :2] + pieces[:, 2:])
        c, s = np.cos(rows.yaw[first]), np.sin(rows.yaw[first])
        along, across = middle[:, 0] * c + middle[:, 1] * s, middle[:, 1] * c - middle[:, 0] * s
        # headings to 0.1 rad, so that lanes of a curve are told apart along it as well
        cell = np.rint(np.stack([along / 4.0, across / 0.6, rows.yaw[first] / 0.1], axis=1))
        kept = np.unique(cell, axis=0, return_index=True)[1]
        return pieces[np.sort(kept)]

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """Least and largest x, least and largest y [m]."""
        x, y = self.rows.x, self.rows.y
        return float(x.min()), float(x.max()), float(y.min()), float(y.max())

    def tracks(self) -> Ints:
        """All tracks, ascending."""
        return np.unique(self.rows.track)


def _ego(about: pd.Series, rows: Rows) -> int | None:
    """A scenario has its ego in slot 0; in a recording everyone is one."""
    return 0 if about["source"] == "simulated" and 0 in rows.track else None


def _caption(about: pd.Series) -> str:
    parts = [about["source"], about["family"] or about["site"], about["outcome"]]
    if about["collided"] and about["outcome"] != "crash":
        parts.append("collision")
    return ", ".join(str(part) for part in parts if part)
