"""A folder of simulated episodes, a shard a file, that can be interrupted and taken up again."""

from __future__ import annotations

import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from tqdm import tqdm

from sim.base.store import MANIFEST
from sim.family import Family
from sim.reference import with_preventability
from sim.sampling.designs.independent import Iid
from sim.sampling.feasible import feasible_points
from sim.sampling.folder import Run, claim, clear, finish, is_there, write_shard
from sim.sampling.limits import MOST_EPISODES, SHARD, check_seconds, check_shard, check_whole
from sim.sampling.sample import check_pilot, pilot, resolve, run_family, sample
from sim.sampling.sampler import Sampler


def generate(
    family: Family | str,
    *,
    n: int,
    out: Path | str,
    seed: int = 0,
    sampler: Sampler | None = None,
    seconds: float | None = None,
    shard: int = SHARD,
    jobs: int | None = None,
    progress: bool = True,
) -> Path:
    """Simulate n episodes of a family into a folder, each crash with who would have avoided it.

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
        The folder: `manifest.json` and `part-*.parquet` in `episodes`, `tracks`, `outcomes`.

    Raises:
        UserError: An impossible argument, or `out` holds something else.
    """
    check_whole("n", n, least=1, most=MOST_EPISODES)
    check_whole("seed", seed)
    check_shard(shard, n)
    family = resolve(family)
    length = check_seconds(family.seconds if seconds is None else seconds)
    run = Run(family, sampler or Iid(), n, seed, length, shard)
    check_pilot(run.sampler)
    out = Path(out)
    if not (out / MANIFEST).is_file():
        feasible_points(family, run.sampler, 1, seed)  # what they refuse, before a folder is made
    known = claim(out, run.configuration)
    missing = [k for k in range(len(run.shards)) if not is_there(out, run, k, known)]
    if missing or not known:
        _complete(out, run, missing, jobs, progress)
    return out


def _complete(out: Path, run: Run, missing: list[int], jobs: int | None, progress: bool) -> None:
    """Add the missing shards and the manifest."""
    clear(out)
    sampler = pilot(run.family, run.sampler, seed=run.seed, seconds=run.seconds, threads=jobs)
    if progress and sampler.warning:
        print(sampler.warning, file=sys.stderr)
    _fill(out, run, sampler, missing, jobs, progress)
    finish(out, run, sampler)


def _fill(
    out: Path, run: Run, sampler: Sampler, missing: list[int], jobs: int | None, progress: bool
) -> None:
    """Simulate the missing shards, one being written while the next is running."""
    done = run.n - sum(run.shards[k][1] for k in missing)
    bar = tqdm(
        total=run.n, initial=done, unit="episode", desc=run.family.terms.name, disable=not progress
    )
    with bar, ThreadPoolExecutor(max_workers=1) as writer:
        writing: Future[None] | None = None
        for k in missing:
            start, count = run.shards[k]
            episode = sample(run.family, n=count, seed=run.seed, sampler=sampler, start=start)
            log = run_family(run.family, episode, seconds=run.seconds, threads=jobs)
            log = with_preventability(episode, log, seconds=run.seconds, threads=jobs)
            if writing is not None:
                writing.result()
            writing = writer.submit(write_shard, out, k, log)
            bar.update(count)
        if writing is not None:
            writing.result()
