"""Pages and pictures, and how each is made."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from sim.base.store import write_text
from sim.cli.main import verb_names
from sim.family import description, load_families
from sim.family.core import title
from sim.features import FEATURES, THREAT_FEATURES, Feature
from sim.sampling import run_family, sample
from sim.view.ground import Ground
from sim.view.sheet import contact_sheet
from tools.docs import engine_tables, family_tables, sensor_tables
from tools.docs.conflicts import COLUMNS, CONTACT, COUNTED
from tools.docs.draw import draw
from tools.docs.examples import DOCS, junction_scene
from tools.docs.fill import Tables, filled, table
from tools.docs.scenes import PICTURES

SHEET_SEED, DRAWN = 0, 16
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
    "events": family_tables.events,
    "distributions": family_tables.distributions,
    "expectations": family_tables.expectations,
}
"""By the name in a page's mark."""
WITH_TABLES = ("roads", "engine", "sensors", "reference", "authoring")
"""Pages that are written by hand but for their tables."""


def families() -> Path:
    """The page of families, and a picture of each."""
    for name in load_families():
        sheet(name, DOCS / "families" / f"{name}.png")
    return write_text(families_text(), DOCS / "families.md")


def families_text() -> str:
    """A table of all families, and a description of each."""
    kinds = load_families()
    rows = [
        (f"[{name}](#{name})", title(cls), cls.event, ", ".join(cls.tags))
        for name, cls in kinds.items()
    ]
    parts = [
        "# Scenario families\n",
        f"{len(kinds)} families; [authoring](authoring.md) says what all of it means.\n",
        table(("family", "what happens", "danger", "tags"), rows) + "\n",
    ]
    for name, cls in kinds.items():
        shown = f"![Draws of {name}](families/{name}.png)"
        parts.append(f"## {name}\n\n{shown}\n\n```text\n{description(cls())}\n```\n")
    return "\n".join(parts)


def sheet(name: str, path: Path) -> Path:
    """The contact sheet of a family."""
    family = load_families()[name]()
    episode = sample(family, n=DRAWN, seed=SHEET_SEED)

    def road(k: int) -> Ground:
        return Ground.of(episode.road, int(episode.road_index[k]))

    path.parent.mkdir(exist_ok=True)
    log = run_family(family, episode)
    return contact_sheet(log, path=path, title=name, roads=road, event=family.event)


def features() -> Path:
    """The page of features."""
    return write_text(features_text(), DOCS / "features.md")


def features_text() -> str:
    """Every feature with unit and meaning, and what a conflict is."""

    def told(features: tuple[Feature, ...]) -> str:
        rows = [(f"`{f.name}`", f.unit, f.description) for f in features]
        return table(("feature", "unit", "meaning"), rows)

    intro = f"{len(FEATURES)} features, each from at most the last 1.5 s of what an ego sensed."
    more = (
        f"{len(THREAT_FEATURES)} more where conflicts in the plane count (`label.form=crossing` or "
        "`either`), of one object of the radar's list, wherever it is: the one that would soonest "
        "touch the ego or cross its way, at constant velocity, with the least time between."
    )
    return (
        f"# Features\n\n{intro}\n\n{told(FEATURES)}\n\n## In the plane\n\n{more}\n\n"
        f"{told(THREAT_FEATURES)}\n\n## Conflicts\n\n{COUNTED}\n\n{CONTACT}\n\n"
        f"{table(('column of `events`', 'unit', 'meaning'), list(COLUMNS))}\n"
    )


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
