"""Blocks of 15 s of an ego's drive, each with a number of its own by which it is drawn.

A rate rests on how many independent stretches of driving were looked at. Blocks are long against
the seconds over which an ego's rows resemble each other, and are drawn over a whole side, so that
no single stretch stands for hours.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.base.rng import mix, purpose, uniform

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

BLOCK_S = 15.0
"""Length of a block [s]: three refractory times of an alarm. Blocks with a conflict all stay, so
longer ones would fill a table with the driving around the common conflicts."""


def block_numbers(
    names: Sequence[str], seed: int, episode: Ints, ego: Ints, t: Floats, busy: Bools
) -> Floats:
    """(n,) the number of each row's block, uniform in [0, 1); -1 where the block is busy.

    A number depends on the seed, the episode's name, the ego and the quarter minute only.

    Args:
        names: Of the episodes.
        seed: Of the numbers.
        episode, ego, t: (n,) of rows sorted by these; t in [s].
        busy: (n,) rows that have to stay: their whole block does.
    """
    key = np.array([purpose(name) for name in names], dtype=np.uint64)
    block = np.floor(t / BLOCK_S + 1e-9).astype(np.int64)
    about = np.uint64(purpose("study.blocks"))
    return _numbers(np.uint64(mix(np.uint64(seed % 2**63), about)), key, episode, ego, block, busy)


@njit
def _numbers(
    seed: np.uint64,
    key: NDArray[np.uint64],
    episode: Ints,
    ego: Ints,
    block: Ints,
    busy: Bools,
) -> Floats:
    out = np.empty(len(ego))
    first = 0
    for i in range(len(ego) + 1):
        ends = i == len(ego) or (
            i > 0
            and (episode[i] != episode[i - 1] or ego[i] != ego[i - 1] or block[i] != block[i - 1])
        )
        if not ends or i == 0:
            continue
        word = mix(mix(seed, key[episode[first]]), np.uint64(ego[first]))
        number = uniform(word, np.uint64(block[first]))
        for k in range(first, i):
            if busy[k]:
                number = -1.0
        out[first:i] = number
        first = i
    return out
