"""List the scenario families.

Examples:
  closecall list
  closecall list tag=night
  closecall list 'tag=[night, wet]'
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.family import listing


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Keys of `closecall list`.

    Attributes:
        tag: Only families with this tag, or all of these.
    """

    tag: str | tuple[str, ...] = ()


def run(settings: Settings, config: str) -> None:
    """Print a line for each family."""
    tags = (settings.tag,) if isinstance(settings.tag, str) else settings.tag
    print(listing(tags))
