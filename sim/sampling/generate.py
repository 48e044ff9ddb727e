"""A folder of simulated episodes, a shard a file, that can be interrupted and taken up again."""

from __future__ import annotations

import math
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from tqdm import tqdm

from sim.base.errors import UserError, expected
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
from sim.family import Family
from sim.sampling.designs import Iid
from sim.sampling.sample import check_whole, pilot, resolve, sample
from sim.sampling.sampler import Sampler
from sim.world.log import LOG_STEP_S, Log
from sim.world.rollout import simulate

TABLES = ("tracks", "episodes")
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
                "quantities": self.family.overrides,
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

    @property
    def shards(self) -> list[tuple[int, int]]:
        """(number of the first episode, count) of each shard."""
        starts = range(0, self.n, self.shard)
        return [(start, min(self.shard, self.n - start)) for start in starts]


def generate(
    family: Family | str,
    *,
    n: int,
    out: Path | str,
    seed: int = 0,
    sampler: Sampler | None = None,
    seconds: float | None = None,
    shard: int = 256,
    jobs: int | None = None,
    progress: bool = True,
) -> Path:
    """Simulate n episodes of a family into a folder.

    A run that was interrupted continues where it stopped and ends with the same bytes; one
    that had finished is checked against its hashes and left alone. Memory is that of two
    shards, whatever n.

    Args:
        family: A family, or a family's name.
        n: How many episodes.
        out: A new folder, or that of the same run begun before.
        seed: Of the points and of the noise in the run.
        sampler: How points are chosen; independent ones if left out.
        seconds: Length of an episode [s]; the family's own if left out.
        shard: Episodes in a file.
        jobs: Threads; all if left out.
        progress: Whether to show a bar on stderr.

    Returns:
        The folder: `manifest.json`, `episodes/part-*.parquet`, `tracks/part-*.parquet`.

    Raises:
        UserError: An impossible argument, or `out` holds something else.
    """
    check_whole("n", n, least=1)
    check_whole("seed", seed)
    check_whole("shard", shard, least=1)
    family = resolve(family)
    length = family.seconds if seconds is None else seconds
    if not (isinstance(length, int | float) and math.isfinite(length) and length >= 1):
        raise expected("seconds", "a finite time of at least 1 s", length)
    run = Run(family, sampler or Iid(), n, seed, float(length), shard)
    out = Path(out)
    known = _claimed(out, run.configuration)
    missing = [k for k in range(len(run.shards)) if not _is_there(out, run, k, known)]
    if missing:
        _fill(out, run, missing, jobs, progress)
    return out


def _claimed(out: Path, configuration: dict[str, Any]) -> dict[str, str]:
    """Make the folder ours; returns file to hash, as far as a finished run wrote them down."""
    path = out / MANIFEST
    if not path.is_file():
        claim_folder(out)
        write_json({"schema": 1, "complete": False, "configuration": configuration}, path)
        return {}
    manifest = read_json(path)
    held = manifest.get("configuration")
    if not isinstance(held, dict) or "family" not in held:
        raise expected("out", "a new folder, or that of the same run", f"another folder: {out}")
    for name in sorted(configuration.keys() | held.keys()):
        if configuration.get(name) != held.get(name):
            raise UserError(
                f"out: {out} holds another run: {name} is {held.get(name)!r} there and "
                f"{configuration.get(name)!r} here; choose a new folder"
            )
    return {str(file["path"]): str(file["sha256"]) for file in manifest.get("files", [])}


def _part(out: Path, table: str, k: int) -> Path:
    return out / table / f"part-{k:05d}.parquet"


def _is_there(out: Path, run: Run, k: int, known: dict[str, str]) -> bool:
    """Whether both files of a shard are whole, and as written if that is known."""
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


def _fill(out: Path, run: Run, missing: list[int], jobs: int | None, progress: bool) -> None:
    """Simulate the missing shards, one being written while the next is running."""
    for left in out.glob("*/.*.partial"):
        left.unlink()
    sampler = pilot(run.family, run.sampler, seed=run.seed, seconds=run.seconds, threads=jobs)
    done = run.n - sum(run.shards[k][1] for k in missing)
    bar = tqdm(
        total=run.n, initial=done, unit="episode", desc=run.family.name, disable=not progress
    )
    with bar, ThreadPoolExecutor(max_workers=1) as writer:
        writing: Future[None] | None = None
        for k in missing:
            start, count = run.shards[k]
            episode = sample(run.family, n=count, seed=run.seed, sampler=sampler, start=start)
            log = simulate(episode, seconds=run.seconds, threads=jobs)
            if writing is not None:
                writing.result()
            writing = writer.submit(_write, out, k, log)
            bar.update(count)
        if writing is not None:
            writing.result()
    _finish(out, run, sampler)


def _write(out: Path, k: int, log: Log) -> None:
    for table in TABLES:
        write_parquet(getattr(log, table), _part(out, table, k))


def _finish(out: Path, run: Run, sampler: Sampler) -> None:
    """Write the manifest of a complete folder."""
    parts = [_part(out, table, k) for table in sorted(TABLES) for k in range(len(run.shards))]
    files = [describe_file(path, out, _rows(path)) for path in parts]
    manifest = {
        "schema": 1,
        "complete": True,
        "seed": run.seed,
        "version": software_version(),
        "configuration": run.configuration,
        "learnt": asdict(sampler).get("proposal"),
        "files": files,
    }
    write_json(manifest, out / MANIFEST)
