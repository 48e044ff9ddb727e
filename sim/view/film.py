"""One episode made ready to be drawn at any time: rows by frame, leads, scores and alarms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.errors import UserError, expected
from sim.view import moment
from sim.world.log import LOG_STEP_S, Log
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

SCORE_COLUMNS = ("episode_id", "ego_id", "t_s", "score", "alarm")
PIECE_STEPS = 5
HOLD_STEPS = 4
"""A score stands for this many steps of 0.1 s, as scores come every 0.2 to 0.4 s."""


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
        close: (R,), the lesser of the margin to the lead and of the TTC to who crosses [s].
        worst: Row of least margin; of first contact where the ego of a scenario crashed.
        other: Row of its lead then, or of whom it touched; -1 where none.
        ego: Track to follow unless told otherwise.
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
    close: Floats
    worst: int
    other: int
    ego: int

    @classmethod
    def of(
        cls,
        log: Log,
        index: int,
        *,
        scores: pd.DataFrame | None = None,
        follow: int | None = None,
    ) -> Film:
        """The film of one episode, by its row number.

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
        score, alarm = _scores(rows, name, scores)
        leading = follow if follow is not None else _ego(about, rows)
        among = rows.track == leading if leading is not None else np.ones(len(rows), dtype=bool)
        simulated = about["source"] == "simulated"
        close = moment.margin(rows, lead, gap, ttc, noisy=not simulated)
        crosses, across, apart = moment.crossing(rows, among & simulated)
        passed = np.isinf(across) & (close > moment.FAR_S) & (apart < moment.PASSING_M)
        meets = np.where((across < close) | passed, crosses, lead)
        close = np.minimum(close, across)
        if about["collided"] and follow is None and leading is not None:
            worst, other = moment.contact(rows, leading)
        else:
            worst = moment.least(rows, close, apart, among)
            other = int(meets[worst])
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
            close=close,
            worst=worst,
            other=other,
            ego=int(rows.track[worst]),
        )

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


def _scores(rows: Rows, name: str, scores: pd.DataFrame | None) -> tuple[Floats, Bools]:
    score = np.full(len(rows), np.nan)
    alarm = np.zeros(len(rows), dtype=bool)
    if scores is None:
        return score, alarm
    missing = [column for column in SCORE_COLUMNS if column not in scores]
    if missing:
        raise UserError(f"scores: missing column {', '.join(missing)}")
    mine = scores[scores["episode_id"].astype(str) == name]
    frame = np.rint(mine["t_s"].to_numpy(dtype=np.float64) / LOG_STEP_S).astype(np.int64)
    place = pd.MultiIndex.from_arrays([rows.frame, rows.track])
    at = place.get_indexer(pd.MultiIndex.from_arrays([frame, mine["ego_id"]]))
    score[at[at >= 0]] = mine["score"].to_numpy(dtype=np.float64)[at >= 0]
    alarm[at[at >= 0]] = mine["alarm"].to_numpy(dtype=bool)[at >= 0]
    return _held(rows, score, alarm)


def _held(rows: Rows, score: Floats, alarm: Bools) -> tuple[Floats, Bools]:
    for _ in range(HOLD_STEPS - 1):
        gap = np.isnan(score) & (rows.before >= 0)
        score[gap], alarm[gap] = score[rows.before[gap]], alarm[rows.before[gap]]
    return score, alarm
