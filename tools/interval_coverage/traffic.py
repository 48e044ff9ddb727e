"""Test sites whose true metrics are known: egos, conflicts and the scores of two detectors.

Conflicts are clustered: each ego has a rate of its own, gamma distributed with shape 0.7, in
proportion to the rate of its recording. A score is an autoregressive process (correlation time
1.5 s) with a level and a scale of the ego and a level of the recording, so a few egos raise
most false alarms; in the 4 s before a conflict a ramp is added whose height differs from
conflict to conflict. The second detector shares 0.7 of all that is random and has higher ramps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.signal import lfilter
from scipy.special import ndtri

from sim.features import FeatureTable
from sim.features.table import EVENT_COLUMNS
from sim.learn.exam import Exam

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STRIDE_S = 0.4
CORRELATION_S = 1.5
SHARED = 0.7
"""Share of the variance that both detectors have in common."""
RAMP = (2.6, 3.3)
"""Mean height of the ramp before a conflict, by detector, in standard deviations."""
RATE_SHAPE = 0.7
RECORDING_SD, EGO_SD, LOG_SCALE_SD = 0.3, 0.4, 0.25
APART_S = 8.0
"""Conflicts of one ego start at least this far apart [s]."""


@dataclass(frozen=True)
class Place:
    """A site: how it is recorded and how many conflicts are expected.

    Attributes:
        recordings: Of the site.
        events: Expected conflicts in all recordings together.
        hours: Ego-hours in all recordings together.
        drive_s: Mean length of an ego's drive [s].
        fixed: Recordings and, where drives are long, egos are always the same ones, and only
            what they do is random: the truth is that of these.
    """

    recordings: int
    events: int
    hours: float
    drive_s: float
    fixed: bool

    @property
    def egos(self) -> int:
        """Egos in a recording."""
        return max(1, round(3600.0 * self.hours / self.recordings / self.drive_s))

    @property
    def long_drives(self) -> bool:
        """Whether a handful of egos drive for long, and are therefore fixed too."""
        return self.drive_s > 600.0


@dataclass(frozen=True)
class Sample:
    """One draw of a site.

    Attributes:
        exam: Its rows and conflicts.
        scores: (2, N) of the two detectors.
    """

    exam: Exam
    scores: Floats


def sample(place: Place, rng: np.random.Generator, copies: int = 1) -> Sample:
    """Draw a site; of several copies, each with the same fixed effects, for the truth."""
    R, E = place.recordings, place.egos
    recording = np.repeat(np.arange(R * copies), E)
    nature = _effects(R, copies, place.fixed, rng)
    ego = _ego_effects(place, copies, rng)
    length_s = place.drive_s * rng.uniform(0.5, 1.5, len(recording))
    rows = np.round(length_s / STRIDE_S).astype(np.int64)
    starts = _starts(place, (rows * STRIDE_S).astype(np.float64), np.exp(nature[0])[recording], rng)
    table = _table(R * copies, E, rows, starts)
    return _scored(table, rows, starts, nature[1][recording], ego, rng)


def _effects(R: int, copies: int, fixed: bool, rng: np.random.Generator) -> Floats:
    """(2, R * copies) log rate of conflicts and level of the scores, by recording."""
    if not fixed:
        return np.asarray(RECORDING_SD * rng.standard_normal((2, R * copies)))
    normal = ndtri((np.arange(R) + 0.5) / R)
    return np.asarray(RECORDING_SD * np.tile(np.stack([normal[::-1], normal]), copies))


def _ego_effects(place: Place, copies: int, rng: np.random.Generator) -> Floats:
    """(2, egos) level and log scale of the scores of each ego."""
    total = place.recordings * place.egos
    sd = np.array([[EGO_SD], [LOG_SCALE_SD]])
    if not place.long_drives:
        return np.asarray(sd * rng.standard_normal((2, total * copies)))
    normal = ndtri((np.arange(total) + 0.5) / total)
    return np.asarray(sd * np.tile(np.stack([normal, np.roll(normal, total // 2)]), copies))


def _starts(place: Place, length_s: Floats, rate: Floats, rng: np.random.Generator) -> list[Floats]:
    """Start of the conflicts of each ego [s]."""
    own = np.ones(len(rate))
    if not place.long_drives:
        own = rng.gamma(RATE_SHAPE, 1.0 / RATE_SHAPE, len(rate))
    # the mean of exp(effect) over recordings is taken out, so that `events` are expected
    mean = np.exp(0.5 * RECORDING_SD**2)
    each = place.events / (place.recordings * place.egos) * own * rate / mean
    out = []
    for expected, seconds in zip(each * length_s / place.drive_s, length_s):
        slots = np.arange(4.0, max(seconds - 2.0, 4.1), APART_S)
        count = min(int(rng.poisson(expected)), len(slots))
        chosen = np.sort(rng.choice(slots, count, replace=False))
        out.append(np.round(chosen + rng.uniform(0.0, 1.0, count), 1))
    return out


def _table(recordings: int, egos: int, rows: Ints, starts: list[Floats]) -> FeatureTable:
    """The rows and conflicts as a table without features."""
    number = np.repeat(np.arange(len(rows)), rows)
    frame = np.arange(rows.sum()) - np.repeat(np.cumsum(rows) - rows, rows)
    t = frame * STRIDE_S
    first = np.cumsum(rows) - rows
    y, use = np.zeros(len(t), dtype=np.bool_), np.ones(len(t), dtype=np.bool_)
    events = []
    for k, mine in enumerate(starts):
        at = slice(first[k], first[k] + rows[k])
        for start in mine:
            y[at] |= (t[at] >= start - 3.0 - 1e-6) & (t[at] <= start - 0.5 + 1e-6)
            use[at] &= ~((t[at] > start + 1e-6) & (t[at] <= start + 1.5))
            name = f"r-{k // egos}"
            whom = (k % egos, -1, "lead", start, start + 0.5)
            seen = (1.5, 3.0, "conflict", True, np.nan)
            events.append((name, *whom, *seen, "lead", np.nan, np.nan))
    return FeatureTable(
        columns=(),
        X=np.zeros((len(t), 0), dtype=np.float32),
        y=y,
        use=use,
        short=np.zeros(len(t), dtype=np.bool_),
        weight=np.ones(len(t)),
        t=t,
        frame=frame,
        ego=number % egos,
        episode=number // egos,
        episode_names=tuple(f"r-{k}" for k in range(recordings)),
        episode_group=tuple(f"r-{k}" for k in range(recordings)),
        episode_site=("site",) * recordings,
        episode_source=("recorded",) * recordings,
        episode_weight=np.ones(recordings),
        events=pd.DataFrame(events, columns=list(EVENT_COLUMNS)).astype(EVENT_COLUMNS),
        stride_s=STRIDE_S,
    )


def _scored(
    table: FeatureTable,
    rows: Ints,
    starts: list[Floats],
    recording: Floats,
    ego: Floats,
    rng: np.random.Generator,
) -> Sample:
    """The exam of a table and the scores of both detectors on it."""
    level = np.repeat(recording + ego[0], rows)
    scale = np.repeat(np.exp(ego[1]), rows)
    noise = _noise(3, len(table), rng)
    first = np.cumsum(rows) - rows
    ramp = np.zeros((2, len(table)))
    for k, mine in enumerate(starts):
        at = slice(first[k], first[k] + rows[k])
        for start in mine:
            until = start - table.t[at]
            shape = np.where(until > -1e-6, np.clip((4.0 - until) / 3.0, 0.0, 1.0), 0.0)
            common, *own = rng.gamma(2.0, 0.5, 3)
            for d in range(2):
                ramp[d, at] += RAMP[d] * (SHARED * common + (1.0 - SHARED) * own[d]) * shape
    shared, rest = np.sqrt(SHARED), np.sqrt(1.0 - SHARED)
    scores = level + scale * (shared * noise[0] + rest * noise[1:]) + ramp
    exam = Exam.of(table)
    return Sample(exam, scores[:, exam.row])


def _noise(count: int, rows: int, rng: np.random.Generator) -> Floats:
    """(count, rows) of unit variance; from one ego to the next it is as good as independent."""
    keep = float(np.exp(-STRIDE_S / CORRELATION_S))
    fresh = rng.standard_normal((count, rows)) * np.sqrt(1.0 - keep**2)
    return np.asarray(lfilter([1.0], [1.0, -keep], fresh, axis=1))
