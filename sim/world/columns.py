"""From what was told of each user and order to the columns of an episode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.base.soa import whole_numbers
from sim.world.drivers import Drivers
from sim.world.script import Script
from sim.world.state import Users

Row = Mapping[str, NDArray[Any]]

WHOLE = frozenset({"course", "lane", "kind", "actor", "other", "trigger", "action"})


def user_columns(users: Sequence[Row]) -> dict[str, NDArray[Any]]:
    """The columns of `Users`, (n, N), of N users told as (n,) each."""
    return _stacked([field.name for field in fields(Users)], users)


def trait_columns(drivers: Sequence[Row], n: int) -> dict[str, NDArray[Any]]:
    """The traits that any driver was given, (n, N), with defaults for the others."""
    out = {}
    for name in sorted({name for driver in drivers for name in driver}):
        usual = Drivers.__dataclass_fields__[name].metadata["default"]
        out[name] = np.stack([driver.get(name, np.full(n, usual)) for driver in drivers], axis=1)
    return out


def order_columns(orders: Sequence[Row], n: int) -> dict[str, NDArray[Any]]:
    """The columns of `Script`, (n, M)."""
    names = [field.name for field in fields(Script)]
    if orders:
        return _stacked(names, orders)
    return {name: np.empty((n, 0), np.int64 if name in WHOLE else np.float64) for name in names}


def _stacked(names: list[str], rows: Sequence[Row]) -> dict[str, NDArray[Any]]:
    """Rows of (n,) arrays as (n, rows) arrays, each of its type."""
    return {name: _typed(name, np.stack([row[name] for row in rows], axis=1)) for name in names}


def _typed(name: str, column: NDArray[Any]) -> NDArray[Any]:
    if name in WHOLE:
        return whole_numbers(name, column, where="Scene")
    typed: NDArray[Any] = column.astype(np.bool_ if name == "present" else np.float64)
    return typed
