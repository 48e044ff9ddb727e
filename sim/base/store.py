"""Files that are there wholly or not at all: written beside, flushed to disk, then renamed."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.base.errors import UserError, clipped, expected

MANIFEST = "manifest.json"

MOST_ROWS = 50_000_000
"""In one Parquet file: 4 GB of tracks. What `generate` writes by default has some 3 million."""

_UNREADABLE = (pa.ArrowException, OSError, ValueError)


def write_atomically(path: Path, write: Callable[[Path], object]) -> Path:
    """Let `write` fill a temporary neighbour of `path`, then put it in place.

    Whoever looks at `path` sees the old content or the new, never a part, whatever happens
    in between.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        write(partial)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def write_text(text: str, path: Path) -> Path:
    """Write text as UTF-8."""
    return write_atomically(path, lambda partial: partial.write_text(text, encoding="utf-8"))


def write_json(value: object, path: Path) -> Path:
    """Write JSON that any reader takes: NaN and infinities become null."""
    text = json.dumps(plain(value), indent=2, allow_nan=False) + "\n"
    return write_text(text, path)


def write_json_rows(value: Mapping[str, object], path: Path) -> Path:
    """Write JSON in which each entry of a list of a mapping stands on a line of its own.

    Half the size of `write_json` where most of it are rows of tables.
    """
    parts = [f"{json.dumps(name)}: {_rows(plain(item))}" for name, item in value.items()]
    return write_text("{\n" + ",\n".join(parts) + "\n}\n", path)


def _rows(value: object) -> str:
    if not isinstance(value, list) or not value:
        return json.dumps(value, allow_nan=False)
    return "[\n" + ",\n".join(json.dumps(row, allow_nan=False) for row in value) + "\n]"


def write_parquet(frame: pd.DataFrame, path: Path) -> Path:
    """Write one zstd-compressed Parquet file."""
    return write_atomically(
        path, lambda partial: frame.to_parquet(partial, compression="zstd", index=False)
    )


def rows_of(path: Path) -> int:
    """How many rows a Parquet file says it holds; raises `UserError` when it is none."""
    try:
        about = pq.read_metadata(path)
    except _UNREADABLE as error:
        raise _no_parquet(path, error) from None
    groups = sum(about.row_group(k).num_rows for k in range(about.num_row_groups))
    return max(int(about.num_rows), int(groups))


def read_parquet(path: Path, *, most: int = MOST_ROWS, **how: Any) -> pd.DataFrame:
    """Read one Parquet file, looking first at how much it unfolds to.

    Args:
        path: The file.
        most: Rows that it may hold: 183 kB have been seen to become 20 million.
        how: `columns` and `filters`, as pandas takes them.

    Raises:
        UserError: It is no whole Parquet file, lacks a column, or holds more rows.
    """
    rows = rows_of(path)
    if rows > most:
        raise expected("rows", f"at most {most:,}", rows, where=str(path))
    try:
        return pd.read_parquet(path, **how)
    except _UNREADABLE as error:
        raise _no_parquet(path, error) from None


def _no_parquet(path: Path, error: Exception) -> UserError:
    why = clipped(" ".join(str(error).split()))
    return UserError(f"{path}: cannot be read as Parquet ({why})")


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object; raises `UserError` when the file holds anything else."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:  # bytes, grammar, digits; depth
        raise UserError(f"{path}: cannot be read as JSON ({error})") from error
    if not isinstance(value, dict):
        raise expected("content", "a JSON object", value, where=str(path))
    return value


def plain(value: object) -> object:
    """Python's own types for what numpy and dataclasses hold, fit for JSON.

    >>> plain({"a": np.float64(1.5), "b": (np.int64(2), float("nan"))})
    {'a': 1.5, 'b': [2, None]}
    """
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | list | tuple | set | frozenset):
        items = value.tolist() if isinstance(value, np.ndarray) else value
        return [plain(item) for item in items]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


def sha256(path: Path) -> str:
    """The hash of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def describe_file(path: Path, folder: Path, rows: int) -> dict[str, object]:
    """One file's line in a manifest."""
    return {"path": path.relative_to(folder).as_posix(), "sha256": sha256(path), "rows": rows}


def software_version() -> str:
    """The installed version of Closecall, or `unknown` in a bare checkout."""
    try:
        return version("closecall")
    except PackageNotFoundError:
        return "unknown"


def claim_folder(out: Path) -> Path:
    """Make `out`, which must not hold anything yet.

    Raises:
        UserError: It is a file, cannot be made, or holds files already.
    """
    if out.exists() and not out.is_dir():
        raise expected("out", "a new or empty folder", f"the file {out}")
    if out.is_dir() and any(out.iterdir()):
        raise expected("out", "a new or empty folder", f"the occupied folder {out}")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise expected("out", "a folder that can be made", f"{out} ({error.strerror})") from error
    return out
