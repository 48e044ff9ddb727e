"""Examination of a recording: what in it cannot be believed, and why.

Each check measures one number of the recording, or of a track, against a limit of `Limits`.
`docs/recordings.md` has the checks with the numbers measured on real recordings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.logs.contact import VEHICLES
from sim.logs.findings import RECORDING, ROWS, TRACK, Finding
from sim.world.log import LOG_STEP_S, Log

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What is believed.

    Attributes:
        braking_mps2: Median over the vehicles of their mean deceleration. Of 26 US-101 clips
            of the CommonRoad conversion 15 lie at 1.7 to 3.3, the other 11 below 0.15, and
            no other of 194 recordings above 0.23.
        accelerating_mps2: The same when speeding up. A queue that starts at a signal reaches
            1.02 (Lankershim).
        vehicles: Fewer vehicles than this do not say anything about a recording.
        seen_s: Vehicles seen for less do not count as one [s].
        speed_mps: Median over a track of displacement speed against stated speed. All but 5
            of the 4,197 tracks at hand lie below 1.6; the 5 (Lankershim) at 2.1 to 3.7.
        pause_s: Longer pauses within a track are reported.
        pause_share: Share of a track's time that pauses may take: at most 0.103 in OpenACC.
        resume_mps, resume_mps2: After a pause of T s the mean speed across it may differ from
            that before and after by `resume_mps + resume_mps2 * T`: at most 1.94 in OpenACC.
    """

    braking_mps2: float = 1.0
    accelerating_mps2: float = 2.0
    vehicles: int = 8
    seen_s: float = 0.8
    speed_mps: float = 2.0
    pause_s: float = 1.0
    pause_share: float = 0.2
    resume_mps: float = 2.0
    resume_mps2: float = 0.5


LIMITS = Limits()


@dataclass(frozen=True)
class Rows:
    """R rows of one recording, sorted by track and frame.

    Attributes:
        recording: Its episode id.
        row: (R,) row in the log.
        track, frame: (R,).
        x, y: (R,) [m].
        speed: (R,) [m/s].
        vehicle: (R,) whether a vehicle.
        first: (N,) first row of each track.
        end: (N,) one past its last.
    """

    recording: str
    row: Ints
    track: Ints
    frame: Ints
    x: Floats
    y: Floats
    speed: Floats
    vehicle: Bools
    first: Ints
    end: Ints


@dataclass(frozen=True)
class Examined:
    """The findings on a recording.

    Attributes:
        findings: In the order of `CHECKS`.
        gone: (R,) rows of the log that are left out.
    """

    findings: tuple[Finding, ...]
    gone: Bools

    @property
    def left_out(self) -> bool:
        """Whether nothing is left."""
        return bool(self.gone.all())


Doubt = tuple[Finding, Ints]
"""A finding and the rows of the log that it leaves out."""


def examine(log: Log, limits: Limits = LIMITS) -> Examined:
    """Examine the Log of one recording by itself.

    Args:
        log: One episode.
        limits: What is believed.
    """
    rows = rows_of(log)
    gone = np.zeros(len(rows.row), dtype=bool)
    found = []
    for check in CHECKS.values():
        for finding, out in check(rows, limits):
            found.append(finding)
            gone[out] = True
    return Examined(tuple(found), gone)


def rows_of(log: Log) -> Rows:
    """The rows of a recording by track."""
    tracks = log.tracks
    row = np.lexsort((tracks["frame"], tracks["track_id"]))
    track = tracks["track_id"].to_numpy(dtype=np.int64)[row]
    first = np.flatnonzero(np.append(len(track) > 0, track[1:] != track[:-1])).astype(np.int64)
    return Rows(
        recording=str(log.episodes["episode_id"].iloc[0]),
        row=row,
        track=track,
        frame=tracks["frame"].to_numpy(dtype=np.int64)[row],
        x=tracks["x_m"].to_numpy(dtype=float)[row],
        y=tracks["y_m"].to_numpy(dtype=float)[row],
        speed=tracks["speed_mps"].to_numpy(dtype=float)[row],
        vehicle=tracks["kind"].isin(VEHICLES).to_numpy()[row],
        first=first,
        end=np.append(first[1:], len(track)).astype(np.int64),
    )


def common_acceleration(rows: Rows, limits: Limits = LIMITS) -> tuple[float, int]:
    """Median over the vehicles of their mean acceleration [m/s²], and how many they are."""
    last = rows.end - 1
    seen = (rows.frame[last] - rows.frame[rows.first]) * LOG_STEP_S
    counts = rows.vehicle[rows.first] & (seen > limits.seen_s - 1e-9)
    if not counts.any():
        return 0.0, 0
    gain = np.abs(rows.speed[last[counts]]) - np.abs(rows.speed[rows.first[counts]])
    return float(np.median(gain / seen[counts])), int(counts.sum())


