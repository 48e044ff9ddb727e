"""How dangerous the importance stream of each family is, and what its covering design holds.

    python -m tools.streams [family ...]

One row a family: the share of draws with its event under nominal draws and under
`sampler=importance` (defaults: three pilots of 500, then 1,000 draws), near misses and
crashes, how far the mean weight lies from 1 in standard errors, the event's probability from
either, and the 1- to 3-way bins that `sampler=covering` holds of those the constraints allow.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np

from sim.family import EVENTS, Family, load_families
from sim.sampling import Covering, Importance, Sampler, egos, input_coverage, pilot, run_family
from sim.sampling.cells.bins import Bools, Floats
from sim.sampling.coverage.nature import natural_share
from sim.sampling.feasible import feasible_points
from sim.sampling.sample import sample

N, SEED = 1000, 1
HEAD = (
    "family",
    "nominal",
    "stream",
    "near",
    "crash",
    "weights",
    "probability",
    "rows",
    "2-way",
    "3-way",
)


def main() -> None:
    """Print the table as Markdown."""
    names = sys.argv[1:] or list(load_families())
    print("| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD))
    for name in names:
        print("| " + " | ".join(_cells(load_families()[name]())) + " |", flush=True)


def _cells(family: Family) -> Iterator[str]:
    nominal, _, _ = _run(family, None)
    tilted = pilot(family, Importance(), seed=SEED, seconds=family.seconds)
    event, crash, weight = _run(family, tilted)
    error = weight.std() / np.sqrt(N)
    yield family.name
    yield f"{nominal.mean():.1%}"
    yield f"{event.mean():.1%}"
    yield f"{(event & ~crash).mean():.1%}"
    yield f"{crash.mean():.1%}"
    yield f"{(weight.mean() - 1.0) / error:+.1f}" if error > 0 else "0.0"
    told = natural_share(weight, event)
    yield f"{told.share:.4f} [{told.low:.4f}, {told.high:.4f}]"
    yield from _design(family)


def _run(family: Family, sampler: Sampler | None) -> tuple[Bools, Bools, Floats]:
    episode = sample(family, n=N, seed=SEED, sampler=sampler)
    ego = egos(run_family(family, episode))
    event = EVENTS[family.event].margin(ego) <= 0.0
    return event, ego["collided"].to_numpy(bool), np.exp(episode.log_weight)


def _design(family: Family) -> Iterator[str]:
    sampler = Covering()
    n = len(sampler.design(family.space, SEED))
    points, _ = feasible_points(family, sampler, n, SEED)
    tallies = input_coverage(family, points).tallies
    yield str(n)
    for t in (1, 2):
        yield f"{tallies[t].share:.1%}" if t < len(tallies) else ""


if __name__ == "__main__":
    main()
