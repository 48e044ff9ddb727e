"""Describe a scenario family: what is dangerous, its quantities, units, sources and a sketch.

Examples:
  closecall describe cut_in
  closecall describe cut_in 'scenario.gap=[lognormal, 6, 0.5]'
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.config.build import build_family
from sim.family import description

POSITIONAL = "scenario"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Keys of `closecall describe`.

    Attributes:
        scenario: The family, with any of its distributions replaced.
    """

    scenario: dict[str, Any]


def run(settings: Settings, config: str) -> None:
    """Print the description."""
    print(description(build_family(settings.scenario)))
