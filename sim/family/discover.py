"""Finding families: our own and those of other installed packages, in every process."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from sim.base.errors import UserError, expected
from sim.family.core import Family
from sim.family.register import FAMILIES

GROUP = "closecall.families"
FOLDERS = "CLOSECALL_FAMILIES"
"""Environment variable: folders, parted as in PATH, whose Python files hold families."""


def load_families() -> Mapping[str, type[Family]]:
    """Import every package that announces families; returns the filled registry.

    A package does so by an entry point of the group `closecall.families` that names a
    module. A bare checkout has no entry points: its own `scenarios` are imported anyway. And
    there are the files in the folders that `CLOSECALL_FAMILIES` names.

    Raises:
        UserError: A family's file cannot be imported; told with file and line.
    """
    for module in sorted({entry.value for entry in entry_points(group=GROUP)} | {"scenarios"}):
        _told(partial(import_module, module))
    for path in _own_files():
        if path not in _LOADED:
            _told(partial(_run, path))
            _LOADED.add(path)
    return FAMILIES


_LOADED: set[Path] = set()


def _own_files() -> list[Path]:
    folders = [Path(name) for name in os.environ.get(FOLDERS, "").split(os.pathsep) if name]
    for folder in folders:
        if not folder.is_dir():
            raise expected(FOLDERS, "folders that are there", str(folder))
    return [path.resolve() for folder in folders for path in sorted(folder.glob("*.py"))]


def _run(path: Path) -> None:
    """Import a file that is in no package, under a name of its own."""
    spec = spec_from_file_location(f"closecall_families.{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module  # so that its families can be pickled
    spec.loader.exec_module(module)


def _told(load: Callable[[], object]) -> None:
    try:
        load()
    except UserError as error:
        raise UserError(f"{_place(error)}: {error}") from error
    except Exception as error:
        why = error.msg if isinstance(error, SyntaxError) else error
        raise UserError(f"{_place(error)}: {type(error).__name__}: {why}") from error


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
