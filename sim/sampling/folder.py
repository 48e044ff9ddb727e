"""A folder of episodes as it grows: whose it is, which shards are there, and its manifest."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from sim.base.errors import UserError, expected
from sim.base.identity import ENGINE, code_digest
from sim.base.store import (
    MANIFEST,
    claim_folder,
    describe_file,
    plain,
    read_json,
    sha256,
    software_version,
    write_json,
    write_parquet,
)
from sim.family import Family, source_hash
from sim.sampling.sampler import Sampler
from sim.world.log import LOG_STEP_S, Log

SCHEMA = 1
"""Of the manifest."""

TABLES = ("tracks", "outcomes", "episodes")
"""Written in this order: a shard is there when its episodes are."""


@dataclass(frozen=True)
class Run:
    """All that decides what a folder will hold."""

    family: Family
    sampler: Sampler
    n: int
    seed: int
    seconds: float
    shard: int

    @property
    def configuration(self) -> dict[str, Any]:
        """The same as JSON: two runs are one when these are equal."""
        settings: object = plain(
            {
                "family": self.family.name,
                "code": source_hash(type(self.family)),
                "engine": code_digest(ENGINE),
                "quantities": self.family.overrides,
                "terms": self.family.terms.written,
                "sampler": {"name": self.sampler.name, **asdict(self.sampler)},
                "n": self.n,
                "seed": self.seed,
                "seconds": self.seconds,
                "step_s": LOG_STEP_S,
                "shard": self.shard,
                "version": software_version(),
            }
        )
        assert isinstance(settings, dict)
        return settings

    @cached_property
    def shards(self) -> list[tuple[int, int]]:
        """(number of the first episode, count) of each shard."""
        starts = range(0, self.n, self.shard)
        return [(start, min(self.shard, self.n - start)) for start in starts]


def claim(out: Path, configuration: dict[str, Any]) -> dict[str, str]:
    """Make the folder ours; returns file to hash, empty until a run was finished there.

    Raises:
        UserError: It is another's, or a link in it would have us write somewhere else.
    """
    _check_links(out)
    path = out / MANIFEST
    if not path.is_file():
        claim_folder(out)
        write_json({"schema": SCHEMA, "complete": False, "configuration": configuration}, path)
        return {}
    manifest = read_json(path)
    held = manifest.get("configuration")
    if not isinstance(held, dict) or "family" not in held:
        raise expected("out", "a new folder, or that of the same run", f"another folder: {out}")
    for name in sorted(configuration.keys() | held.keys()):
        whose = {"code": f"of {held['family']}", "engine": "of the simulator"}.get(name)
        if whose and configuration.get(name) != held.get(name):
            raise UserError(
                f"out: {out} holds another run: the code {whose} was another one; "
                "choose a new folder"
            )
        if configuration.get(name) != held.get(name):
            raise UserError(
                f"out: {out} holds another run: {name} is {held.get(name)!r} there and "
                f"{configuration.get(name)!r} here; choose a new folder"
            )
    try:
        return {str(file["path"]): str(file["sha256"]) for file in manifest.get("files", [])}
    except (AttributeError, KeyError, TypeError):
        raise expected("files", "a path and sha256 each", "others", where=str(path)) from None


def _check_links(out: Path) -> None:
    """A folder that was received may hold anything: only what is in it is written or deleted."""
    for table in TABLES:
        path = out / table
        if path.is_symlink():
            raise expected(table, "a folder", f"a link to {path.readlink()}", where=str(out))


def clear(out: Path) -> None:
    """Delete what a run that was stopped left half written."""
    for table in TABLES:
        for left in (out / table).glob(".part-*.partial"):
            left.unlink()


def _part(out: Path, table: str, k: int) -> Path:
    return out / table / f"part-{k:05d}.parquet"


def is_there(out: Path, run: Run, k: int, known: dict[str, str]) -> bool:
    """Whether all files of a shard are whole, and as written if that is known."""
    for table in TABLES:
        path = _part(out, table, k)
        if not path.is_file():
            return False
        hashed = known.get(path.relative_to(out).as_posix())
        if hashed is not None and hashed != sha256(path):
            return False
    return hashed is not None or _rows(_part(out, "episodes", k)) == run.shards[k][1]


def _rows(path: Path) -> int:
    """Rows of a Parquet file, -1 if it is none."""
    try:
        return int(pq.read_metadata(path).num_rows)
    except (OSError, ValueError):
        return -1


def write_shard(out: Path, k: int, log: Log) -> None:
    for table in TABLES:
        write_parquet(getattr(log, table), _part(out, table, k))


def finish(out: Path, run: Run, sampler: Sampler) -> None:
    """Write the manifest of a complete folder."""
    parts = [_part(out, table, k) for table in sorted(TABLES) for k in range(len(run.shards))]
    files = [describe_file(path, out, _rows(path)) for path in parts]
    manifest = {
        "schema": SCHEMA,
        "complete": True,
        "seed": run.seed,
        "version": software_version(),
        "configuration": run.configuration,
        "learnt": asdict(sampler).get("proposal"),
        "files": files,
    }
    write_json(manifest, out / MANIFEST)
