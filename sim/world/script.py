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
    PLACE = 4  # the centre of `other` reaches s = `threshold` [m] on its course
    ARRIVAL = 5  # `other`, at its speed of then, is `lead_s` from s = `threshold` [m]


class Action(IntEnum):
    """What is done then. Codes are in the arrays; append only."""

    BRAKE = 0  # at `value` [m/s²] down to `extra` [m/s], which is then held
    SPEED = 1  # to `value` [m/s] at `extra` [m/s²], then held
    LANE = 2  # to lane `value`, at most `extra` [m/s] across
    GO = 3  # the driver's own law from here on
    OFFSET = 4  # to `value` [m] left of the lane's line, at most `extra` [m/s] across


@dataclass(frozen=True)
class Script(Soa):
    """M orders in each of B scenarios, arrays of shape (B, M).

    An order fires once, at its instant inside the step. What it does along the road overrides
    the driver's law until the next such order; what it does across overrides lane changes
    until the lane is reached. Contact overrides both. Of two orders to one user within one
    step the later in the list stands.

    Attributes:
        actor: Slot of the user who obeys.
        other: Slot of the user to whom gap or TTC is measured, whichever is ahead, or who is
            to be somewhere; -1 none.
        trigger: Code of `Trigger`.
        threshold: [s] or [m], see `Trigger`.
        lead_s: See `Trigger`.
        delay_s: From the trigger to the action [s].
        action: Code of `Action`.
        value: See `Action`.
        extra: See `Action`.
    """

    actor: Ints
    other: Ints
    trigger: Ints
    threshold: Floats
    lead_s: Floats
    delay_s: Floats
    action: Ints
    value: Floats
    extra: Floats

    def __post_init__(self) -> None:
        """Raise `UserError` for shapes that differ or impossible values."""
        self.check_shape(self.actor.shape)
        self.check_finite(("threshold", "lead_s", "delay_s", "extra"), at_least=0.0)
        self.check_finite(("value",))
        shifts = self.action == Action.OFFSET
        if (self.value[~shifts] < 0.0).any():
            bad = float(self.value[~shifts].min())
            raise expected("value", "finite numbers, at least 0", bad, where="Script")
        sideways = (self.action == Action.LANE) | shifts
        if (sideways & (self.extra <= 0.0)).any():
            raise expected("lateral_speed", "a positive speed", 0.0, where="Script")
        if (self.value % 1.0 != 0.0)[self.action == Action.LANE].any():
            raise expected("lane of an order", "a whole number", "a fraction", where="Script")
        placed = (self.trigger == Trigger.PLACE) | (self.trigger == Trigger.ARRIVAL)
        if (placed & (self.other < 0)).any():
            raise expected("of", "a road user", "none", where="Script")
        to_other = (self.trigger == Trigger.GAP) | (self.trigger == Trigger.TTC)
        if (to_other & ((self.other < 0) | (self.other == self.actor))).any():
            raise expected("to", "another road user", "none or itself", where="Script")


def no_script() -> Script:
    """A script of one scenario without an order."""
    whole, real = np.empty((1, 0), dtype=np.int64), np.empty((1, 0))
    return Script(
        actor=whole,
        other=whole,
        trigger=whole,
        threshold=real,
        lead_s=real,
        delay_s=real,
        action=whole,
        value=real,
        extra=real,
    )
