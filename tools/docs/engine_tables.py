"""Tables of the engine: laws, drivers, road users, orders, outcomes, roads."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import sim.laws
from sim.world.drivers import Drivers
from sim.world.kinds import Kind
from sim.world.log import OUTCOME_COLUMNS, SIDE_NAMES
from sim.world.road import (
    Road,
    crosswalk,
    curved,
    junction,
    lane_drop,
    on_ramp,
    roundabout,
    straight,
)
from sim.world.scene import Scene
from sim.world.state import MASSES_KG, SIZES_M
from sim.world.when import When
from tools.docs.docstrings import entries, module_docs, one_line, sections, summary
from tools.docs.fill import table

LAWS = Path(sim.laws.__file__).parent
OUTCOMES = {
    "episode_id": "the scenario",
    "track_id": "the road user: its slot, 0 the ego",
    "kind": "what it is",
    "min_ttc_s": "least time to collision [s]: to its leader, with `range_m` to anybody near, in "
    "the plane; inf where they never closed in, NaN where nobody was near",
    "max_drac_mps2": "largest deceleration that would have been needed [m/s²], likewise",
    "min_pet_s": "least time after which one box was where that of another who crossed had been, "
    "up to 5 s; NaN where none was, and without `range_m` where no courses cross [s]",
    "min_ttc_at_s": "when that was; NaN where there was none [s]",
    "min_ttc_with": "`track_id` of whom it was to; -1 where there was none",
    "max_drac_at_s": "when that was [s]",
    "max_drac_with": "and of whom it asked it",
    "min_pet_at_s": "the frame before the second came where the first had been [s]",
    "min_pet_with": "who the other was",
    "collided": "whether it touched anybody",
    "other_id": "whom first; -1 nobody",
    "contact_s": "when, within a step [s]",
    "contact_x_m": "where [m]",
    "contact_y_m": "the same [m]",
    "contact_side": f"on which side of its own: {', '.join(SIDE_NAMES)}",
    "impact_speed_mps": "relative speed of the two [m/s]",
    "delta_v_mps": "change of its velocity: the other's share of the mass times that [m/s]",
}
MAKES: dict[str, Callable[[], Road]] = {
    "straight": straight,
    "lane_drop": lane_drop,
    "curved": curved,
    "on_ramp": on_ramp,
    "crosswalk": crosswalk,
    "junction": junction,
    "roundabout": roundabout,
}


def laws() -> str:
    """Every law: what it is about and where it is from."""
    rows = []
    for path in sorted(LAWS.glob("[a-z]*.py")):
        about, functions = module_docs(path)
        told = [one_line(sections(doc).get("Source", "")).rstrip(".") for doc in functions]
        rows.append((f"`{path.stem}`", summary(about).rstrip("."), "; ".join(_unlike(told))))
    return table(("law", "is", "source"), rows)


def _unlike(texts: list[str]) -> list[str]:
    """Those that are not the beginning of another one, each once."""
    once = list(dict.fromkeys(texts))
    return [a for a in once if not any(b.startswith(a) for b in once if b != a)]


def drivers() -> str:
    """The traits of a driver with their defaults."""
    meaning = entries(Drivers.__doc__ or "", "Attributes")
    rows = [
        (f"`{f.name}`", f"{f.metadata['default']:g}", meaning[f.name].rstrip("."))
        for f in fields(Drivers)
    ]
    return table(("trait", "default", "is"), rows)


def kinds() -> str:
    """The kinds of road user and their usual sizes."""
    rows = []
    for kind in Kind:
        long, wide = SIZES_M[kind]
        rows.append((kind.name.lower(), f"{long:g} m", f"{wide:g} m", f"{MASSES_KG[kind]:g} kg"))
    return table(("kind", "length", "width", "mass"), rows)


def conditions() -> str:
    """The first half of an order."""
    told = entries(Scene.when.__doc__ or "", "Args")
    rows = [(f"`{name}`", meaning.rstrip(".")) for name, meaning in told.items()]
    return table(("`scene.when(...)`", "is"), rows)


def actions() -> str:
    """The second half."""
    rows = []
    for name, method in inspect.getmembers(When, inspect.isfunction):
        if not name.startswith("_"):
            rows.append((f"`.{name}()`", summary(method.__doc__ or "").rstrip(".")))
    return table(("then", "does"), rows)


def outcomes() -> str:
    """The third table of a Log."""
    rows = [(f"`{name}`", OUTCOMES[name]) for name in OUTCOME_COLUMNS]
    return table(("column", "is"), rows)


def makes() -> str:
    """The builders of roads as they come without arguments."""
    rows = []
    for name, make in MAKES.items():
        road = make()
        parts = (road.course_count, road.lane_count, road.areas.course.shape[1])
        about = summary(make.__doc__ or "").partition(", as many as")[0].rstrip(".")
        rows.append((f"`{name}`", about, *map(str, parts), f"{_bytes(road) / 1000.0:.1f} kB"))
    return table(("builder", "makes", "courses", "lanes", "area records", "a road"), rows)


def _bytes(road: Road) -> int:
    parts = [getattr(road, f.name) for f in fields(road) if f.name != "friction"]
    arrays = [array for part in parts for array in part.columns().values()]
    return sum(array.nbytes for array in (*arrays, road.friction))
