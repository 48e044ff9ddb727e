"""What to sample next, as a file: the combinations of bins that a run lacks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.base.errors import UserError, expected
from sim.base.store import read_json, write_json
from sim.family.space import Space
from sim.sampling.cells.bins import Bins, Bools, Combos, Ints
from sim.sampling.coverage.inputs import InputCoverage

FORMAT = "advice/1"
KEYS = ("closecall", "family", "levels", "strength", "sizes", "missing")


@dataclass(frozen=True)
class Advice:
    """Combinations of cells that are wanted.

    Attributes:
        bins: The cells.
        combos: All combinations of them.
        wanted: (C,) which are wanted.
    """

    bins: Bins
    combos: Combos
    wanted: Bools


def save_advice(coverage: InputCoverage, path: Path) -> Path:
    """Write what a run lacks at its highest strength, as JSON that `load_advice` reads."""
    tally = coverage.tallies[-1]
    columns, cells = tally.combos.cells(tally.missing)
    missing: list[dict[str, Any]] = []
    for choice in np.unique(columns, axis=0):
        mine = (columns == choice).all(axis=1)
        missing.append({"of": [coverage.bins.names[j] for j in choice], "cells": cells[mine]})
    content = {
        "closecall": FORMAT,
        "family": coverage.family.name,
        "levels": coverage.levels,
        "strength": tally.strength,
        "sizes": dict(zip(coverage.bins.names, coverage.bins.sizes)),
        "missing": missing,
    }
    return write_json(content, path)


def load_advice(path: Path, space: Space) -> Advice:
    """Read an advice file for a family's space.

    Raises:
        UserError: It is no such file, or its quantities and cells are not those of the space.
    """
    held = read_json(path)
    if held.get("closecall") != FORMAT or any(key not in held for key in KEYS):
        wanted = f"a file of closecall coverage ({FORMAT})"
        raise expected("closecall", wanted, held.get("closecall"), where=str(path))
    levels = _whole(held, "levels", 2, 20, path)
    bins = Bins.of(space, levels)
    sizes = {name: int(size) for name, size in zip(bins.names, bins.sizes)}
    if held["sizes"] != sizes:
        raise expected(
            "sizes", f"this family's quantities, {sizes}", held["sizes"], where=str(path)
        )
    combos = Combos.of(bins.sizes, _whole(held, "strength", 1, min(3, len(sizes)), path))
    return Advice(bins, combos, _wanted(held["missing"], bins, combos, path))


def _whole(held: dict[str, Any], key: str, least: int, most: int, path: Path) -> int:
    value = held[key]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise expected(key, f"a whole number in {least}-{most}", value, where=str(path))
    return value


def _wanted(missing: object, bins: Bins, combos: Combos, path: Path) -> Bools:
    if not isinstance(missing, list):
        raise expected("missing", "a list", missing, where=str(path))
    wanted = np.zeros(len(combos), np.bool_)
    place = {tuple(choice): m for m, choice in enumerate(combos.columns.tolist())}
    for k, entry in enumerate(missing):
        names, cells = _entry(entry, f"{path}: missing[{k}]")
        if any(name not in bins.names for name in names):
            raise UserError(f"{path}: missing[{k}].of: unknown quantity among {names}")
        choice = tuple(bins.names.index(name) for name in names)
        if choice not in place:
            wanted_names = f"{combos.columns.shape[1]} quantities in the family's order"
            raise expected("of", wanted_names, names, where=f"{path}: missing[{k}]")
        m = place[choice]
        _check_cells(cells, combos.sizes[combos.columns[m]], f"{path}: missing[{k}]")
        wanted[cells @ combos.strides[m] + combos.offset[m]] = True
    return wanted


def _entry(entry: object, where: str) -> tuple[list[str], Ints]:
    if not isinstance(entry, dict) or not {"of", "cells"} <= entry.keys():
        raise expected("entry", "keys 'of' and 'cells'", entry, where=where)
    names = entry["of"]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise expected("of", "a list of names", names, where=where)
    cells = entry["cells"]
    rows = isinstance(cells, list) and all(
        isinstance(row, list) and len(row) == len(names) and all(type(c) is int for c in row)
        for row in cells
    )
    if not rows or not cells:
        raise expected("cells", f"lists of {len(names)} whole numbers", cells, where=where)
    return names, np.array(cells, np.int64)


def _check_cells(cells: Ints, sizes: Ints, where: str) -> None:
    if (cells < 0).any() or (cells >= sizes).any():
        raise expected("cells", f"cells below {sizes.tolist()}", cells.tolist(), where=where)
