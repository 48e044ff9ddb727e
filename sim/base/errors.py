"""The one way in which Closecall tells users that their input is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

import numpy as np

LONGEST, MOST_TOLD = 120, 60
"""Characters of a value, and known names, that one line holds."""


class UserError(Exception):
    """A mistake of the user's, told in one line; the command line exits with code 2."""


def expected(name: str, wanted: str, actual: object, *, where: str = "") -> UserError:
    """The error for a value that is not what it should be.

    Args:
        name: The key, column or argument, as the user wrote it.
        wanted: What would have been right, in words with units.
        actual: What came instead.
        where: The file or place, if there is one.

    >>> str(expected("n", "a whole number of episodes, at least 1", "ten"))
    "n: expected a whole number of episodes, at least 1, got 'ten'"
    """
    place = f"{where}: " if where else ""
    shown = clipped(repr(actual.item() if isinstance(actual, np.generic) else actual))
    return UserError(f"{place}{name}: expected {wanted}, got {shown}")


def unknown(kind: str, name: str, known: Iterable[str], *, where: str = "") -> UserError:
    """The error for a name that nothing answers to, with the nearest one that would.

    >>> str(unknown("family", "cutin", ["cut_in", "slow_lead"]))
    "family: unknown name 'cutin', did you mean 'cut_in'? Known: cut_in, slow_lead"
    """
    names = sorted(known)
    near = get_close_matches(name, names, n=1)
    hint = f", did you mean {clipped(repr(near[0]))}?" if near else "."
    place = f"{where}: " if where else ""
    told = ", ".join(clipped(safe(one)) for one in names[:MOST_TOLD])
    more = f", and {len(names) - MOST_TOLD} more" if len(names) > MOST_TOLD else ""
    return UserError(f"{place}{kind}: unknown name {clipped(repr(name))}{hint} Known: {told}{more}")


def safe(text: str) -> str:
    r"""Text of unknown origin as a terminal may show it: what would steer it is written out.

    >>> print(safe("a\x1b[2Jb"))
    a\x1b[2Jb
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def clipped(text: str) -> str:
    """No more of a text than fits in a line."""
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
