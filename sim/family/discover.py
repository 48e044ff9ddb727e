"""Finding families: our own and those of other installed packages, in every process."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points

from sim.family.core import Family
from sim.family.register import FAMILIES

GROUP = "closecall.families"


def load_families() -> Mapping[str, type[Family]]:
    """Import every package that announces families; returns the filled registry.

    A package does so by an entry point of the group `closecall.families` that names a
    module. A bare checkout has no entry points: its own `scenarios` are imported anyway.
    """
    for module in sorted({entry.value for entry in entry_points(group=GROUP)} | {"scenarios"}):
        import_module(module)
    return FAMILIES
