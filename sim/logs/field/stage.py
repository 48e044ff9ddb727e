"""A drive as the engine takes it: a road, road users with their traits, and no script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.base.rng import stream as random_stream
from sim.logs.field.crowd import Columns, Crowd, Part
from sim.logs.field.demand import demand
from sim.logs.field.failures import failures_at
from sim.logs.field.layout import Standing
from sim.logs.field.people import POPULATIONS
from sim.logs.field.plan import Drive, number_of
from sim.logs.field.settings import FieldSettings
from sim.logs.field.site import Conditions
from sim.logs.field.sites import site_named
from sim.world.drivers import Drivers
from sim.world.episode import Episode
from sim.world.script import no_script
from sim.world.state import MASSES_KG, Users


def episode(drive: Drive, settings: FieldSettings, seconds: float) -> Episode:
    """The drive as the engine takes it, with traffic arriving for `seconds`."""
    site = site_named(drive.site, "field.sites")
    rng = random_stream(settings.seed, number_of(drive), "field drive")
    conditions = conditions_of(drive, settings)
    layout = site.build(site, conditions, seconds, settings.hazard, rng)
    come = demand(layout.streams, seconds, rng)
    crowd = Crowd(
        site,
        conditions,
        POPULATIONS[settings.gap],
        failures_at(settings.hazard),
        layout.road,
        rng,
    )
    parts = []
    for number, stream in enumerate(layout.streams):
        mine = come.stream == number
        parts.append(crowd.road_users(stream, come, mine))
    parts += [_stands(thing) for thing in layout.standing]
    users, traits = _joined(parts)
    return Episode(
        road=layout.road,
        road_index=np.zeros(1, dtype=np.int64),
        users=Users(**{name: column[None] for name, column in users.items()}),
        drivers=Drivers.of((1, len(users["s"])), **traits),
        script=no_script(),
        seed=settings.seed,
        episode_id=np.array([number_of(drive)]),
        family="field",
        site=drive.site,
        source="field",
    )


def conditions_of(drive: Drive, settings: FieldSettings) -> Conditions:
    """Light and road of a drive."""
    rng = random_stream(settings.seed, number_of(drive), "field conditions")
    return site_named(drive.site, "field.sites").conditions(rng)


def _stands(thing: Standing) -> Part:
    """What stands, as a road user that is held at no speed."""
    one: dict[str, Any] = {
        "present": True,
        "enter_s": thing.from_s,
        "leave_s": thing.until_s,
        "course": thing.course,
        "lane": thing.lane,
        "s": thing.s_m,
        "d": thing.d_m,
        "speed": 0.0,
        "length": thing.length_m,
        "width": thing.width_m,
        "mass": MASSES_KG[thing.kind],
        "kind": int(thing.kind),
    }
    traits = {"desired_speed": 0.0, "held": 1, "changes_lanes": 0}
    return {name: np.array([value]) for name, value in one.items()}, traits


def _joined(parts: Sequence[Part]) -> tuple[Columns, Columns]:
    """Users sorted by when they come, and their traits, defaults filled in."""
    users = {name: np.concatenate([own[name] for own, _ in parts]) for name in parts[0][0]}
    usual = {name: spec.metadata["default"] for name, spec in Drivers.__dataclass_fields__.items()}
    named = {name for _, traits in parts for name in traits}
    columns = {
        name: np.concatenate(
            [
                np.broadcast_to(np.asarray(traits.get(name, usual[name])), (len(own["s"]),))
                for own, traits in parts
            ]
        )
        for name in sorted(named)
    }
    order = np.lexsort((-users["s"], users["enter_s"]))
    return (
        {name: column[order] for name, column in users.items()},
        {name: column[order][None] for name, column in columns.items()},
    )
