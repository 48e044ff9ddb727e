"""Read recordings in any known format and write them as Closecall logs.

A folder of recordings holds one file a recording (CommonRoad XML, OpenACC CSV, tidy Parquet or
CSV); the folder that a file lies in is its site. What is dropped is counted by reason.
Recordings are examined: what cannot be believed is left out and listed in `examined.json`.

Examples:
  closecall import recordings/ out=logs
  closecall import mine.csv out=logs 'columns={t: time_s, track_id: id}'
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from sim.cli.out import fresh_folder, save_config
from sim.logs import import_folder, import_summary

POSITIONAL = "path"
PATHS = ("path", "out")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Keys of `closecall import`.

    Attributes:
        path: A recording, or a folder of them at any depth.
        out: New folder; null makes one below `runs/`.
        sites: Only these sites; empty means all.
        columns: For tidy tables: our column name to theirs.
        examine: Whether what cannot be believed is left out; false keeps it.
    """

    path: Path
    out: Path | None = None
    sites: tuple[str, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    examine: bool = True


def run(settings: Settings, config: str) -> Path:
    """Import; returns the folder."""
    out = settings.out if settings.out is not None else fresh_folder("import")
    import_folder(
        settings.path,
        out,
        sites=settings.sites,
        columns=settings.columns,
        examine=settings.examine,
    )
    save_config(out, config)
    print(import_summary(out), file=sys.stderr)
    return out
