"""The second half of an order: what a road user does once its instant has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike

from sim.world.script import Action


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
