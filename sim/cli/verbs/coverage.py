"""Tell what a run covers: bins of its quantities, outcomes, and what to sample next.

Writes `coverage.json`, `coverage.png` and `advice.json`; the last lists the combinations of
bins that are missing, and a run with `sampler=covering sampler.advice=FILE` fills them.

Examples:
  closecall coverage runs/cut_in out=runs/cut_in_coverage
  closecall coverage runs/cut_in levels=3 strength=2
  closecall generate scenario=cut_in sampler=covering sampler.advice=ADVICE n=40 out=runs/more
  closecall coverage runs/cut_in 'also=[runs/more]'
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from sim.base.errors import expected
from sim.base.store import write_json
from sim.cli.out import result_folder, save_config, tell
from sim.family import Family
from sim.report.coverage import coverage_chart, coverage_text
from sim.report.png import save_png
from sim.sampling.coverage.advice import save_advice
from sim.sampling.coverage.hints import Dense, densest
from sim.sampling.coverage.inputs import InputCoverage, as_json, input_coverage, run_spans, spread
from sim.sampling.coverage.nature import NaturalShare, natural_shares
from sim.sampling.coverage.outcomes import outcome_table, outcomes, preventability
from sim.sampling.designs.covering import Covering
from sim.sampling.opened import open_run

POSITIONAL = "path"
PATHS = ("path", "out")

MOST_PLANNED = 20_000
"""Missing combinations up to which the episodes that fill them are planned: some 10 s."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Keys of `closecall coverage`.

    Attributes:
        path: A folder that `generate` wrote.
        also: More runs of the same family, counted together with it.
        levels: Parts that a continuous quantity is cut into; a discrete one has its values.
        strength: Most quantities in a combination: 1, 2 or 3.
        out: New folder; null makes one below `runs/`.
    """

    path: Path
    also: list[Path] = field(default_factory=list)
    levels: int = 4
    strength: int = 3
    out: Path | None = None

    def __post_init__(self) -> None:
        if not 2 <= self.levels <= 20:
            raise expected("levels", "a whole number in 2-20", self.levels)
        if self.strength not in (1, 2, 3):
            raise expected("strength", "1, 2 or 3", self.strength)


def run(settings: Settings, config: str) -> Path:
    """Count, print, draw; returns the folder."""
    runs = [open_run(path) for path in (settings.path, *settings.also)]
    for one in runs:
        tell(one.told())
    span = run_spans(runs)
    points = spread(*span)
    met = pd.concat([outcomes(one) for one in runs], ignore_index=True)
    coverage = input_coverage(
        runs[0].family, points, levels=settings.levels, strength=settings.strength, span=span
    )
    table, shares = outcome_table(met), natural_shares(met)
    dense = densest(coverage, points, (met["severity"] != "ordinary").to_numpy())
    out = result_folder(settings.out, "coverage")
    save_config(out, config)
    advice = save_advice(coverage, out / "advice.json")
    figures = as_json(coverage) | _figures(met, table, shares, dense)
    write_json(
        {"schema": 1, "runs": [str(one.folder) for one in runs]} | figures, out / "coverage.json"
    )
    save_png(coverage_chart(coverage), out / "coverage.png")
    told = _advice(coverage, advice, met)
    print(coverage_text(coverage, table, shares, preventability(met), dense, told))
    return out


def _figures(
    met: pd.DataFrame,
    table: pd.DataFrame,
    shares: dict[str, NaturalShare] | None,
    dense: list[Dense],
) -> dict[str, Any]:
    return {
        "episodes": len(met),
        "outcomes": table.reset_index().to_dict("records"),
        "sides": met.loc[met["side"] != "", "side"].value_counts().sort_index().to_dict(),
        "natural_shares": shares and {name: asdict(one) for name, one in shares.items()},
        "preventable": preventability(met),
        "densest": [asdict(one) for one in dense],
    }


def _scenario(family: Family) -> str:
    """How the command names it, with what was replaced; a variant's file is its author's."""
    if family.variant is not None:
        return f"scenario=FILE (that of {family.terms.name})"
    replaced = [f"'scenario.{q}={json.dumps(spec)}'" for q, spec in family.replaced.items()]
    return " ".join([f"scenario={family.name}", *replaced])


def _advice(coverage: InputCoverage, path: Path, met: pd.DataFrame) -> str:
    """Which command fills what is missing, and which outcomes it will not fill."""
    tally = coverage.tallies[-1]
    empty = [
        s for s in ("near", "light", "moderate", "severe") if (met["severity"] == s).sum() == 0
    ]
    lines = []
    if len(tally.missing) > MOST_PLANNED:
        lines.append(
            f"  {len(tally.missing):,} {tally.strength}-way bins are missing; fewer levels, or "
            "strength=2, make a gap that a run can fill"
        )
    elif len(tally.missing):
        design = Covering(advice=path).design(coverage.family.space, 0)
        lines.append(
            f"  {len(tally.missing):,} {tally.strength}-way bins are missing; {len(design):,} "
            f"episodes fill them: closecall generate {_scenario(coverage.family)} "
            f"sampler=covering sampler.advice={path} n={len(design)}"
        )
    else:
        lines.append(f"  every feasible {tally.strength}-way bin is covered")
    if empty:
        lines.append(f"  no {', '.join(empty)} outcome yet: sampler=importance seeks danger")
    return "\n".join(lines)
