"""The distinct ways in which a family's ego crashes: an archive of its failures.

Prints one line a way: whom it touched, where, how fast and when, how often that happens in nature,
and how ordinary the most ordinary scenario of its kind is. Writes `ways.csv`, a picture of them,
and a concrete scenario file for each.

Examples:
  closecall ways cut_in
  closecall ways straight_crossing budget=20000 out=runs/ways
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.base.errors import UserError, expected
from sim.base.store import write_text
from sim.cli.out import result_folder, save_config
from sim.config.build import build_family
from sim.family import Concrete, save_concrete
from sim.family.text import table
from sim.sampling import episodes_of, run_family
from sim.sampling.limits import check_whole
from sim.sampling.search.archive import MOST_BUDGET, Archive, archive
from sim.view.ground import Ground
from sim.view.sheet import contact_sheet

POSITIONAL = "scenario"
PATHS = ("out",)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Keys of `closecall ways`.

    Attributes:
        scenario: The family or scenario file.
        budget: Episodes to run.
        shown: Ways in the picture at most, the most ordinary first.
        seed: Of draws, search and noise.
        out: New folder; null makes one below `runs/`.
    """

    scenario: dict[str, Any]
    budget: int = 5000
    shown: int = 16
    seed: int = 0
    out: Path | None = None

    def __post_init__(self) -> None:
        check_whole("budget", self.budget, least=500, most=MOST_BUDGET)
        if not 1 <= self.shown <= 100:
            raise expected("shown", "a whole number of ways in 1-100", self.shown)
        if self.seed < 0:
            raise expected("seed", "a whole number, at least 0", self.seed)


def run(settings: Settings, config: str) -> Path:
    """Search; returns the folder."""
    family = build_family(settings.scenario)
    found = archive(family, budget=settings.budget, seed=settings.seed)
    if found.table.empty:
        raise UserError(f"{family.terms.name}: no contact in {found.budget:,} episodes")
    out = result_folder(settings.out, "ways")
    save_config(out, config)
    write_text(found.table.to_csv(index=False), out / "ways.csv")
    for k in range(len(found.table)):
        save_concrete(_frozen(found, k), out / f"way_{k + 1:02d}.yaml")
    _picture(found, out / "ways.png", settings.shown)
    print(_told(found))
    sys.stdout.flush()
    return out


def _told(found: Archive) -> str:
    rows: list[tuple[str, ...]] = [
        ("way", "touches", "with its", "at", "when", "in nature", "found", "log likelihood")
    ]
    for k, row in enumerate(found.table.to_dict("records"), start=1):
        what = (row["who"], row["side"], row["impact"], row["time"])
        share = f"{row['natural_share']:.2%}"
        ordinary = f"{row['log_likelihood']:.1f}"
        rows.append((str(k), *map(str, what), share, str(row["found"]), ordinary))
    note = (
        f"{len(found.table)} ways in {found.budget:,} episodes, {found.nominal:,} of them as in "
        f"nature; quality-diversity score {found.qd_score:.2f}"
    )
    return f"{table(rows)}\n\n{note}"


def _frozen(found: Archive, k: int) -> Concrete:
    return Concrete(
        family=found.family,
        values=found.family.draw(found.points[k : k + 1]).values,
        seed=found.seed,
        episode=int(found.table["episode"].iloc[k]),
        seconds=found.family.seconds,
        name=found.family.terms.name,
        about={"way": k + 1, "natural_share": float(found.table["natural_share"].iloc[k])},
    )


def _picture(found: Archive, path: Path, shown: int) -> None:
    family, points = found.family, found.points[:shown]
    episode = episodes_of(family, family.draw(points), seed=found.seed)
    episode.episode_id[:] = found.table["episode"].to_numpy()[: len(points)]
    contact_sheet(
        run_family(family, episode),
        path=path,
        title=f"{family.terms.name}: distinct ways to crash",
        note="the most ordinary scenario of each way, the lightest blow first",
        names=[f"way {k + 1}" for k in range(len(points))],
        count=shown,
        roads=lambda k: Ground.of(episode.road, int(episode.road_index[k])),
        event=family.event,
    )
