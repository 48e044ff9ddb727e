"""What the author of a scenario orders: when this, then that."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import expected
from sim.base.soa import Soa

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Trigger(IntEnum):
    """When an order is given. Codes are in the arrays; append only."""

    NEVER = 0  # an unused place
    TIME = 1  # at `threshold` [s]
    GAP = 2  # the gap to `other`, bumper to bumper, falls below `threshold` [m]
    TTC = 3  # the time to collision between them falls below `threshold` [s]


class Action(IntEnum):
    """What is done then. Codes are in the arrays; append only."""

    BRAKE = 0  # at `value` [m/s²] down to `extra` [m/s], which is then held
    SPEED = 1  # to `value` [m/s] at `extra` [m/s²], then held
    LANE = 2  # to lane `value`, at most `extra` [m/s] across
    GO = 3  # the driver's own law from here on


@dataclass(frozen=True)
class Script(Soa):
    """M orders in each of B scenarios, arrays of shape (B, M).

    An order fires once, at its instant inside the step. What it does along the road overrides
    the driver's law until the next such order; what it does across overrides lane changes
    until the lane is reached. Contact overrides both. Of two orders to one user within one
    step the later in the list stands.

    Attributes:
        actor: Slot of the user who obeys.
        other: Slot of the user to whom gap or TTC is measured, whichever is ahead; -1 none.
        trigger: Code of `Trigger`.
        threshold: [s], [m] or [s], see `Trigger`.
        delay_s: From the trigger to the action [s].
        action: Code of `Action`.
        value: See `Action`.
        extra: See `Action`.
    """

    actor: Ints
    other: Ints
    trigger: Ints
    threshold: Floats
    delay_s: Floats
    action: Ints
    value: Floats
    extra: Floats

    def __post_init__(self) -> None:
        """Raise `UserError` for shapes that differ or impossible values."""
        self.check_shape(self.actor.shape)
        self.check_finite(("threshold", "delay_s", "value", "extra"), at_least=0.0)
        to_other = (self.trigger == Trigger.GAP) | (self.trigger == Trigger.TTC)
        if (to_other & ((self.other < 0) | (self.other == self.actor))).any():
            raise expected("to", "another road user", "none or itself", where="Script")
