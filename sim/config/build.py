"""From a group's node to the object that it stands for: by registry, never by import path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sim.base.errors import UserError
from sim.config.parse import parse
from sim.config.store import NAME, VARIANT
from sim.family import Family, Terms, load_families
from sim.family.trial import impossible
from sim.sampling import SAMPLERS, Sampler


def build_family(node: Mapping[str, Any]) -> Family:
    """The family that a `scenario` node describes; raises `UserError`."""
    name, overrides = _split(node, "scenario")
    variant = overrides.pop(VARIANT, None)
    family = load_families()[name]().with_overrides(overrides)
    if variant is not None:
        family = replace(family, variant=parse(Terms, variant))
    wrong = impossible(family)
    if wrong is not None:
        raise UserError(f"scenario.{wrong.quantity}: {wrong.why}")
    return family


def build_sampler(node: Mapping[str, Any]) -> Sampler:
    """The sampler that a `sampler` node describes; raises `UserError`."""
    name, settings = _split(node, "sampler")
    return parse(SAMPLERS[name], settings)


def _split(node: Mapping[str, Any], group: str) -> tuple[str, dict[str, Any]]:
    name = node.get(NAME)
    if not isinstance(name, str):
        raise UserError(f"{group}.{NAME}: a name is needed, got {name!r}")
    return name, {key: value for key, value in node.items() if key != NAME}
