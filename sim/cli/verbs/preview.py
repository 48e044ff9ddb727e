"""Draw a contact sheet of a family: sixteen draws from ordinary to deadly.

Examples:
  closecall preview cut_in
  closecall preview queue_tail seed=4 out=runs/sheet
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.base.errors import expected
from sim.cli.out import result_folder, save_config
from sim.config.build import build_family, build_sampler
from sim.sampling import run_family, sample
from sim.view.ground import Ground
from sim.view.sheet import contact_sheet
from sim.world.episode import Episode

POSITIONAL = "scenario"
PATHS = ("out",)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Keys of `closecall preview`.

    Attributes:
        scenario: The family, with any of its distributions replaced.
        sampler: How points are chosen.
        n: Draws shown.
        columns: Draws a line.
        seed: An episode depends on it, its number and the family only.
        out: New folder for the picture; null makes one below `runs/`.
    """

    scenario: dict[str, Any]
    sampler: dict[str, Any]
    n: int = 16
    columns: int = 4
    seed: int = 0
    out: Path | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.n <= 100:
            raise expected("n", "a whole number of draws in 1-100", self.n)
        if not 1 <= self.columns <= 10:
            raise expected("columns", "a whole number in 1-10", self.columns)
        if self.seed < 0:
            raise expected("seed", "a whole number, at least 0", self.seed)


def run(settings: Settings, config: str) -> Path:
    """Draw; returns the picture."""
    family = build_family(settings.scenario)
    episode = sample(
        family, n=settings.n, seed=settings.seed, sampler=build_sampler(settings.sampler)
    )
    out = result_folder(settings.out, "preview")
    save_config(out, config)
    log = run_family(family, episode)
    return contact_sheet(
        log,
        path=out / f"{family.terms.name}.png",
        columns=settings.columns,
        title=family.terms.name,
        roads=lambda k: _ground(episode, k),
        event=family.event,
    )


def _ground(episode: Episode, k: int) -> Ground:
    return Ground.of(episode.road, int(episode.road_index[k]))
