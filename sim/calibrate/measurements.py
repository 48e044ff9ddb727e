"""The registry of what can be measured in a log, filled where the measuring is done."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.registry import Registry
from sim.calibrate.view import View
from sim.family import UNITS
from sim.world.log import LOG_STEP_S, Log

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Found = tuple[Ints, dict[str, Floats]]
"""Of E events: a row of the log each happens at, (E,), and each measurement, (E,), NaN where
an event did not show it."""

KEYS = ("episode_id", "site", "group", "track_id", "t_s")
"""Columns of an event's table besides its measurements."""


@dataclass(frozen=True)
class Measurement:
    """One number that an event in a log has.

    Attributes:
        name: By which a family's quantity names it.
        unit: A key of `sim.family.UNITS`.
        says: What is measured, in words.
        event: Key of `EVENTS`; measurements of one event can be correlated.
        least: Smaller values do not count as events: what is fitted is cut off there.
    """

    name: str
    unit: str
    says: str
    event: str
    least: float = -math.inf


@dataclass(frozen=True)
class Event:
    """One kind of event, and how it is found.

    Attributes:
        name: Key of `EVENTS`.
        says: What counts as one, in words.
        find: From a view of a log to the events in it.
        columns: Names of its measurements.
        once: Whether a vehicle has it once, in however many clips of a group it is seen.
    """

    name: str
    says: str
    find: Callable[[View], Found]
    columns: tuple[str, ...]
    once: bool = False


EVENTS: Registry[Event] = Registry("event")
MEASUREMENTS: Registry[Measurement] = Registry("measurement")


def measures(
    says: str, *, once: bool = False, **numbers: tuple[str, str] | tuple[str, str, float]
) -> Callable[[Callable[[View], Found]], Callable[[View], Found]]:
    """A decorator: the function finds events, each with these numbers.

    Args:
        says: What counts as one event, in words.
        once: As in `Event`.
        numbers: Name of a measurement to its unit, what it is, and the least value that
            counts as an event, where there is one.

    Raises:
        ValueError: A unit is not one that families know, or a name is taken.
    """

    def enter(find: Callable[[View], Found]) -> Callable[[View], Found]:
        name = find.__name__
        EVENTS.register(name)(Event(name, says, find, tuple(numbers), once))
        for number, (unit, what, *least) in numbers.items():
            if unit not in UNITS:
                raise ValueError(f"{number}: unknown unit {unit!r}")
            MEASUREMENTS.register(number)(Measurement(number, unit, what, name, *least))
        return find

    return enter


def observe(log: Log, events: tuple[str, ...] = ()) -> Mapping[str, pd.DataFrame]:
    """All events of a Log, whoever made it.

    Args:
        log: Any number of episodes.
        events: Keys of `EVENTS`; all when empty.

    Returns:
        By event a table, one row an event, columns `KEYS` and the event's measurements. An
        episode without a group is a group of its own.
    """
    view = View.of(log)
    return {name: _table(log, view, EVENTS[name]) for name in events or tuple(EVENTS)}


def _table(log: Log, view: View, event: Event) -> pd.DataFrame:
    at, numbers = event.find(view)
    episodes = log.episodes.iloc[view.rows.episode[at]]
    name = episodes["episode_id"].to_numpy(dtype=object)
    group = episodes["group"].to_numpy(dtype=object)
    table = pd.DataFrame(
        {
            "episode_id": name,
            "site": episodes["site"].to_numpy(dtype=object),
            "group": np.where(group == "", name, group),
            "track_id": view.rows.track[at],
            "t_s": view.rows.frame[at] * LOG_STEP_S,
        }
    )
    return table.assign(**{column: numbers[column] for column in event.columns})
