"""Which format a file is in, by its name and its first bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sim.base.errors import UserError, expected
from sim.logs.commonroad import read_commonroad
from sim.logs.openacc import HEADER_LINES, header_of, read_openacc
from sim.logs.schema import Raw
from sim.logs.tidy import looks_tidy, read_tidy

KNOWN = "CommonRoad XML, OpenACC CSV, tidy Parquet or CSV"
SUFFIXES = (".xml", ".csv", ".parquet")
_HEAD_BYTES = 65_536


@dataclass(frozen=True)
class Format:
    """A format that can be read.

    Attributes:
        name: Short, as in manifests.
        read: From a file and the user's column map to what is in it.
    """

    name: str
    read: Callable[[Path, Mapping[str, str]], Raw]


COMMONROAD = Format("commonroad", lambda path, _: read_commonroad(path))
OPENACC = Format("openacc", lambda path, _: read_openacc(path))
TIDY = Format("tidy", read_tidy)


@dataclass(frozen=True)
class Unknown:
    """Why a file is in no known format."""

    reason: str


def format_of(path: Path, columns: Mapping[str, str]) -> Format | Unknown:
    """The format of a file, or why it has none that is known."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        return Unknown(f"a file named *{suffix}")
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        return Unknown(error.strerror or "unreadable")
    if not head.strip():
        return Unknown("an empty file")
    return {".xml": _xml, ".csv": _csv, ".parquet": _parquet}[suffix](path, head, columns)


def known_format(path: Path, columns: Mapping[str, str]) -> Format:
    """The format of a file that must have one.

    Raises:
        UserError: The file does not exist, is a folder, or is in no known format.
    """
    if path.is_dir():
        raise expected("path", "a file", "a folder", where=str(path))
    if not path.exists():
        raise expected("path", "a file or folder that exists", "nothing there", where=str(path))
    found = format_of(path, columns)
    if isinstance(found, Unknown):
        raise UserError(f"{path}: expected a recording ({KNOWN}), got {found.reason}")
    return found


def _xml(path: Path, head: bytes, columns: Mapping[str, str]) -> Format | Unknown:
    if b"commonRoad" in head.replace(b"\0", b""):
        return COMMONROAD
    return Unknown("XML without a commonRoad element" if b"<" in head else "no XML")


def _csv(path: Path, head: bytes, columns: Mapping[str, str]) -> Format | Unknown:
    try:
        text = head.decode("utf-8-sig", errors="strict" if len(head) < _HEAD_BYTES else "ignore")
    except UnicodeDecodeError as error:
        return Unknown(f"text that is not UTF-8 (byte {head[error.start]:#x})")
    lines = text.splitlines()[:HEADER_LINES]
    if header_of(lines) is not None or any(line.startswith("Vehicle_order") for line in lines):
        return OPENACC
    names = [name.strip().strip('"') for name in lines[0].split(",")]
    if looks_tidy(names, columns):
        return TIDY
    return Unknown(f"CSV with the columns {', '.join(names)[:80]}")


def _parquet(path: Path, head: bytes, columns: Mapping[str, str]) -> Format | Unknown:
    try:
        names = pq.read_schema(path).names
    except (pa.ArrowException, OSError) as error:
        return Unknown(f"a file that is no whole Parquet ({' '.join(str(error).split())[:60]})")
    if looks_tidy(names, columns):
        return TIDY
    return Unknown(f"Parquet with the columns {', '.join(names)[:80]}")
