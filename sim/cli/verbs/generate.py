"""Sample scenarios of a family, simulate them and write their logs.

A run that was stopped goes on where it was when the same command is given again, and ends in
the same bytes.

Examples:
  closecall generate scenario=cut_in n=10000 out=runs/cut_in
  closecall generate scenario=cut_in 'scenario.gap=[lognormal, 6, 0.5]' n=1000
  closecall generate scenario=queue_tail sampler=importance n=1000 seed=3
  closecall generate -m scenario=cut_in,slow_lead n=1000 out=runs/both
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.cli.out import fresh_folder, save_config
from sim.config.build import build_family, build_sampler
from sim.sampling import generate
from sim.sampling.limits import MOST_EPISODES, SHARD, check_seconds, check_shard, check_whole

PATHS = ("out",)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Keys of `closecall generate`.

    Attributes:
        scenario: The family, with any of its distributions replaced.
        sampler: How points are chosen.
        n: Episodes.
        seed: An episode depends on it, its number and the family only.
        seconds: Length of an episode [s]; null takes the family's own.
        shard: Episodes a file.
        out: Folder, new or of an unfinished run; null makes one below `runs/`.
    """

    scenario: dict[str, Any]
    sampler: dict[str, Any]
    n: int = 1000
    seed: int = 0
    seconds: float | None = None
    shard: int = SHARD
    out: Path | None = None

    def __post_init__(self) -> None:
        check_whole("n", self.n, least=1, most=MOST_EPISODES)
        check_shard(self.shard, self.n)
        check_whole("seed", self.seed)
        if self.seconds is not None:
            check_seconds(self.seconds)


def run(settings: Settings, config: str) -> Path:
    """Generate; returns the folder."""
    family = build_family(settings.scenario)
    sampler = build_sampler(settings.sampler)
    out = settings.out if settings.out is not None else fresh_folder("generate")
    folder = generate(
        family,
        n=settings.n,
        out=out,
        seed=settings.seed,
        sampler=sampler,
        seconds=settings.seconds,
        shard=settings.shard,
    )
    save_config(folder, config)
    return folder
