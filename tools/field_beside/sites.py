"""The logs of both sides: recordings by site, field drives by place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.logs import iter_logs
from sim.logs.field import SITES, FieldSettings, drives, record
from sim.world.log import Log

LIKE = {
    "motorway": ("us101", "openacc", "astazero"),
    "arterial": ("lankershim",),
    "town": ("dut", "sdd", "lankershim"),
}
"""Recorded sites that a place is held against."""


def recorded(roots: list[Path]) -> dict[str, list[Log]]:
    """Believed recordings by site."""
    out: dict[str, list[Log]] = {}
    for root in roots:
        for read in iter_logs(root, examine=True):
            if not read.left_out:
                out.setdefault(read.recording.site, []).append(read.log)
    return out


def driven(place: str, hours: float, hazard: float, gap: str) -> Iterator[Log]:
    """About so many ego-hours at all sites of a place."""
    sites = tuple(name for name, site in SITES.items() if site.place == place)
    settings = FieldSettings(
        sites=sites,
        train_hours=0.5 * hours,
        test_hours=0.5 * hours,
        hazard=hazard,
        gap=gap,  # type: ignore[arg-type]
    )
    for drive in drives(settings):
        yield record(drive, settings)