def _all_brake(rows: Rows, limits: Limits) -> Iterator[Doubt]:
    mean, vehicles = common_acceleration(rows, limits)
    limit = limits.braking_mps2 if mean < 0.0 else limits.accelerating_mps2
    if vehicles < limits.vehicles or abs(mean) <= limit:
        return
    verb = "brake" if mean < 0.0 else "speed up"
    yield (
        Finding(
            recording=rows.recording,
            check="common_acceleration",
            value=mean,
            limit=-limit if mean < 0.0 else limit,
            reason=f"{vehicles} vehicles {verb} over the whole recording, at a median of "
            f"{abs(mean):.2f} m/s²",
            covers=RECORDING,
            rows=len(rows.row),
        ),
        rows.row,
    )


def _speeds(rows: Rows, limits: Limits) -> Iterator[Doubt]:
    """Displacement over 1 s (0.5 s where that is all) against the mean of the speeds."""
    whole = np.concatenate([[0.0], np.cumsum(np.abs(rows.speed))])
    for first, end in zip(rows.first, rows.end):
        span = min(10, end - first - 1)
        if span < 5:
            continue
        a, b = np.arange(first, end - span), np.arange(first + span, end)
        unbroken = rows.frame[b] - rows.frame[a] == span
        a, b = a[unbroken], b[unbroken]
        if len(a) == 0:
            continue
        shown = np.hypot(rows.x[b] - rows.x[a], rows.y[b] - rows.y[a]) / (span * LOG_STEP_S)
        ends = (np.abs(rows.speed[a]) + np.abs(rows.speed[b])) / 2.0
        stated = (whole[b] - whole[a + 1] + ends) / span
        off = float(np.median(np.abs(shown - stated)))
        if off > limits.speed_mps:
            share = float((np.abs(shown - stated) > limits.speed_mps).mean())
            yield (
                Finding(
                    recording=rows.recording,
                    check="speed",
                    value=off,
                    limit=limits.speed_mps,
                    reason=f"the positions of track {rows.track[first]} move at a speed that "
                    f"differs from the stated one by {off:.1f} m/s at the median, by more than "
                    f"{limits.speed_mps:g} m/s in {share:.0%} of its rows",
                    covers=TRACK,
                    rows=int(end - first),
                    track=int(rows.track[first]),
                ),
                rows.row[first:end],
            )


def _pauses(rows: Rows, limits: Limits) -> Iterator[Doubt]:
    longest = round(limits.pause_s / LOG_STEP_S)
    step = np.diff(rows.frame)
    broken = (step > longest) & (np.diff(rows.track) == 0)
    for number in np.unique(np.searchsorted(rows.first, np.flatnonzero(broken), side="right")) - 1:
        first, end = int(rows.first[number]), int(rows.end[number])
        before = first + np.flatnonzero(broken[first : end - 1])
        yield _pause(rows, limits, first, end, before)


def _pause(rows: Rows, limits: Limits, first: int, end: int, before: Ints) -> Doubt:
    """The finding on a track with pauses after the rows `before`."""
    after = before + 1
    span = (rows.frame[after] - rows.frame[before]) * LOG_STEP_S
    share = float(span.sum() / ((rows.frame[end - 1] - rows.frame[first]) * LOG_STEP_S))
    moved = np.hypot(rows.x[after] - rows.x[before], rows.y[after] - rows.y[before]) / span
    ends = (np.abs(rows.speed[before]) + np.abs(rows.speed[after])) / 2.0
    elsewhere = np.abs(moved - ends) > limits.resume_mps + limits.resume_mps2 * span
    stretches = np.split(np.arange(first, end), after - first)
    out = np.empty(0, dtype=np.int64)
    told = "it resumes where its speeds lead, and stays"
    if elsewhere.any() or share > limits.pause_share:
        kept = max(range(len(stretches)), key=lambda i: len(stretches[i]))
        out = np.concatenate([part for i, part in enumerate(stretches) if i != kept])
        where = "does not resume where its speeds lead" if elsewhere.any() else "misses too much"
        told = f"it {where}, so only its longest stretch stays"
    finding = Finding(
        recording=rows.recording,
        check="pause",
        value=float(span.max()),
        limit=limits.pause_s,
        reason=f"track {rows.track[first]} pauses {len(before)} times for more than "
        f"{limits.pause_s:g} s, {share:.0%} of its time; {told}",
        covers=ROWS,
        rows=len(out),
        track=int(rows.track[first]),
    )
    return finding, rows.row[out]


CHECKS: dict[str, Callable[[Rows, Limits], Iterator[Doubt]]] = {
    "common_acceleration": _all_brake,
    "speed": _speeds,
    "pause": _pauses,
}
"""Checks of a recording by itself; `siblings` has the one that needs other clips."""
