"""Publish what the code registers to Hydra's ConfigStore: a group is a thing, an option a name.

Defaults live once, in the code's own dataclasses; a YAML file in a group of `conf/` is a variant
that holds only what differs. A group is filled when a verb asks for it: `closecall list` would
else load scikit-learn and all that a study needs (2 of 4 s).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, asdict, fields, is_dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, get_args

from hydra.core.config_store import ConfigStore

from sim.base.store import plain

if TYPE_CHECKING:
    from sim.family import Family

NEEDED = "???"
"""What a configuration shows for a key that the user has to give (OmegaConf's own mark)."""
NAME = "name"
"""Key of a node that tells which registered class it is for; the rest are its settings."""
VARIANT = "variant"
"""Key of a scenario's node that holds what a scenario file states besides distributions."""

LEARNT = ("proposal", "seen", "forecast")
"""What samplers learn from a pilot: no setting."""

Options = Iterator[tuple[str, dict[str, Any]]]


def publish(groups: Iterable[str]) -> None:
    """Fill these groups of Hydra's ConfigStore."""
    for group in groups:
        _publish(group)


@contextmanager
def only(groups: Iterable[str]) -> Iterator[None]:
    """Put what was published for another verb out of sight.

    Where a verb has no such group, `logs=recordings` is no option but the value of a key.
    """
    repo = ConfigStore.instance().repo
    hidden = {name: repo.pop(name) for name in _OPTIONS.keys() - set(groups) if name in repo}
    try:
        yield
    finally:
        repo.update(hidden)


@cache
def _publish(group: str) -> None:
    store = ConfigStore.instance()
    if group not in _OPTIONS:
        return  # a group of YAML files alone
    for option, node in _OPTIONS[group]():
        store.store(group=group, name=option, node=node, provider="closecall")


def _scenarios() -> Options:
    from sim.family import load_families

    for name in load_families():
        yield name, {NAME: name}


_whole: list[str] = []
"""The families whose nodes are whole; the others hold their names alone."""


def publish_family(name: str) -> None:
    """Fill the node of one family, and empty those filled before.

    Hydra copies every node of the store at each look-up: with 40 families whole, composing a
    verb took 1.8 CPU-s in place of 0.3.
    """
    from sim.family import load_families

    store, known = ConfigStore.instance(), load_families()
    while _whole:
        stub = _whole.pop()
        store.store(group="scenario", name=stub, node={NAME: stub}, provider="closecall")
    if name in known:
        node = scenario_node(known[name]())
        store.store(group="scenario", name=name, node=node, provider="closecall")
        _whole.append(name)


def scenario_node(family: Family) -> dict[str, Any]:
    """A family as a node of the configuration: its base, what a variant states, its quantities."""
    terms = None if family.variant is None else plain(family.variant.whole)
    return {NAME: family.name, VARIANT: terms, **family.overrides}


def publish_file(path: str) -> str:
    """Make a scenario file an option of the group `scenario`; returns the option's name.

    Raises:
        UserError: The file cannot be read or does not describe a variant of a family.
    """
    from sim.family import load_variant

    family = load_variant(path)
    name = family.terms.name
    node = scenario_node(family)
    ConfigStore.instance().store(group="scenario", name=name, node=node, provider="closecall")
    return name


def _samplers() -> Options:
    from sim.sampling import SAMPLERS

    for name, sampler in SAMPLERS.items():
        yield name, {NAME: name, **_written(asdict(sampler()))}


def _sensors() -> Options:
    from sim.sensing import SENSORS

    for name, sensor in SENSORS.items():
        yield name, asdict(sensor)


def _fields() -> Options:
    from sim.logs.field import FieldSettings
    from sim.logs.field.settings import Gap

    for gap in get_args(Gap):
        yield gap, _written(asdict(FieldSettings(gap=gap)))


def _default(module: str, name: str) -> Callable[[], Options]:
    def options() -> Options:
        settings = getattr(import_module(module), name)
        yield "default", _written(asdict(settings()))

    return options


_OPTIONS: dict[str, Callable[[], Options]] = {
    "field": _fields,
    "label": _default("sim.features", "LabelSettings"),
    "logs": _default("sim.studies.settings", "LogsSettings"),
    "sampler": _samplers,
    "scenario": _scenarios,
    "sensor": _sensors,
    "study": _default("sim.studies.settings", "StudySettings"),
    "window": _default("sim.features", "WindowSettings"),
}


def _written(values: Mapping[str, Any]) -> dict[str, Any]:
    """Only what a user can write: tuples become lists, learnt state is left out."""
    return {k: list(v) if isinstance(v, tuple) else v for k, v in values.items() if k not in LEARNT}


def defaults_of(settings: type) -> dict[str, Any]:
    """A verb's own keys with their defaults, `NEEDED` for those that have none."""
    out: dict[str, Any] = {}
    for field in fields(settings):
        value = field.default
        if field.default_factory is not MISSING:
            value = field.default_factory()
        if not is_dataclass(value):
            out[field.name] = NEEDED if value is MISSING else value
    return _written(out)
