"""Finding families: our own and those of other installed packages, in every process."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

from sim.base.errors import UserError
from sim.family.core import Family
from sim.family.register import FAMILIES

GROUP = "closecall.families"


def load_families() -> Mapping[str, type[Family]]:
    """Import every package that announces families; returns the filled registry.

    A package does so by an entry point of the group `closecall.families` that names a
    module. A bare checkout has no entry points: its own `scenarios` are imported anyway.

    Raises:
        UserError: A family's file cannot be imported; told with file and line.
    """
    for module in sorted({entry.value for entry in entry_points(group=GROUP)} | {"scenarios"}):
        try:
            import_module(module)
        except UserError as error:
            raise UserError(f"{_place(error)}: {error}") from error
        except Exception as error:
            why = error.msg if isinstance(error, SyntaxError) else error
            raise UserError(f"{_place(error)}: {type(error).__name__}: {why}") from error
    return FAMILIES


def _place(error: Exception) -> str:
    """File and line of the family that could not be imported, not of what it called."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    sim = Path(__file__).parents[1]
    frames = traceback.extract_tb(error.__traceback__)
    theirs = [f for f in frames if not f.filename.startswith("<frozen") and _outside(f, sim)]
    frame = theirs[-1] if theirs else frames[-1]
    return f"{frame.filename}:{frame.lineno}"


def _outside(frame: traceback.FrameSummary, sim: Path) -> bool:
    path = Path(frame.filename)
    return sim not in path.parents and "importlib" not in path.parts
