"""Feature tables kept from earlier studies: the same logs, seen alike, are not made again.

An entry's name is the digest of all that its rows depend on: settings and code. So nothing is
ever out of date; the oldest entries go when there are too many.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.base.errors import UserError
from sim.base.identity import code_digest
from sim.base.store import plain, read_json, read_parquet, write_json, write_parquet
from sim.features.table import PER_ROW, FeatureTable

KEPT = 6
"""Entries that are kept; a study of the default size has three, of some 500 MB together."""
DONE = "entry.json"
EPISODE = ("names", "group", "site", "source", "weight")

Tables = dict[str, FeatureTable]


def cache_folder() -> Path:
    """Where entries are kept: `$CLOSECALL_CACHE`, or `closecall` in the user's cache folder."""
    own = os.environ.get("CLOSECALL_CACHE")
    if own:
        return Path(own)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "closecall"


def cached(key: Mapping[str, Any], make: Callable[[], Tables], *, use: bool = True) -> Tables:
    """The tables of an entry, made and kept if there is none.

    Args:
        key: All that the tables depend on besides the code: settings, as dataclasses or plain.
        make: Makes them.
        use: Whether to look and to keep at all.
    """
    if not use:
        return make()
    folder = cache_folder() / _name(key)
    found = _read(folder)
    if found is None:
        found = make()
        _keep(found, folder)
        found = _read(folder) or found
    return found


def _name(key: Mapping[str, Any]) -> str:
    told = {name: asdict(v) if is_dataclass(v) else v for name, v in key.items()}  # type: ignore[arg-type]
    text = json.dumps(plain({"code": code_digest(), **told}), sort_keys=True, default=repr)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _read(folder: Path) -> Tables | None:
    try:
        names = read_json(folder / DONE)["tables"]
        tables = {name: _table(folder, name) for name in names}
        os.utime(folder)
    except (UserError, OSError, KeyError, ValueError):
        return None  # not there, or not whole: it is made again
    return tables


def _table(folder: Path, name: str) -> FeatureTable:
    """A table whose features stay on disk: workers share them, and memory holds what is used."""
    about = read_json(folder / f"{name}.json")
    episodes = read_parquet(folder / f"{name}.episodes.parquet")
    fields: dict[str, Any] = {
        field: np.load(_array(folder, name, field), allow_pickle=False)
        for field in PER_ROW
        if field != "X"
    }
    fields |= {f"episode_{field}": tuple(episodes[field]) for field in EPISODE[:-1]}
    return FeatureTable(
        columns=tuple(about["columns"]),
        X=np.load(_array(folder, name, "X"), mmap_mode="r", allow_pickle=False),
        **fields,
        episode_weight=episodes["weight"].to_numpy(),
        events=read_parquet(folder / f"{name}.events.parquet"),
        stride_s=float(about["stride_s"]),
    )


def _array(folder: Path, name: str, field: str) -> Path:
    return folder / f"{name}.{field}.npy"


def _keep(tables: Tables, folder: Path) -> None:
    """Write an entry as a whole or not at all; a folder that cannot be written is no error."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=".", dir=folder.parent))
    except OSError:
        return
    try:
        for name, table in tables.items():
            _write(table, partial, name)
        write_json({"tables": [*tables]}, partial / DONE)
        shutil.rmtree(folder, ignore_errors=True)  # one that could not be read
        partial.rename(folder)
        _prune(folder.parent)
    except OSError:
        shutil.rmtree(partial, ignore_errors=True)


def _write(table: FeatureTable, folder: Path, name: str) -> None:
    for field in PER_ROW:
        np.save(_array(folder, name, field), getattr(table, field), allow_pickle=False)
    episodes = {field: getattr(table, f"episode_{field}") for field in EPISODE}
    write_parquet(pd.DataFrame(episodes), folder / f"{name}.episodes.parquet")
    write_parquet(table.events, folder / f"{name}.events.parquet")
    write_json({"columns": table.columns, "stride_s": table.stride_s}, folder / f"{name}.json")


def _prune(root: Path) -> None:
    entries = [path for path in root.iterdir() if (path / DONE).is_file()]
    entries.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in entries[KEPT:]:
        shutil.rmtree(path, ignore_errors=True)
