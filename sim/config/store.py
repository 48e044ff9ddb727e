"""Publish what the code registers to Hydra's ConfigStore: a group is a thing, an option a name.

Defaults live in the code's own dataclasses; a YAML file in a group of `conf/` is a variant that
holds only what differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, asdict, fields, is_dataclass
from functools import cache
from typing import Any, get_args

from hydra.core.config_store import ConfigStore

from sim.family import load_families
from sim.features import LabelSettings, WindowSettings
from sim.logs.field import FieldSettings
from sim.logs.field.settings import Gap
from sim.sampling import SAMPLERS
from sim.sensing import SENSORS
from sim.study.settings import LogsSettings, StudySettings

NEEDED = "???"
"""What a configuration shows for a key that the user has to give (OmegaConf's own mark)."""
NAME = "name"
"""Key of a node that tells which registered class it is for; the rest are its settings."""


@cache
def publish() -> None:
    """Fill Hydra's ConfigStore, once a process."""
    store = ConfigStore.instance()
    for group, option, node in _nodes():
        store.store(group=group, name=option, node=node, provider="closecall")


def _nodes() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, family in load_families().items():
        yield "scenario", name, {NAME: name, **family().overrides}
    for name, sampler in SAMPLERS.items():
        yield "sampler", name, {NAME: name, **_written(asdict(sampler()))}
    for name, sensor in SENSORS.items():
        yield "sensor", name, asdict(sensor)
    for gap in get_args(Gap):
        yield "field", gap, _written(asdict(FieldSettings(gap=gap)))
    for group, settings in _SINGLE.items():
        yield group, "default", _written(asdict(settings()))


_SINGLE = {
    "label": LabelSettings,
    "logs": LogsSettings,
    "study": StudySettings,
    "window": WindowSettings,
}


def _written(values: Mapping[str, Any]) -> dict[str, Any]:
    """Only what a user can write: tuples become lists, learnt state is left out."""
    return {k: list(v) if isinstance(v, tuple) else v for k, v in values.items() if k != "proposal"}


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
