"""What kind of field logs to make, and how many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.base.errors import UserError, expected

Gap = Literal["none", "mild", "strong"]

MOST_DRIVES = 10_000
"""Of one kind: as many take days to simulate and to sense (engineering)."""


@dataclass(frozen=True, kw_only=True)
class FieldSettings:
    """Field-style logs, for use where no recordings are at hand.

    The defaults make 26 drives, about 90 ego-hours, with 100-150 conflicts to train on and
    some 190 to test on in either regime (0.3-0.6 % of the rows are positive).

    Attributes:
        gap: How far the field is from the scenario families. none: their own law, the same
            kind of drivers, the same sensor. mild: another law (Gipps), drivers whose
            traits go together, a somewhat worse sensor. strong: Gipps and Krauss mixed,
            heavier tails, stronger ties between traits, the same sensor as mild.
        train_sites: Sites whose drives are trained on, and held out as `same_site`.
        new_sites: Sites that are never trained on.
        train_drives: Drives at each training site to train on.
        same_site_drives: Drives at each training site kept for testing.
        new_site_drives: Drives at each new site.
        times: Multiplies the three numbers of drives: 20 makes twenty times the hours.
        minutes_low, minutes_high: Length of a drive [min], uniform between; 5-20.
        users_low, users_high: Road users a drive aims to have on the road at once; 30-80.
        seed: A drive depends on this, its site and its number only.
    """

    gap: Gap = "mild"
    train_sites: tuple[str, ...] = ("freeway_a", "arterial_a")
    new_sites: tuple[str, ...] = ("freeway_b", "arterial_b")
    train_drives: int = 4
    same_site_drives: int = 5
    new_site_drives: int = 4
    times: int = 1
    minutes_low: float = 5.0
    minutes_high: float = 6.0
    users_low: int = 32
    users_high: int = 40
    seed: int = 7

    def __post_init__(self) -> None:
        if self.gap not in ("none", "mild", "strong"):
            raise expected("field.gap", "none, mild or strong", self.gap)
        for name in ("train_drives", "same_site_drives", "new_site_drives", "times"):
            if not 1 <= getattr(self, name) <= MOST_DRIVES:
                wanted = f"a whole number in 1-{MOST_DRIVES}"
                raise expected(f"field.{name}", wanted, getattr(self, name))
        _within("minutes", self.minutes_low, self.minutes_high, 5, 20, "minutes")
        _within("users", self.users_low, self.users_high, 30, 80, "road users")
        if self.seed < 0:
            raise expected("field.seed", "a whole number, at least 0", self.seed)
        self._check_sites()

    @property
    def sensor(self) -> str:
        """Name of the sensor outfit that sees these logs."""
        return "default" if self.gap == "none" else "field"

    def _check_sites(self) -> None:
        for name in ("train_sites", "new_sites"):
            if not getattr(self, name):
                raise expected(f"field.{name}", "at least one site", list(getattr(self, name)))
        both = sorted(set(self.train_sites) & set(self.new_sites))
        if both:
            raise UserError(f"field.new_sites: {both[0]!r} is a training site too")


def _within(name: str, low: float, high: float, least: int, most: int, unit: str) -> None:
    for key, value in ((f"{name}_low", low), (f"{name}_high", high)):
        if not least <= value <= most:
            raise expected(f"field.{key}", f"{least}-{most} {unit}", value)
    if low > high:
        raise UserError(f"field.{name}_low: expected at most {name}_high = {high:g}, got {low:g}")
