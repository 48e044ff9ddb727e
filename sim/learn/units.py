"""The units that a bootstrap resamples: recordings, egos, or blocks of an ego's drive.

Only what is exchangeable may be drawn at random. Ten recordings of a site are a sample of its
recordings; of three nothing can be said about the fourth, so these are held fixed (strata), and
the egos inside them are drawn; where a few egos drive for hours, blocks of their time are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.base.rng import stream

Ints = NDArray[np.int64]
UnitKind = Literal["recording", "ego", "block", "mixed"]

MIN_RECORDINGS = 10
"""Recordings are drawn where a site has as many with usable rows; else they are held fixed."""
MIN_EGOS = 20
"""Egos are drawn where there are as many; else blocks of time."""
MIN_EFFECTIVE_EGOS = 10.0
"""The same for the effective number (sum h)² / sum h² of egos that drive h hours each."""
BLOCK_S = 60.0
"""Least length of a block [s]: twelve times the refractory time of an alarm."""
MAX_UNITS = 2000
"""More units than this are merged at random: sums of independent units are independent."""


@dataclass(frozen=True)
class Units:
    """Exchangeable units of N rows.

    Attributes:
        kind: What a unit is.
        unit: (N,) index of the unit of each row.
        stratum: (U,) units are drawn within a stratum, which is held fixed.
    """

    kind: UnitKind
    unit: Ints
    stratum: Ints


def effective_number(sizes: NDArray[np.float64] | Ints) -> float:
    """How many equal units vary as much in sum: (sum x)² / sum x² (Kish 1965).

    >>> effective_number(np.array([2.0, 2.0, 2.0])), effective_number(np.array([5.0, 0.0]))
    (3.0, 1.0)
    """
    square = float(np.square(sizes, dtype=np.float64).sum())
    return float(np.sum(sizes, dtype=np.float64)) ** 2 / square if square > 0 else 0.0


@dataclass(frozen=True)
class Support:
    """What an interval rests on.

    Attributes:
        events: Conflicts.
        units: Effective number of units that they are spread over.
    """

    events: int
    units: float

    def __add__(self, other: Support) -> Support:
        """Of two exams that share no event."""
        return Support(self.events + other.events, self.units + other.units)


def support_of(event_unit: Ints) -> Support:
    """The support of events in the given units.

    With E events that fall independently on k equal units, E² / sum e (e - 1) estimates k from
    the e events of each; Kish's E² / sum e² would count chance for clustering. There are no
    more units than those that hold events.

    >>> support_of(np.array([0, 0, 0, 0, 1, 2])).units
    3.0
    >>> round(support_of(np.array([0] * 9 + [1])).units, 2)
    1.39
    """
    each = np.bincount(event_unit) if len(event_unit) else np.zeros(1, dtype=np.int64)
    pairs = float((each * (each - 1)).sum())
    held = float(np.count_nonzero(each))
    events = len(event_unit)
    return Support(events, min(held, events**2 / pairs) if pairs > 0 else held)


def units_of(
    recording: Ints,
    group: Ints,
    ego: Ints,
    t: NDArray[np.float64],
    min_recordings: int = MIN_RECORDINGS,
) -> Units:
    """Choose the units of rows sorted by recording, ego and time.

    Recordings of one group may show the same traffic twice, so with `min_recordings` groups
    whole groups are drawn. With fewer groups, but as many recordings, recordings are drawn
    inside their groups.

    Args:
        recording: (N,) index of the recording.
        group: (R,) index of the group of each recording.
        ego: (N,) running number of the ego, across recordings.
        t: (N,) time in the recording [s].
        min_recordings: As many are needed to draw recordings.
    """
    filled = np.unique(recording)
    if len(np.unique(group[filled])) >= min_recordings:
        return _numbered("recording", group[recording], np.zeros(len(recording), dtype=np.int64))
    if len(filled) >= min_recordings:
        return _numbered("recording", recording, group[recording])
    rows = np.bincount(ego) if len(ego) else np.zeros(0, dtype=np.int64)
    if len(rows) >= MIN_EGOS and effective_number(rows) >= MIN_EFFECTIVE_EGOS:
        return _numbered("ego", ego, recording)
    return _numbered("block", blocks_of(ego, t), recording)


def blocks_of(ego: Ints, t: NDArray[np.float64]) -> Ints:
    """(N,) running number of the block of each row; the rest of a drive joins its last block.

    >>> blocks_of(np.array([0, 0, 0, 0, 1]), np.array([5.0, 64.0, 66.0, 130.0, 0.0]))
    array([0, 0, 1, 1, 2])
    """
    if len(ego) == 0:
        return np.zeros(0, dtype=np.int64)
    first = np.flatnonzero(np.diff(ego, prepend=ego[0] - 1))
    last = np.append(first[1:], len(ego)) - 1
    whole = np.maximum(np.floor((t[last] - t[first]) / BLOCK_S + 1e-9).astype(np.int64), 1)
    number = np.floor((t - t[first][ego]) / BLOCK_S + 1e-9).astype(np.int64)
    number = np.minimum(number, whole[ego] - 1)
    new = (np.diff(number, prepend=-1) != 0) | (np.diff(ego, prepend=ego[0] - 1) != 0)
    return np.asarray(np.cumsum(new) - 1, dtype=np.int64)


def merged(units: Units, most: int = MAX_UNITS) -> Units:
    """The same units, or sums of equally many of them drawn at random within each stratum."""
    count = len(units.stratum)
    if count <= most:
        return units
    draw = stream(0, 0, "bootstrap.units")
    together = -(-count // most)
    new = np.zeros(count, dtype=np.int64)
    stratum: list[Ints] = []
    for h in np.unique(units.stratum):
        inside = draw.permutation(np.flatnonzero(units.stratum == h))
        parts = min(len(inside), max(2, -(-len(inside) // together)))
        offset = sum(map(len, stratum))
        new[inside] = offset + np.arange(len(inside)) % parts
        stratum.append(np.full(parts, h, dtype=np.int64))
    return Units(units.kind, new[units.unit], np.concatenate(stratum))


def _numbered(kind: UnitKind, key: Ints, stratum: Ints) -> Units:
    """Units by a key of each row, whose strata of a single unit are joined."""
    _, first, unit = np.unique(key, return_index=True, return_inverse=True)
    of_unit = np.unique(stratum[first], return_inverse=True)[1].astype(np.int64)
    return merged(Units(kind, unit.astype(np.int64), collapsed(of_unit)))


def collapsed(stratum: Ints) -> Ints:
    """Strata of one unit joined to one, and a last one to the smallest other (Cochran 1977, 5A.12).

    A single unit shows no variance; alone it would count as if it were known exactly.
    """
    size = np.bincount(stratum)
    single = size[stratum] == 1
    out = stratum.copy()
    if single.sum() > 1:
        out[single] = stratum[single][0]
    elif single.any() and len(stratum) > 1:
        others = np.where(size > 1, size, len(stratum) + 1)
        out[single] = int(np.argmin(others))
    return np.unique(out, return_inverse=True)[1].astype(np.int64)
