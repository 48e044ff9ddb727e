"""The examples of a page: found, run, and drawn."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tools.docs.draw import Picture

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def examples(page: Path) -> list[str]:
    """The blocks of Python of a page, in its order."""
    return PYTHON.findall(page.read_text(encoding="utf-8"))


def run(page: Path) -> dict[str, Any]:
    """What is known after all examples of a page were run one after the other."""
    known: dict[str, Any] = {"__name__": page.stem}
    for number, text in enumerate(examples(page)):
        exec(compile(text, f"{page.name}, example {number}", "exec"), known)
    return known


def junction_scene() -> Picture:
    """A moment of the scene that `engine.md` makes: just before a contact, if there is one."""
    known = run(DOCS / "engine.md")
    log, road = known["log"], known["road"]
    ends = log.outcomes[log.outcomes["track_id"] == 0].reset_index(drop=True)
    index = int(ends["impact_speed_mps"].fillna(0.0).argmax())
    tracks = log.episode(index).tracks
    frame = int(10.0 * ends["contact_s"].fillna(6.0)[index]) - 6
    labels = {0: "ego", 3: "on foot"}
    window = (-32.0, -30.0, 48.0, 16.0)
    walks = tuple(range(12, 20))
    return Picture(road, tracks[tracks["frame"] == frame], window, "", walks, labels)
