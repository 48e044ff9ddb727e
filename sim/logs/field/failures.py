"""How often road users fail, and the dial that makes it more often than in reality."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Failures:
    """Rates and shares of failures of one drive; all grow with the hazard.

    Attributes:
        lapses: Factor on the rate of glances away, 1 at the default hazard.
        overlook: Share of road users that a driver overlooks for some seconds where it looks
            for others than its leader.
        bold: Share of people who take gaps that are too short.
        hasty: Share of drivers who do.
    """

    lapses: float
    overlook: float
    bold: float
    hasty: float


def failures_at(hazard: float) -> Failures:
    """Failures at a hazard, 1 being real.

    Shares are those of the default hazard, 10, scaled, and at most a quarter; all engineering:
    what they lead to is measured beside the 100-Car study's rates in the documentation.

    >>> failures_at(10.0).lapses
    1.0
    """
    by = hazard / 10.0
    return Failures(
        lapses=by,
        overlook=min(0.02 * by, 0.25),
        bold=min(0.03 * by, 0.25),
        hasty=min(0.05 * by, 0.25),
    )
