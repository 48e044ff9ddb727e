"""Compile most machine code once, on one core, before two test workers would both do it.

    python tools/compile_kernels.py

It takes a minute from nothing, beside the linters; what is compiled stays beside the sources.
"""

from __future__ import annotations

import sim
from sim.family import load_families
from sim.reference import with_preventability
from sim.sampling import run_family, sample


def main() -> None:
    """Run one small case of everything that is compiled and used by many tests."""
    family = load_families()["cut_in"]()
    episode = sample(family, n=40, seed=1)
    log = with_preventability(episode, run_family(family, episode), seconds=family.seconds)
    sim.featurize(log, seed=1)


if __name__ == "__main__":
    main()
