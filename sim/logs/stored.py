"""Closecall's own folders: a manifest, and Parquet files in `episodes`, `tracks`, `outcomes`."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.base.errors import UserError, expected
from sim.base.store import MANIFEST, read_parquet
from sim.world.log import Log


def is_store(path: Path) -> bool:
    """Whether a folder is one that `generate`, `import` or `record` wrote."""
    return (path / MANIFEST).is_file() and (path / "tracks").is_dir()


def shards(folder: Path) -> list[Path]:
    """The tracks files of a store, in order.

    Raises:
        UserError: There is none, or its twin in `episodes` is missing.
    """
    found = sorted((folder / "tracks").glob("*.parquet"))
    if not found:
        raise expected("tracks", "at least one Parquet file", "none", where=str(folder))
    for path in found:
        if not beside(path, "episodes").is_file():
            raise UserError(f"{folder}: expected episodes/{path.name} beside tracks/{path.name}")
    return found


def beside(tracks: Path, table: str) -> Path:
    """The file of another table that goes with a tracks file."""
    return tracks.parent.parent / table / tracks.name


def _outcomes(tracks: Path) -> pd.DataFrame | None:
    """The outcomes of a tracks file, which only simulated episodes have."""
    path = beside(tracks, "outcomes")
    return read_parquet(path) if path.is_file() else None


def read_shard(tracks: Path) -> Log:
    """The Log of one shard.

    Raises:
        UserError: A file is no whole Parquet, or its columns are not those of a Log.
    """
    try:
        episodes = read_parquet(beside(tracks, "episodes"))
        return Log.of(episodes, read_parquet(tracks), _outcomes(tracks))
    except UserError as error:
        raise UserError(f"{tracks}: {error}") from error


def is_tracks(path: Path) -> bool:
    """Whether a Parquet file holds a Log's tracks."""
    if path.suffix.lower() != ".parquet" or not path.is_file():
        return False
    try:
        return {"episode_id", "x_m", "yaw_rad"} <= set(pq.read_schema(path).names)
    except (pa.ArrowException, OSError):
        return False


def read_tracks(path: Path) -> Log:
    """The Log of one tracks file, with its episodes where they lie beside it."""
    if beside(path, "episodes").is_file():
        return read_shard(path)
    tracks = read_parquet(path)
    names = tracks["episode_id"].astype(str).unique()
    site = Path(os.path.abspath(path)).parent.name
    episodes = pd.DataFrame({"episode_id": names, "source": "recorded", "site": site})
    return Log.of(episodes.assign(group=episodes["episode_id"]), tracks)
