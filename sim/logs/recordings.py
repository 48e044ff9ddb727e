"""The recordings of a folder: one file each, their parent folder the site."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.base.errors import expected, unknown
from sim.base.store import read_parquet
from sim.logs.formats import KNOWN, Unknown, format_of, known_format
from sim.logs.stored import beside, is_store, is_tracks, shards

STORED = "closecall"
_BENCHMARK = re.compile(r"[A-Z]{3}_[^-_]+-(?P<map>\d+)_\d+(_[A-Z]-?\d+)*$")
"""CommonRoad's names: country, place, map number, clip, kind of prediction."""


@dataclass(frozen=True, order=True)
class Recording:
    """One recording, as found and not yet read.

    Attributes:
        site: Name of the folder it lies in.
        order: Its name with numbers as numbers, so that clip 2 comes before clip 10.
        name: Its file's name, or the recording id inside a tidy table.
        group: What a held-out split may not cut: site and map number, or the whole run.
        is_clip: Whether it is one of several clips of a map, which may repeat traffic.
        format: Short name of its format.
        path: The file.
    """

    site: str
    order: tuple[tuple[int, str], ...]
    name: str
    group: str
    is_clip: bool
    format: str
    path: Path

    @property
    def episode_id(self) -> str:
        """Unique over all sites."""
        return f"{self.site}/{self.name}"


@dataclass(frozen=True)
class Skipped:
    """A file that is not read, and why."""

    path: Path
    reason: str


@dataclass(frozen=True)
class Folder:
    """What a folder of logs holds."""

    recordings: tuple[Recording, ...]
    skipped: tuple[Skipped, ...]


def recordings(
    root: Path,
    *,
    sites: Sequence[str] = (),
    groups: Sequence[str] = (),
    columns: Mapping[str, str] | None = None,
) -> list[Recording]:
    """The recordings under a folder, at any depth, by site and name.

    Args:
        root: A folder of logs, a folder that `closecall import` wrote, or one file.
        sites: Only these; all when empty.
        groups: Only these; all when empty.
        columns: Column map of tidy tables.

    Raises:
        UserError: There is no recording, or a site or group is not among those found.
    """
    return list(find(root, sites=sites, groups=groups, columns=columns).recordings)


def find(
    root: Path,
    *,
    sites: Sequence[str] = (),
    groups: Sequence[str] = (),
    columns: Mapping[str, str] | None = None,
) -> Folder:
    """Like `recordings`, with the files that were skipped."""
    root = Path(root)
    if not root.is_dir():
        known_format(root, columns or {})
        found, skipped = _sorted_out([root], columns or {})
    elif is_store(root):
        found, skipped = [_of_shard(path) for path in shards(root)], []
    else:
        found, skipped = _sorted_out(_files(root), columns or {})
        found, twins = _without_twins(found)
        skipped = sorted(skipped + twins, key=lambda each: each.path)
    if not found:
        told = f", first {skipped[0].path.name}: {skipped[0].reason}" if skipped else ""
        raise expected("recordings", KNOWN, f"none in {len(skipped)} files{told}", where=str(root))
    _check_names("site", sites, {r.site for r in found}, root)
    _check_names("group", groups, {r.group for r in found}, root)
    kept = [
        r
        for r in sorted(found)
        if (not sites or r.site in sites) and (not groups or r.group in groups)
    ]
    return Folder(tuple(kept), tuple(skipped))


def recording_of(path: Path, format_name: str, site: str | None = None) -> Recording:
    """The recording in a file."""
    site = site or Path(os.path.abspath(path)).parent.name or "logs"
    name = (_recording_id(path) if format_name == "tidy" else None) or path.stem
    match = _BENCHMARK.match(name)
    group = f"{site}/{match['map'] if match else name}"
    return Recording(site, _order(name), name, group, bool(match), format_name, path)


def _sorted_out(
    files: list[Path], columns: Mapping[str, str]
) -> tuple[list[Recording], list[Skipped]]:
    found, skipped = [], []
    for path in files:
        format_ = format_of(path, columns)
        if isinstance(format_, Unknown):
            skipped.append(Skipped(path, format_.reason))
        elif is_tracks(path) and beside(path, "episodes").is_file():
            found.append(_of_shard(path))
        elif is_tracks(path):
            skipped.append(Skipped(path, "tracks without their episodes"))
        else:
            found.append(recording_of(path, format_.name))
    return found, skipped


def _files(root: Path) -> list[Path]:
    """All files but hidden ones; links are followed, each folder once."""
    found: list[Path] = []
    entered = set()
    for folder, below, names in os.walk(root, followlinks=True):
        real = os.path.realpath(folder)
        below[:] = [] if real in entered else sorted(n for n in below if not n.startswith("."))
        if real not in entered:
            found += [Path(folder, name) for name in names if not name.startswith(".")]
        entered.add(real)
    return sorted(found)


def _without_twins(found: list[Recording]) -> tuple[list[Recording], list[Skipped]]:
    """Leave out what lies a second time, in another folder, under the same site and name.

    Where folders hold raw and tidy forms side by side, one of the names may carry the place
    in front: `zalazone_run_1` beside `run_1`.
    """
    kept: list[Recording] = []
    skipped = []
    for recording in sorted(found, key=lambda r: r.path):
        twin = next((other for other in kept if _same(recording, other)), None)
        if twin is None:
            kept.append(recording)
        else:
            skipped.append(Skipped(recording.path, f"the same recording as {twin.path}"))
    return kept, skipped


def _same(a: Recording, b: Recording) -> bool:
    if a.site != b.site or a.path.parent == b.path.parent:
        return a.site == b.site and a.name == b.name
    return a.name == b.name or a.name.endswith(f"_{b.name}") or b.name.endswith(f"_{a.name}")


def _order(name: str) -> tuple[tuple[int, str], ...]:
    parts = re.findall(r"\d+|\D+", name)
    return tuple((int(p), "") if p.isdigit() else (-1, p) for p in parts)


def _recording_id(path: Path) -> str | None:
    """The recording id inside a tidy table, if it has one."""
    try:
        if path.suffix.lower() == ".parquet":
            file = pq.ParquetFile(path)
            if "recording_id" not in file.schema_arrow.names or file.num_row_groups == 0:
                return None
            values = file.read_row_group(0, columns=["recording_id"]).column(0)
            return str(values[0]) if len(values) else None
        head = pd.read_csv(path, nrows=1, skipinitialspace=True, encoding="utf-8-sig")
    except (ValueError, OSError, pa.ArrowException):
        return None  # reading the whole file will say what is wrong
    return str(head["recording_id"].iloc[0]) if "recording_id" in head and len(head) else None


def _of_shard(tracks: Path) -> Recording:
    columns = ["episode_id", "site", "group"]
    episodes = read_parquet(beside(tracks, "episodes"), columns=columns)
    if len(episodes) != 1:
        several = f"{len(episodes)} in {tracks.name}"
        raise expected("episodes", "one recording a file", several, where=str(tracks.parent.parent))
    site, group = str(episodes["site"].iloc[0]), str(episodes["group"].iloc[0])
    name = str(episodes["episode_id"].iloc[0]).removeprefix(f"{site}/")
    return Recording(site, _order(name), name, group, False, STORED, tracks)


def _check_names(kind: str, wanted: Sequence[str], known: set[str], root: Path) -> None:
    for name in wanted:
        if name not in known:
            raise unknown(kind, name, known, where=str(root))
