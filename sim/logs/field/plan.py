"""Which drives there are to make, and what tells one from another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.base.rng import purpose, stream
from sim.logs.field.settings import FieldSettings
from sim.logs.field.site import Site
from sim.logs.field.sites import SITES

Role = Literal["train", "same_site", "new_site"]


@dataclass(frozen=True)
class Drive:
    """A drive to be recorded.

    Attributes:
        site: Name of its site.
        number: Among the drives of that site; even ones are trained on, odd ones held out,
            so that neither set depends on the size of the other.
        role: What a study may use it for.
    """

    site: str
    number: int
    role: Role

    @property
    def group(self) -> str:
        """What a held-out split may not cut."""
        return f"{self.site}/drive-{self.number:04d}"

    @property
    def episode_id(self) -> str:
        """Its name in tables."""
        return f"{self.site}-drive-{self.number:04d}"


def drives(settings: FieldSettings) -> list[Drive]:
    """All drives that the settings ask for, without making any.

    >>> from sim.logs.field.settings import FieldSettings
    >>> planned = drives(FieldSettings(train_hours=20.0, sites=("street_a", "street_b")))
    >>> {drive.role for drive in planned} == {"train", "same_site", "new_site"}
    True
    """
    chosen = [SITES[name] for name in settings.sites]
    known = [site for site in chosen if site.trained_on]
    new = [site for site in chosen if not site.trained_on]
    halves = 2 if new else 1
    out: list[Drive] = []
    for site in known:
        train = _count(site, settings.train_hours / len(known), settings)
        kept = _count(site, settings.test_hours / halves / len(known), settings)
        out += [Drive(site.name, 2 * k, "train") for k in range(train)]
        out += [Drive(site.name, 2 * k + 1, "same_site") for k in range(kept)]
    for site in new:
        count = _count(site, settings.test_hours / halves / len(new), settings)
        out += [Drive(site.name, k, "new_site") for k in range(count)]
    return out


def _count(site: Site, hours: float, settings: FieldSettings) -> int:
    """Drives that hold about so many ego-hours, at least one."""
    minutes = 0.5 * (settings.minutes_low + settings.minutes_high)
    return max(1, round(hours / (site.egos * minutes / 60.0)))


def lasts(drive: Drive, settings: FieldSettings) -> float:
    """How long the drive is recorded [s]."""
    rng = stream(settings.seed, number_of(drive), "field drive length")
    return float(round(60.0 * rng.uniform(settings.minutes_low, settings.minutes_high)))


def number_of(drive: Drive) -> int:
    """The drive's number among all sites': no two drives share a stream of random numbers."""
    return (purpose(drive.site) % 10_000) * 100_000 + drive.number
