"""Checks that all settings of sensors share."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import fields
from typing import Any

from sim.base.errors import expected

LATENCY_MAX_S = 2.0
"""An older report is a mistake in the settings."""


def check_numbers(
    prefix: str, settings: Any, shares: Collection[str], *, free: Collection[str] = ()
) -> None:
    """Raise `UserError` for the first number that cannot be.

    Args:
        prefix: Where the settings are, as the user writes it.
        settings: A dataclass; what is not a number is passed over.
        shares: Names of those that lie in [0, 1].
        free: Names of those that may be negative.
    """
    for item in fields(settings):
        value, key = getattr(settings, item.name), f"{prefix}.{item.name}"
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        if item.name in free and not math.isfinite(value):
            raise expected(key, "a finite number", value)
        if item.name not in free and not 0 <= value < math.inf:
            raise expected(key, "a finite number of at least 0", value)
        if item.name in shares and value > 1:
            raise expected(key, "a share in [0, 1]", value)


def check_scan(
    prefix: str, *, opening: float, most: float, reach: float, rate: float, latency: float
) -> None:
    """The same for an opening [rad], a reach [m], a scan rate [Hz] and a latency [s]."""
    if not 0 < opening <= most:
        raise expected(f"{prefix}field_of_view_rad", f"an opening in (0, {most}] rad", opening)
    if not reach > 0:
        raise expected(f"{prefix}range_max_m", "a reach above 0 m", reach)
    check_rate(prefix, rate)
    check_latency(prefix, latency)


def check_rate(prefix: str, rate: float) -> None:
    """The same for a scan rate alone [Hz]."""
    if not 0 < rate < math.inf:
        raise expected(f"{prefix}rate_hz", "scans per second above 0", rate)


def check_latency(prefix: str, latency: float) -> None:
    """The same for a latency alone [s]."""
    if not 0 <= latency <= LATENCY_MAX_S:
        raise expected(f"{prefix}latency_s", f"0 to {LATENCY_MAX_S:g} s", latency)
