"""An interval for a share that was counted."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri


def wilson(hits: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """The interval of a binomial share.

    Args:
        hits: How many of
        n: independent trials; both may be effective numbers of weighted ones.
        level: Of confidence.

    Source: Wilson, J. Am. Stat. Assoc. 22 (1927) 209.

    >>> low, high = wilson(0, 100)
    >>> low, round(high, 4)
    (0.0, 0.037)
    """
    z = float(ndtri(0.5 + 0.5 * level))
    share = hits / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    low = 0.0 if hits == 0 else float(middle - half)
    return low, 1.0 if hits == n else float(middle + half)
