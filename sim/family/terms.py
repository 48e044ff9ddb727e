"""What a family states beside its quantities: what holds of draws, and of what comes of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from sim.base.errors import UserError
from sim.base.expression import Condition, parse_condition

Correlation = tuple[str, str, float]

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
"""What families and variants may be called: names of files, and of options on the command line."""

OUTCOMES: dict[str, str] = {
    "collided": "1 where the ego touched somebody, else 0",
    "min_ttc_s": "the ego's least time to collision [s]",
    "min_pet_s": "its least post-encroachment time [s]",
    "max_drac_mps2": "the largest deceleration it would have needed [m/s²]",
    "delta_v_mps": "change of its velocity in its first contact [m/s]",
    "impact_speed_mps": "relative speed in it [m/s]",
    "contact_s": "when [s]",
}
"""What expectations may speak of besides quantities: columns of a Log's `outcomes`, the ego's."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is stated of a family, or of a variant of one.

    Attributes:
        name: Of the family or variant.
        title: In a few words.
        danger: Least and greatest share of episodes with the family's event under nominal
            sampling; None where nobody has said.
        constraints: Conditions on quantities that every draw meets; others are drawn anew.
        correlations: Pairs of quantities and the correlation of their normal scores.
        always, never: Conditions on quantities and outcomes that every episode, or none, meets.
        fitted: What its distributions were fitted on, in the words of whoever did.
    """

    name: str
    title: str = ""
    danger: tuple[float, float] | None = None
    constraints: tuple[str, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    always: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    fitted: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def whole(self) -> dict[str, Any]:
        """All of it as plain values."""
        return {**asdict(replace(self, fitted={})), "fitted": dict(self.fitted)}

    @property
    def written(self) -> dict[str, Any]:
        """The same as plain values, without what is empty."""
        out: dict[str, Any] = {
            "name": self.name,
            "constraints": list(self.constraints),
            "correlations": [list(pair) for pair in self.correlations],
            "danger": None if self.danger is None else list(self.danger),
            "always": list(self.always),
            "never": list(self.never),
        }
        return {key: value for key, value in out.items() if value}


def read_conditions(
    texts: Iterable[str], known: Mapping[str, int], where: str
) -> tuple[Condition, ...]:
    """Conditions of `where` on names and how many values each has, checked; raises `UserError`."""
    tried = {name: np.zeros((1, k) if k > 1 else 1) for name, k in known.items()}
    read = tuple(parse_condition(t, known, f"{where}[{k}]") for k, t in enumerate(texts))
    for k, condition in enumerate(read):
        try:
            condition.holds(tried)  # tells a number that is missing, or beyond those there are
        except UserError as error:
            raise UserError(f"{where}[{k}]: {error}") from None
    return read
