"""Finding families: our own and those of other installed packages, in every process."""

from __future__ import annotations

import hashlib
import os
import sys
import warnings
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path

from sim.base.errors import expected
from sim.base.store import sha256
from sim.family.core import Family
from sim.family.register import FAMILIES
from sim.family.telling import told_at

GROUP = "closecall.families"
OURS = "scenarios"
FOLDERS = "CLOSECALL_FAMILIES"
"""Environment variable: folders, parted as in PATH, whose Python files hold families."""


def load_families() -> Mapping[str, type[Family]]:
    """Import every package that announces families; returns the filled registry.

    A package does so by an entry point of the group `closecall.families` that names a
    module. A bare checkout has no entry points: its own `scenarios` are imported anyway. And
    there are the files in the folders that `CLOSECALL_FAMILIES` names.

    A package that cannot be imported is left out with one warning that names it.

    Raises:
        UserError: A family's file of ours, or in a folder that was named, cannot be imported; told
            with file and line.
    """
    with told_at(_home(OURS)):
        import_module(OURS)
    for entry in entry_points(group=GROUP):
        if entry.value not in _BROKEN and entry.value != OURS:
            _load_package(entry)
    for path in _own_files():
        if path not in _LOADED:
            with told_at(path):
                _run(path)
            _LOADED.add(path)
    return FAMILIES


_LOADED: set[Path] = set()
_BROKEN: set[str] = set()


def _load_package(entry: EntryPoint) -> None:
    """Import what a package announces; one that is broken must not stop the others."""
    before = dict(FAMILIES)
    try:
        with told_at(_home(entry.value)):
            import_module(entry.value)
    except (Exception, SystemExit) as error:
        _BROKEN.add(entry.value)
        for name in [name for name in FAMILIES if name not in before]:
            FAMILIES.discard(name)  # half of a package is none
        package = entry.dist.name if entry.dist is not None else entry.value
        warnings.warn(
            f"package {package}: its families are left out, as {entry.value} cannot be imported "
            f"({' '.join(str(error).split())})",
            stacklevel=3,
        )


def _home(module: str) -> Path:
    """The folder of a package or the file of a module; its name where there is none."""
    try:
        found = find_spec(module)
    except ImportError:
        found = None
    if found is None or found.origin is None:
        return Path(module)
    return Path(found.origin).parent if found.submodule_search_locations else Path(found.origin)


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


def source_hash(kind: type[Family]) -> str:
    """One hash of the files that a family and the classes it builds on stand in.

    Files of `sim` are left out, for the version tells them; so are classes without a file.
    """
    names = {base.__module__ for base in kind.__mro__ if base.__module__.split(".")[0] != "sim"}
    files = {getattr(sys.modules.get(name), "__file__", None) or "" for name in names}
    hashes = sorted(sha256(Path(path)) for path in files if Path(path).is_file())
    return hashlib.sha256("".join(hashes).encode()).hexdigest()
