"""Pages and pictures, and how each is made."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from sim.base.store import write_text
from sim.cli.main import verb_names
from sim.family import description, load_families
from sim.features import FEATURES
from sim.sampling import sample
from sim.view.sheet import contact_sheet
from sim.world.rollout import simulate
from tools.docs import engine_tables, sensor_tables
from tools.docs.draw import draw
from tools.docs.examples import DOCS, junction_scene
from tools.docs.fill import Tables, filled, table
from tools.docs.scenes import PICTURES

SHEET_SEED = 0
TABLES: Tables = {
    "laws": engine_tables.laws,
    "drivers": engine_tables.drivers,
    "kinds": engine_tables.kinds,
    "conditions": engine_tables.conditions,
    "actions": engine_tables.actions,
    "outcomes": engine_tables.outcomes,
    "makes": engine_tables.makes,
    "weather": sensor_tables.weather,
    "effects": sensor_tables.effects,
    "reach": sensor_tables.reach,
    "outfits": sensor_tables.outfits,
    "reasons": sensor_tables.reasons,
    "tallies": sensor_tables.tallies,
}
"""By the name in a page's mark."""
WITH_TABLES = ("roads", "engine", "sensors", "reference")
"""Pages that are written by hand but for their tables."""


def families() -> Path:
    """A picture and a description of each family."""
    parts = ["# Scenario families\n"]
    for name, cls in load_families().items():
        family = cls()
        log = simulate(sample(family, n=16, seed=SHEET_SEED), seconds=family.seconds)
        contact_sheet(log, path=DOCS / f"{name}.png", title=name)
        text = description(family)
        parts.append(
            f"## {name}\n\n![Sixteen draws of {name}]({name}.png)\n\n```text\n{text}\n```\n"
        )
    return write_text("\n".join(parts), DOCS / "families.md")


def features() -> Path:
    """The page of features."""
    return write_text(features_text(), DOCS / "features.md")


def features_text() -> str:
    """Every feature with unit and meaning."""
    rows = [(f"`{f.name}`", f.unit, f.description) for f in FEATURES]
    intro = f"{len(FEATURES)} features, each from at most the last 1.5 s of what an ego sensed."
    told = table(("feature", "unit", "meaning"), rows)
    return f"# Features\n\n{intro}\n\n{told}\n"


def verbs() -> Path:
    """The help of every verb, as the command prints it."""
    parts = ["# The command\n"]
    for verb in verb_names():
        shown = subprocess.run(
            [sys.executable, "-m", "sim.cli.main", verb, "--help"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        parts.append(f"## closecall {verb}\n\n```text\n{shown.rstrip()}\n```\n")
    return write_text("\n".join(parts), DOCS / "command.md")


def tables() -> Iterator[Path]:
    """Pages with their tables made anew."""
    for name in WITH_TABLES:
        page = DOCS / f"{name}.md"
        yield write_text(filled(page.read_text(encoding="utf-8"), TABLES), page)


def pictures() -> Iterator[Path]:
    """Roads, and the scene of the engine's page."""
    for name, scene in {**PICTURES, "junction_scene": junction_scene}.items():
        yield draw(scene(), DOCS / f"{name}.png")
