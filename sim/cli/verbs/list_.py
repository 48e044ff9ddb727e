"""List the scenario families.

Example:
  closecall list
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.family import listing, load_families


@dataclass(frozen=True, kw_only=True)
class Settings:
    """This verb has no keys."""


def run(settings: Settings, config: str) -> None:
    """Print a line for each family."""
    load_families()
    print(listing())
