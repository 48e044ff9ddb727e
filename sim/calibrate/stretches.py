"""Unbroken stretches of a condition along time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def stretches(holds: Bools, joined: Bools, least: int = 1) -> tuple[Ints, Ints]:
    """First place and end of every maximal run in which a condition holds.

    Args:
        holds: (P,) whether it does.
        joined: (P,) whether a place goes on from the one before it.
        least: Shorter runs are left out.

    Returns:
        First places and the places after the last, (K,) each.

    >>> begin, end = stretches(np.array([1, 1, 0, 1, 1], bool), np.array([0, 1, 1, 1, 0], bool))
    >>> begin.tolist(), end.tolist()
    ([0, 3, 4], [2, 4, 5])
    """
    if len(holds) == 0:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    before = np.concatenate([[False], holds[:-1]]) & joined
    begin = np.flatnonzero(holds & ~before)
    number = np.cumsum(holds & ~before)[holds] - 1
    long = np.bincount(number, minlength=len(begin))
    end = begin + long
    return begin[long >= least], end[long >= least]


def longest(begin: Ints, end: Ints, of: Ints) -> Ints:
    """Which stretches are the longest of their kind, the first where several are.

    Args:
        begin, end: (K,) as from `stretches`.
        of: (K,) a number for the kind of each.
    """
    order = np.lexsort((begin, begin - end, of))
    first = np.ones(len(order), np.bool_)
    first[1:] = of[order[1:]] != of[order[:-1]]
    return np.sort(order[first])


def slices(begin: Ints, end: Ints) -> Iterator[slice]:
    """Each stretch as a slice."""
    for a, b in zip(begin.tolist(), end.tolist()):
        yield slice(a, b)
