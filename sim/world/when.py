"""An order: at which instant, and what a road user does once that has come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sim.base.errors import UserError, expected
from sim.world.script import Action, Trigger


@dataclass(frozen=True)
class When:
    """An order of which user and instant are told; each method completes and gives it.

    Attributes:
        give: Takes the columns of `Script` for one order.
        condition: Those that are told already.
    """

    give: Callable[..., None]
    condition: dict[str, Any]

    def brake(self, decel: ArrayLike, *, down_to: ArrayLike = 0.0) -> None:
        """Brake at `decel` [m/s²] down to a speed [m/s], then hold that speed."""
        self._give(Action.BRAKE, decel, down_to)

    def speed(self, target: ArrayLike, *, accel: ArrayLike = 2.0) -> None:
        """Go to the speed `target` [m/s] at `accel` [m/s²] up or down, then hold it."""
        self._give(Action.SPEED, target, accel)

    def lane(self, target: ArrayLike, *, lateral_speed: ArrayLike = 1.0) -> None:
        """Change to lane `target`, at most `lateral_speed` [m/s] across, look or no look."""
        self._give(Action.LANE, target, lateral_speed)

    def offset(self, d: ArrayLike, *, lateral_speed: ArrayLike = 1.0) -> None:
        """Shift to `d` [m] left of the lane's line, at most `lateral_speed` [m/s] across."""
        self._give(Action.OFFSET, d, lateral_speed)

    def go(self) -> None:
        """Leave the speed to the driver's own law from here on."""
        self._give(Action.GO, 0.0, 0.0)

    def _give(self, action: Action, value: ArrayLike, extra: ArrayLike) -> None:
        self.give(**self.condition, action=action, value=value, extra=extra)


def instant(
    told: Mapping[str, ArrayLike | None], before_s: ArrayLike, *, other: bool
) -> tuple[Trigger, ArrayLike]:
    """The trigger of an order and its threshold.

    Args:
        told: `time_s`, `gap_m`, `ttc_s` and `at_m`, all but one of them None.
        before_s: So long before `at_m` is reached [s].
        other: Whether another road user was named.

    Raises:
        UserError: Not exactly one of them is told, or another is missing or too many.
    """
    given = {name: value for name, value in told.items() if value is not None}
    if len(given) != 1:
        raise expected("when", "one of time_s, gap_m, ttc_s, at_m", len(given), where="Scene")
    ((name, threshold),) = given.items()
    if (name in ("gap_m", "ttc_s")) != other:
        raise UserError("Scene: when: expected to= with gap_m and ttc_s, and only with them")
    if name == "at_m" and not np.all(np.equal(before_s, 0.0)):
        return Trigger.ARRIVAL, threshold
    known = {"time_s": Trigger.TIME, "gap_m": Trigger.GAP, "ttc_s": Trigger.TTC}
    return known.get(name, Trigger.PLACE), threshold
