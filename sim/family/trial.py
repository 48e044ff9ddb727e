"""Do scenes come of what a family's quantities were replaced by? Tried, as only `build` knows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.base.errors import UserError
from sim.family.core import Draws, Family
from sim.family.telling import scene_of

TRIED = (0.5, 0.3, 0.7, 0.1, 0.9)
"""Where in the distributions a scene is tried; one that can be built is enough."""


@dataclass(frozen=True)
class Impossible:
    """A replaced quantity that no scene can be built with.

    Attributes:
        quantity: Its name.
        why: What was wrong with the scenes.
    """

    quantity: str
    why: str


def impossible(family: Family) -> Impossible | None:
    """The replaced quantity that leaves no scene of those tried, or None."""
    plain, replaced = type(family)(), family.replaced
    why = _error(family) if replaced else None
    if why is None or _error(plain) is not None:  # a family that never builds is told elsewhere
        return None
    for name in replaced:
        if _error(family.with_overrides({name: plain.overrides[name]})) is None:
            return Impossible(name, why)
    for name, spec in replaced.items():
        alone = _error(plain.with_overrides({name: spec}))
        if alone is not None:
            return Impossible(name, alone)
    return None


def check_scene(family: Family, draws: Draws) -> None:
    """Raise `UserError` where no scene can be built of these draws."""
    scene_of(family, draws).episode()


def _error(family: Family) -> str | None:
    """What is wrong with every scene tried that constraints allow; None if one can be built."""
    found = None
    for at in TRIED:
        draws = family.draw(np.full((1, family.dimensions), at))
        if not family.allows(draws).all():
            continue
        try:
            check_scene(family, draws)
        except UserError as error:
            found = found or str(error)
        else:
            return None
    return found
