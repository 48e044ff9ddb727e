"""What a family states beside its quantities: what holds of draws, and of what comes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import Any

from sim.base.expression import Condition, parse_condition

Correlation = tuple[str, str, float]

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
    texts: Iterable[str], known: Iterable[str], where: str
) -> tuple[Condition, ...]:
    """Conditions of `where`, each checked; raises `UserError`."""
    names = list(known)
    return tuple(parse_condition(t, names, f"{where}[{k}]") for k, t in enumerate(texts))
