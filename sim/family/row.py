"""A row of a run's `episodes` table as the concrete scenario that it stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from sim.base.errors import expected
from sim.family.concrete import Concrete
from sim.family.core import Family


def concrete_of(family: Family, row: Mapping[str, Any], seconds: float | None = None) -> Concrete:
    """The concrete scenario that a row of a Log's `episodes` holds.

    Args:
        family: Of which it was drawn.
        row: With columns `episode_id`, `seed` and `q.<quantity>_<unit>`.
        seconds: Length of the run [s]; the family's own if left out.

    Raises:
        UserError: A quantity is missing, as where the row is of another family, or is no
            number; or the row has no key of noise.
    """
    values = {}
    for q in family.quantities:
        numbers = np.array([[_number(row, f"q.{column}") for column in q.columns]])
        values[q.name] = numbers[:, 0] if q.each == 1 else numbers
    kept = ("outcome", "min_ttc_s", "collided", "delta_v_mps", "preventable", "log_weight")
    return Concrete(
        family=family,
        values=MappingProxyType(values),
        seed=_seed(row),
        episode=_episode(row),
        seconds=family.seconds if seconds is None else seconds,
        name=family.terms.name,
        about={key: row[key] for key in kept if key in row},
    )


def _number(row: Mapping[str, Any], name: str) -> float:
    if name not in row:
        raise expected("episode", f"a column {name}", row.get("episode_id"))
    if not isinstance(row[name], (float, np.floating)) or not np.isfinite(row[name]):
        raise expected(name, "a finite number", row[name])
    return float(row[name])


def _seed(row: Mapping[str, Any]) -> int:
    seed = row.get("seed")
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise expected("seed", "a whole number of at least 0", seed)
    return int(seed)


def _episode(row: Mapping[str, Any]) -> int:
    """The number in the episode's id, its part of the key of the noise."""
    digits = str(row.get("episode_id")).rpartition("-")[2]
    if not re.fullmatch(r"[0-9]{1,19}", digits) or int(digits) >= 2**63:
        raise expected("episode_id", "an id that ends in -NUMBER", row.get("episode_id"))
    return int(digits)
