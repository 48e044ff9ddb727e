"""What recordings show: events of all of them, and which recordings they were."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sim.base.store import sha256
from sim.calibrate.measurements import EVENTS, KEYS, observe
from sim.logs import Read, iter_logs
from sim.logs.stored import beside
from sim.world.log import LOG_STEP_S, Log

ALL_BRAKE_MPS2 = -1.3
"""A clip whose road users brake by more than this on average, over all of it, is no plain
recording. Of the CommonRoad form of US-101 13 clips are at -1.8 to -3.2 m/s², the rest of it,
Lankershim and OpenACC at -0.8 to 1.1."""
ALL = 8
"""Road users at least, for that to tell."""
MOVING_MPS = 2.0


@dataclass(frozen=True)
class Source:
    """One recording that was read.

    Attributes:
        episode_id, site, group: As in its Log.
        sha256: Of its file.
        hours: Of road users [h].
        plain: Whether it is a plain recording; others are not measured.
    """

    episode_id: str
    site: str
    group: str
    sha256: str
    hours: float
    plain: bool


@dataclass(frozen=True)
class Evidence:
    """Events by kind, one table each (columns as from `observe`), and the recordings."""

    tables: Mapping[str, pd.DataFrame]
    sources: tuple[Source, ...]

    @property
    def used(self) -> tuple[Source, ...]:
        """Recordings that were measured."""
        return tuple(source for source in self.sources if source.plain)

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups of the recordings that were measured, sorted."""
        return tuple(sorted({source.group for source in self.used}))

    @property
    def manifest(self) -> list[dict[str, str]]:
        """Which recordings were measured, and their content, sorted."""
        lines = ((s.episode_id, s.group, s.sha256) for s in self.used)
        return [dict(zip(("episode_id", "group", "sha256"), line)) for line in sorted(lines)]

    @property
    def manifest_sha256(self) -> str:
        """One hash for all of that."""
        text = json.dumps(self.manifest, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def evidence(root: Path, *, groups: Sequence[str] = (), events: Collection[str] = ()) -> Evidence:
    """Measure the recordings under a folder.

    Args:
        root: As for `sim.logs.iter_logs`.
        groups: Only these, nothing else is read; all when empty.
        events: Keys of `EVENTS`; all when empty.

    Raises:
        UserError: There is no recording, or one cannot be read.
    """
    wanted = tuple(events or EVENTS)
    sources, found = [], []
    for each in iter_logs(root, groups=groups):
        sources.append(_source(each))
        if sources[-1].plain:
            found.append(observe(each.log, wanted))
    tables = {name: joined([tables[name] for tables in found], name) for name in wanted}
    return Evidence(tables, tuple(sources))


def joined(tables: Sequence[pd.DataFrame], event: str) -> pd.DataFrame:
    """The tables of one event in one; what a vehicle has once stands once a group."""
    columns = [*KEYS, *EVENTS[event].columns]
    filled = [table for table in tables if len(table)]
    if not filled:
        return pd.DataFrame({name: [] for name in columns})
    table = pd.concat(filled, ignore_index=True)
    if EVENTS[event].once:
        same = ["group", "track_id", *EVENTS[event].columns]
        table = table.drop_duplicates(same, ignore_index=True)
    return table


def is_plain(log: Log) -> bool:
    """Whether a recording shows traffic as it was: see `ALL_BRAKE_MPS2`."""
    tracks = log.tracks
    moving = tracks["speed_mps"].to_numpy() > MOVING_MPS
    accel = tracks["accel_mps2"].to_numpy()[moving]
    accel = accel[np.isfinite(accel)]
    many = tracks["track_id"].nunique() >= ALL
    return not (many and len(accel) > 0 and accel.mean() < ALL_BRAKE_MPS2)


def _source(each: Read) -> Source:
    recording = each.recording
    name = sha256(recording.path)
    twin = beside(recording.path, "episodes")
    if twin.is_file():  # one of ours: a recording is two files
        name = hashlib.sha256(f"{name}{sha256(twin)}".encode()).hexdigest()
    hours = len(each.log.tracks) * LOG_STEP_S / 3600.0
    return Source(
        recording.episode_id, recording.site, recording.group, name, hours, is_plain(each.log)
    )
