"""Reading: one file, or a folder of recordings one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import UserError
from sim.logs.dropped import Dropped
from sim.logs.examine import examine as examined
from sim.logs.findings import Finding
from sim.logs.formats import known_format
from sim.logs.recordings import STORED, Recording, find, recording_of
from sim.logs.repeats import Seen, repeated
from sim.logs.schema import finish, without_rows
from sim.logs.siblings import Siblings, believe, examine_siblings
from sim.logs.stored import is_store, is_tracks, read_shard, read_tracks, shards
from sim.world.log import Log, concat

Landmarks = Mapping[str, NDArray[np.float64]]
"""Of each lanelet, by id, (4, 2) ends of its bounds [m]; empty where there is no map."""


@dataclass(frozen=True)
class Read:
    """One recording, read.

    Attributes:
        recording: Where it lies.
        log: Without what was left out.
        dropped: What reading left out.
        findings: Of its examination, where it was examined.
        left_out: Whether the examination left nothing of it; its log is whole then, for those
            who want to know what leaving it out is worth.
    """

    recording: Recording
    log: Log
    dropped: Dropped
    findings: tuple[Finding, ...] = ()
    left_out: bool = False


def read(
    path: Path, *, columns: Mapping[str, str] | None = None, site: str | None = None
) -> tuple[Log, Dropped]:
    """Read one file in any known format.

    Args:
        path: CommonRoad XML, OpenACC CSV, tidy Parquet or CSV, or tracks of our own.
        columns: For a tidy table, from our names (`tidy.ALIASES`) to the file's.
        site: Name of the site; the parent folder's when not given.

    Returns:
        A Log of one episode, `site/name`, and what was left out.

    Raises:
        UserError: In one line, what is wrong with the file.
    """
    path = Path(path)
    if is_tracks(path):
        return read_tracks(path), Dropped()
    format_ = known_format(path, columns or {})
    return _read(recording_of(path, format_.name, site), columns or {})[:2]


def iter_logs(
    root: Path,
    *,
    sites: Sequence[str] = (),
    groups: Sequence[str] = (),
    columns: Mapping[str, str] | None = None,
    examine: bool = False,
) -> Iterator[Read]:
    """Read the recordings under a folder one at a time, in the order of `recordings`.

    Rows of a clip that repeat an earlier clip's, among those asked for, are left out, also
    where the two have different map numbers. A clip that holds nothing else is passed over.

    Args:
        root: As for `recordings`, like `sites`, `groups` and `columns`.
        sites: Only these.
        groups: Only these.
        columns: Column map of tidy tables.
        examine: Whether recordings are examined and what cannot be believed is left out.
            A recording of which nothing is left still comes, with `left_out` set and its
            findings, and does not count as seen traffic.
    """
    seen: dict[str, Seen] = {}
    siblings = Siblings()
    for recording in find(root, sites=sites, groups=groups, columns=columns).recordings:
        log, dropped, landmarks = _read(recording, columns or {})
        found: tuple[Finding, ...] = ()
        if examine:
            whole = log
            log, found = _examined(whole, recording, landmarks, siblings)
            if log.tracks.empty:
                yield Read(recording, whole, dropped, found, left_out=True)
                continue
        if recording.is_clip:
            gone = repeated(log, seen.setdefault(recording.site, Seen()))
            dropped += Dropped(duplicates=int(gone.sum()))
            if gone.all():
                continue
            log = without_rows(log, gone)
        yield Read(recording, log, dropped, found)


def _examined(
    log: Log, recording: Recording, landmarks: Landmarks, siblings: Siblings
) -> tuple[Log, tuple[Finding, ...]]:
    """The log less what cannot be believed; it joins `siblings` where anything is left."""
    alone = examined(log)
    beside = examine_siblings(log, recording.group, landmarks, siblings)
    log = without_rows(log, alone.gone | beside.gone)
    believe(log, recording.group, landmarks, siblings)
    return log, alone.findings + beside.findings


def each_log(path: Path, *, columns: Mapping[str, str] | None = None) -> Iterator[Log]:
    """The Logs of one file, of a folder of recordings, or of a folder that Closecall wrote.

    One at a time, so that memory does not grow with the folder.

    Raises:
        UserError: In one line, what is wrong with the file or folder.
    """
    path = Path(path)
    if not path.is_dir():
        yield read(path, columns=columns)[0]
    elif is_store(path):
        yield from map(read_shard, shards(path))
    else:
        yield from (each.log for each in iter_logs(path, columns=columns))


def load_log(path: Path, *, columns: Mapping[str, str] | None = None) -> Log:
    """All that `each_log` gives, as one Log."""
    logs = list(each_log(path, columns=columns))
    return logs[0] if len(logs) == 1 else concat(logs)


def _read(recording: Recording, columns: Mapping[str, str]) -> tuple[Log, Dropped, Landmarks]:
    if recording.format == STORED:
        return read_shard(recording.path), Dropped(), {}
    path = recording.path
    raw = known_format(path, columns).read(path, columns)
    names = {"episode_id": recording.episode_id, "site": recording.site, "group": recording.group}
    try:
        return *finish(raw, path=path, **names), raw.landmarks
    except UserError as error:
        told = str(error)
        raise error if told.startswith(str(path)) else UserError(f"{path}: {told}") from error
