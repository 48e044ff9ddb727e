"""What kind of field-style logs to make, and how many hours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.base.errors import UserError, expected
from sim.logs.field.sites import SITES, site_named

Gap = Literal["none", "mild", "strong"]

HOURS_MAX = 100_000.0
"""Ego-hours of a side: as many take days to simulate and to sense (engineering)."""
HAZARD_MAX = 100.0


@dataclass(frozen=True, kw_only=True)
class FieldSettings:
    """Field-style logs, for use where no recordings are at hand.

    The defaults make a small fleet's recordings: some 20 ego-hours to train on and 240 to test
    on, half of these at sites that are never trained on.

    Attributes:
        gap: How far the field is from the scenario families. none: their own law, the same
            kind of drivers, the same sensor. mild: another law (Gipps), drivers whose
            traits go together, a somewhat worse sensor. strong: Gipps and Krauss mixed,
            heavier tails, stronger ties between traits, the same sensor as mild.
        hazard: How much more often than in reality people fail: glances away, road users
            overlooked, gaps misjudged, loads lost; 1 is real. What it makes of the rates is
            in the documentation of the field.
        sites: Where; those that are not trained on test new sites only.
        train_hours: Ego-hours to train on, shared out evenly over the sites trained on,
            at least one drive each.
        test_hours: Ego-hours to test on: half of them at the sites trained on, half at others,
            where both are asked for.
        minutes_low, minutes_high: Length of a drive [min], uniform between; 2-20.
        seed: A drive depends on this, its site, its number, gap and hazard only.
    """

    gap: Gap = "mild"
    hazard: float = 10.0
    sites: tuple[str, ...] = tuple(SITES)
    train_hours: float = 20.0
    test_hours: float = 240.0
    minutes_low: float = 4.0
    minutes_high: float = 5.0
    seed: int = 7

    def __post_init__(self) -> None:
        if self.gap not in ("none", "mild", "strong"):
            raise expected("field.gap", "none, mild or strong", self.gap)
        if not 1.0 <= self.hazard <= HAZARD_MAX:
            raise expected("field.hazard", f"1 (real) to {HAZARD_MAX:g}", self.hazard)
        for name in ("train_hours", "test_hours"):
            if not 0.0 < getattr(self, name) <= HOURS_MAX:
                wanted = f"ego-hours above 0, at most {HOURS_MAX:g}"
                raise expected(f"field.{name}", wanted, getattr(self, name))
        for name in ("minutes_low", "minutes_high"):
            if not 2.0 <= getattr(self, name) <= 20.0:
                raise expected(f"field.{name}", "2-20 minutes", getattr(self, name))
        if self.minutes_low > self.minutes_high:
            wanted = f"at most minutes_high = {self.minutes_high:g}"
            raise expected("field.minutes_low", wanted, self.minutes_low)
        if self.seed < 0:
            raise expected("field.seed", "a whole number, at least 0", self.seed)
        self._check_sites()

    @property
    def sensor(self) -> str:
        """Name of the sensor outfit that sees these logs."""
        return "default" if self.gap == "none" else "field"

    def _check_sites(self) -> None:
        chosen = [site_named(name, "field.sites") for name in self.sites]
        if len(set(self.sites)) < len(self.sites):
            raise UserError("field.sites: a site is named twice")
        if not any(site.trained_on for site in chosen):
            known = ", ".join(name for name, site in SITES.items() if site.trained_on)
            raise expected("field.sites", f"at least one of {known} to train on", [*self.sites])
