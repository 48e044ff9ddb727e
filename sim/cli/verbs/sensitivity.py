"""Which quantities drive a family's danger: Sobol' indices and one-at-a-time curves.

Prints a table, and writes `sensitivity.png`, `indices.csv` and `curves.csv`.

Examples:
  closecall sensitivity cut_in
  closecall sensitivity my_variant.yaml of=contact n=1024
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.base.errors import expected
from sim.base.store import write_text
from sim.cli.out import result_folder, save_config
from sim.config.build import build_family
from sim.family.text import table
from sim.report.sensitivity import picture
from sim.sampling.search.sensitivity import Sensitivity, sensitivity

POSITIONAL = "scenario"
PATHS = ("out",)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Keys of `closecall sensitivity`.

    Attributes:
        scenario: The family or scenario file.
        of: What is explained: danger (0 to 1), event or contact (0 or 1).
        n: Size of the samples behind the indices, a power of two; n times the quantities are
            run.
        base: Scenes in which one quantity at a time is moved for the curves.
        seed: Of points and noise.
        out: New folder; null makes one below `runs/`.
    """

    scenario: dict[str, Any]
    of: str = "danger"
    n: int = 256
    base: int = 64
    seed: int = 0
    out: Path | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.base <= 10_000:
            raise expected("base", "a whole number of scenes in 1-10000", self.base)
        if self.n > 2**16:
            raise expected("n", "a power of two up to 65536", self.n)
        if self.seed < 0:
            raise expected("seed", "a whole number, at least 0", self.seed)


def run(settings: Settings, config: str) -> Path:
    """Measure; returns the picture."""
    family = build_family(settings.scenario)
    found = sensitivity(
        family, n=settings.n, of=settings.of, base=settings.base, seed=settings.seed
    )
    out = result_folder(settings.out, "sensitivity")
    save_config(out, config)
    write_text(found.indices.to_csv(index=False), out / "indices.csv")
    write_text(found.curves.to_csv(index=False), out / "curves.csv")
    print(_told(found, settings.of))
    sys.stdout.flush()
    name = family.terms.name
    return picture(
        found, family, out / "sensitivity.png", title=f"What drives {settings.of} in {name}"
    )


def _told(found: Sensitivity, of: str) -> str:
    rows = [("quantity", "total [95 %]", "alone [95 %]", "")]
    for row in found.indices.to_dict("records"):
        total, first = (
            f"{row[k]:.2f} [{row[f'{k}_low']:.2f}, {row[f'{k}_high']:.2f}]"
            for k in ("total", "first")
        )
        rows.append((row["quantity"], total, first, "#" * round(30 * max(0.0, row["total"]))))
    notes = [f"{found.runs:,} episodes; standard deviation of {of} {found.spread:.3f}"]
    if found.infeasible > 0.0:
        notes.append(f"{found.infeasible:.1%} of the points miss a constraint: without danger")
    return f"{table(rows)}\n\n" + "\n".join(notes)
