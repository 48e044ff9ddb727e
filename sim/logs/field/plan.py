"""Which drives there are to make, and what tells one from another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.base.rng import purpose, stream
from sim.logs.field.settings import FieldSettings
from sim.logs.field.sites import site_named

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
        return f"{self.site}/drive-{self.number:02d}"

    @property
    def episode_id(self) -> str:
        """Its name in tables."""
        return f"{self.site}-drive-{self.number:02d}"


def drives(settings: FieldSettings) -> list[Drive]:
    """All drives that the settings ask for, without making any.

    Raises:
        UserError: A site is unknown.

    >>> [drive.group for drive in drives(FieldSettings(train_drives=1))][:2]
    ['freeway_a/drive-00', 'freeway_a/drive-01']
    """
    out: list[Drive] = []
    for name in settings.train_sites:
        site_named(name, "field.train_sites")
        train, kept = settings.train_drives, settings.same_site_drives
        out += [Drive(name, 2 * k, "train") for k in range(train * settings.times)]
        out += [Drive(name, 2 * k + 1, "same_site") for k in range(kept * settings.times)]
    for name in settings.new_sites:
        site_named(name, "field.new_sites")
        out += [
            Drive(name, k, "new_site") for k in range(settings.new_site_drives * settings.times)
        ]
    return out


def lasts(drive: Drive, settings: FieldSettings) -> float:
    """How long the drive is recorded [s]."""
    rng = stream(settings.seed, number_of(drive), "field drive length")
    return float(round(60.0 * rng.uniform(settings.minutes_low, settings.minutes_high)))


def number_of(drive: Drive) -> int:
    """The drive's number among all sites': no two drives share a stream of random numbers."""
    return (purpose(drive.site) % 10_000) * 100_000 + drive.number
