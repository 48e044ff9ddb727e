"""Write the pages that the code itself knows best: families, features, verbs.

Into `docs/`: a contact sheet and a description of every family, all features with their units,
and the help of every verb. Run it after a change to any of them and commit what it wrote.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sim.base.store import write_text
from sim.cli.main import verb_names
from sim.family import description, load_families
from sim.features import FEATURES
from sim.sampling import sample
from sim.view.sheet import contact_sheet
from sim.world.rollout import simulate

DOCS = Path(__file__).resolve().parent.parent / "docs"
SHEET_SEED = 0


def main() -> int:
    """Write all pages; returns 0."""
    for page in (families(), features(), verbs()):
        print(page.relative_to(DOCS.parent))
    return 0


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
    """Every feature with unit and meaning."""
    rows = [f"| `{f.name}` | {f.unit} | {f.description} |" for f in FEATURES]
    table = "\n".join(["| feature | unit | meaning |", "|---|---|---|", *rows])
    intro = f"{len(FEATURES)} features, each from at most the last 1.5 s of what an ego sensed."
    return write_text(f"# Features\n\n{intro}\n\n{table}\n", DOCS / "features.md")


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


if __name__ == "__main__":
    sys.exit(main())
