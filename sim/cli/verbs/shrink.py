"""Make a failing episode as ordinary as it can be and still fail: a minimal regression case.

Writes `case.yaml`, a concrete scenario that `replay` runs again, `changes.csv`, what is not
ordinary in it, and a picture of it beside the ordinary scenario and what it was.

Examples:
  closecall shrink runs/cut_in
  closecall shrink runs/cut_in episode=cut_in-0-0000012 out=runs/case
  closecall shrink case.yaml what=event
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from sim.base.document import is_scenario_file
from sim.base.errors import UserError, expected
from sim.base.store import write_text
from sim.cli.out import result_folder, save_config, tell
from sim.family import UNITS, Concrete, load_concrete, save_concrete
from sim.family.text import table
from sim.sampling import episodes_of, run_family
from sim.sampling.opened import open_run
from sim.sampling.search.shrink import Shrunk, shrink
from sim.view.ground import Ground
from sim.view.sheet import contact_sheet
from sim.world.log import concat

POSITIONAL = "path"
PATHS = ("path", "out")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Keys of `closecall shrink`.

    Attributes:
        path: A folder that `generate` wrote, or a concrete scenario file.
        episode: Which one of a folder; null takes the first crash.
        what: What has to stay: crash, or the family's event; null takes the crash if there is one.
        out: New folder for the results; null makes one below `runs/`.
    """

    path: Path
    episode: str | None = None
    what: Literal["crash", "event"] | None = None
    out: Path | None = None


def run(settings: Settings, config: str) -> Path:
    """Shrink; returns the concrete scenario file."""
    shrunk = shrink(_frozen(settings), what=settings.what)
    out = result_folder(settings.out, "shrink")
    save_config(out, config)
    write_text(shrunk.changes.to_csv(index=False), out / "changes.csv")
    _draw(shrunk, out / "cases.png")
    print(_told(shrunk))
    sys.stdout.flush()
    return save_concrete(shrunk.after, out / "case.yaml", comment=_comment(shrunk))


def _frozen(settings: Settings) -> Concrete:
    """The scenario to shrink, from a file or a generated run."""
    if is_scenario_file(settings.path.name):
        if settings.episode is not None:
            raise expected("episode", "none with a scenario file", settings.episode)
        frozen = load_concrete(settings.path)
        tell(frozen.told())
        return frozen
    opened = open_run(settings.path)
    tell(opened.told())
    if settings.episode is not None:
        return opened.freeze(settings.episode)
    crashes = opened.crashes()
    if not crashes:
        raise UserError(f"{settings.path}: no episode crashed; name one with episode=")
    return opened.freeze(crashes[0])


def _draw(shrunk: Shrunk, path: Path) -> None:
    """The ordinary scenario, what is left, and what it was, from the safest on."""
    cases = {"ordinary": shrunk.ordinary, "case": shrunk.after, "before": shrunk.before}
    logs, grounds = [], []
    for name, case in cases.items():
        episode = episodes_of(case.family, case.draws, seed=case.seed, start=case.episode)
        log = run_family(case.family, replace(episode, family=name), seconds=case.seconds)
        logs.append(log)
        grounds.append(Ground.of(episode.road, int(episode.road_index[0])))
    contact_sheet(
        concat(logs),
        path=path,
        columns=3,
        title=f"{_name(shrunk)}, shrunk",
        note="ordinary: all values as usual; case: what is left; before: what it was",
        roads=grounds.__getitem__,
        event=shrunk.before.family.event,
        names=list(cases),
    )


def _told(shrunk: Shrunk) -> str:
    """What is left, as lines of text."""
    before, after = shrunk.distance
    head = f"from ordinary: {before:.2f} standard deviations before, {after:.2f} now"
    if shrunk.changes.empty:
        return f"{head}\nthe ordinary values fail by themselves"
    rows = [
        (
            f"{row.quantity} [{UNITS[str(row.unit)]}]",
            f"{row.failing:.4g}, ordinary {row.ordinary:.4g} ({row.sd:+.2f} sd), was {row.was:.4g}",
        )
        for row in shrunk.changes.itertuples()
    ]
    return f"{head}\n{table(rows)}"


def _comment(shrunk: Shrunk) -> str:
    kept = {"crash": "still crashes", "event": "still has its event"}[shrunk.failure.what]
    head = f"{_name(shrunk)} with as little out of the ordinary as it takes: it {kept}."
    return f"{head}\n{_told(shrunk)}"


def _name(shrunk: Shrunk) -> str:
    frozen = shrunk.before
    return f"{frozen.name}-{frozen.seed}-{frozen.episode:07d}"
