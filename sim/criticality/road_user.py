"""Two road users as structs of arrays, from whatever holds their columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sim.base.errors import expected
from sim.criticality.arrays import Floats, floats, keep_nan, not_negative

SUFFIXED = {
    "x": "x_m",
    "y": "y_m",
    "yaw": "yaw_rad",
    "speed": "speed_mps",
    "length": "length_m",
    "width": "width_m",
}
"""The columns of a Log's tracks that stand for the fields."""


@dataclass(frozen=True)
class RoadUser:
    """One road user or many, arrays that broadcast against each other.

    Attributes:
        x: Centre of the box, eastward [m].
        y: Centre of the box, northward [m].
        yaw: Heading, counter-clockwise from east [rad].
        speed: Along the heading [m/s], negative in reverse.
        length: Of the box [m].
        width: Of the box [m].
        accel: Along the heading [m/s²], or None: the speed stays.

    Raises:
        UserError: A field is not a number, the shapes do not go together, or a size is negative.
    """

    x: ArrayLike
    y: ArrayLike
    yaw: ArrayLike
    speed: ArrayLike
    length: ArrayLike
    width: ArrayLike
    accel: ArrayLike | None = None

    def __post_init__(self) -> None:
        """Turn the fields into arrays and check them."""
        given = [getattr(self, name) for name in (*SUFFIXED, "accel")]
        floats(*(value for value in given if value is not None))
        for name, value in zip((*SUFFIXED, "accel"), given):
            if value is not None:
                object.__setattr__(self, name, np.asarray(value, dtype=np.float64))
        for name in ("length", "width"):
            not_negative(name, getattr(self, name), "m")


def state(user: Any) -> tuple[Floats, ...]:
    """x, y, yaw, speed, length and width of anything that has them, as arrays of one shape.

    Args:
        user: A `RoadUser`, any object with these attributes, or a mapping, structured array
            or DataFrame with these keys or a Log's (`x_m`, `y_m`, ...).

    Raises:
        UserError: A field is missing or not a number, or a size is negative.
    """
    values = [_field(user, name) for name in SUFFIXED]
    for name, value in zip(("length", "width"), values[4:]):
        not_negative(name, value, "m")
    return floats(*values)


def accel_of(user: Any) -> ArrayLike | None:
    """Its field `accel`, None where it has none."""
    if not _has_keys(user):
        found: ArrayLike | None = getattr(user, "accel", None)
        return found
    return user["accel"] if "accel" in _keys(user) else None


def over_pairs(
    loop: Callable[[Floats], Floats], first: Any, second: Any, *more: ArrayLike
) -> Floats:
    """A compiled loop over the pairs, whatever their shape; NaN where anything is.

    Args:
        loop: From (12 + M, N), the fields of `state` of both and then `more`, to (N,).
        first: `RoadUser` or anything with its fields.
        second: Likewise; arrays broadcast.
        *more: M further arguments.
    """
    columns = floats(*state(first), *state(second), *more)
    flat = np.stack([column.ravel() for column in columns])
    return keep_nan(loop(flat).reshape(columns[0].shape), *columns)


def _field(user: Any, name: str) -> ArrayLike:
    value = None
    if not _has_keys(user):
        value = getattr(user, name, None)
    else:
        for key in (name, SUFFIXED[name]):
            if key in _keys(user):
                value = user[key]
                break
    if value is None:
        wanted = f"fields {', '.join(SUFFIXED)}"
        raise expected("road user", wanted, f"a {type(user).__name__} without {name}")
    return np.asarray(value)


def _has_keys(user: Any) -> bool:
    if isinstance(user, np.ndarray | np.void):
        return user.dtype.names is not None
    return isinstance(user, Mapping | pd.DataFrame | pd.Series)


def _keys(user: Any) -> Any:
    return user.dtype.names if isinstance(user, np.ndarray | np.void) else user.keys()
