"""What can be asked of a run: whole numbers, lengths, and no more than a disk can hold."""

from __future__ import annotations

import math

import numpy as np

from sim.base.errors import expected
from sim.world.log import LOG_STEP_S

MOST_EPISODES = 10_000_000
"""Of one run: some 300 GB of files (engineering)."""
MOST_IN_SHARD = 65_536
"""Episodes of a file: what two of them need has to fit into memory (engineering)."""
MOST_FILES = 100_000
"""Of a table: more make every look into its folder slow (engineering)."""
MOST_SECONDS = 3600.0
"""Of an episode [s]."""


def check_whole(name: str, value: object, least: int = 0, most: int | None = None) -> int:
    """The value, a whole number from `least` to `most`; raises `UserError` for anything else."""
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or value < least or (most is not None and value > most):  # type: ignore[operator]
        upto = "" if most is None or not whole or value < least else f" and at most {most:,}"  # type: ignore[operator]
        raise expected(name, f"a whole number of at least {least}{upto}", value)
    return int(value)  # type: ignore[call-overload, no-any-return]


SHARD = 1024
"""Episodes in a file, where nothing else is asked for."""


def check_shard(shard: int, n: int) -> int:
    """The number of episodes a file; raises `UserError` where n make too large or too many."""
    return check_whole("shard", shard, least=math.ceil(n / MOST_FILES), most=MOST_IN_SHARD)


def check_seconds(value: object) -> float:
    """The length of an episode [s]; raises `UserError` where a run cannot be so long."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise expected("seconds", "a finite time of at least 1 s", value)
    tenths = round(value / LOG_STEP_S)
    sound = 10 <= tenths <= MOST_SECONDS / LOG_STEP_S
    if not sound or abs(value / LOG_STEP_S - tenths) > 1e-6:
        raise expected("seconds", f"whole tenths of a second in 1-{MOST_SECONDS:g} s", value)
    return float(value)
