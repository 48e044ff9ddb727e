"""The distinct ways in which a family fails: a quality-diversity archive of its crashes.

MAP-Elites (Mouret and Clune 2015) with directional variation (Vassiliades and Mouret 2018), by
pyribs: kept is, for each way to fail, the most ordinary scenario that fails in that way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from sim.base.errors import UserError
from sim.base.rng import purpose
from sim.family import Family
from sim.family.space import EDGE
from sim.sampling.designs.independent import Iid
from sim.sampling.feasible import feasible_points
from sim.sampling.limits import check_whole
from sim.sampling.sample import egos, episodes_of, resolve, run_family
from sim.sampling.sampler import Floats
from sim.sampling.search.ways import DIMS, log_likelihood, way_table, ways

NOMINAL_SHARE = 0.4
"""Of the budget goes to nominal draws: they start the search, and tell how often each way is."""

MOST_BUDGET, CHUNK = 1_000_000, 2_000
"""Episodes of a search, and of nominal ones those that are run, and held, at once."""

BATCH = 200
"""Episodes a round: about as many as a search step of some 80 coordinates needs to go on."""

ISO, LINE = 0.2, 0.3
"""Steps [standard deviations] on their own, and along the line to another elite."""


@dataclass(frozen=True)
class Archive:
    """Distinct failures, and how they were found.

    Attributes:
        family: Whose they are.
        seed: With `episode` in the table the key of each one's noise.
        budget: Episodes run.
        table: One row a way to fail: `who`, `side`, `impact`, `time` say which way;
            `log_likelihood` how ordinary the scenario is (0 at the mode of all quantities),
            `natural_share` the share of nominal episodes that fail this way, `found` how
            many episodes of the search did; `episode`, what happened, and `q.<quantity>_<unit>`.
        points: (m, d) the scenarios in the unit cube, row by row.
        cells: How many ways the archive can tell apart.
        qd_score: Sum over cells of exp(log likelihood over coordinates): ordinary failures
            and many ways both count (Pugh, Soros and Stanley 2016).
        nominal: Episodes behind `natural_share`.
    """

    family: Family
    seed: int
    budget: int
    table: pd.DataFrame
    points: Floats
    cells: int
    qd_score: float
    nominal: int

    @property
    def coverage(self) -> float:
        """The share of cells that hold a failure; many can never be filled."""
        return len(self.table) / self.cells


def archive(
    family: Family | str, *, budget: int = 5000, seed: int = 0, threads: int | None = None
) -> Archive:
    """Search the distinct ways in which a family's ego crashes.

    Nominal draws come first; then each round varies failures found so far, in
    standard-normal space, and keeps of each way the scenario with the highest nominal
    density. The same arguments give the same archive.

    Args:
        family: A family, or a family's name.
        budget: Episodes to run, at least 500.
        seed: Of the draws, the search and the noise in the runs.
        threads: As in `simulate`.

    Raises:
        UserError: An argument is impossible.
    """
    check_whole("budget", budget, least=500, most=MOST_BUDGET)
    check_whole("seed", seed)
    search = _Search(resolve(family), seed, threads)
    nominal = int(NOMINAL_SHARE * budget)
    points, _ = feasible_points(search.family, Iid(), nominal, purpose(f"archive {seed}"))
    for at in range(0, nominal, CHUNK):
        search.run(points[at : at + CHUNK])
    natural = search.counts.copy()
    while search.done < budget:
        search.run(search.varied()[: budget - search.done])
    return search.result(natural, nominal)


class _Search:
    """The state of a search: a grid of elites, an emitter, and how many episodes were run."""

    def __init__(self, family: Family, seed: int, threads: int | None) -> None:
        grid, emitter = _ribs()
        self.family, self.seed, self.threads, self.done = family, seed, threads, 0
        self.counts = np.zeros(DIMS, np.int64)
        self.elites = grid(
            solution_dim=family.dimensions,
            dims=DIMS,
            ranges=[(-0.5, n - 0.5) for n in DIMS],
            seed=seed,
            extra_fields={"episode": ((), np.int64), "speed": ((), np.float64)},
        )
        self.emitter = emitter(
            self.elites,
            iso_sigma=ISO,
            line_sigma=LINE,
            x0=np.zeros(family.dimensions),
            batch_size=BATCH,
            seed=seed + 1,
        )

    def varied(self) -> Floats:
        """Feasible points near failures; nominal ones while there are none."""
        if self.elites.empty:
            at = purpose(f"archive {self.seed} after {self.done}")
            return feasible_points(self.family, Iid(), BATCH, at)[0]
        for _ in range(100):
            points = np.clip(ndtr(self.emitter.ask()), EDGE, 1.0 - EDGE)
            points = points[self.family.feasible(points)]
            if len(points):
                return np.asarray(points)
        raise UserError(
            f"{self.family.terms.name}: nothing near its failures meets its constraints"
        )

    def run(self, points: Floats) -> None:
        """Run these scenarios and keep what fails in a new way, or more ordinarily."""
        family = self.family
        episode = episodes_of(family, family.draw(points), seed=self.seed, start=self.done)
        log = run_family(family, episode, threads=self.threads)
        cell, crashed = ways(log, family.seconds)
        np.add.at(self.counts, tuple(cell[crashed].T), 1)
        if crashed.any():
            impact = egos(log)["impact_speed_mps"].to_numpy(np.float64)
            self.elites.add(
                ndtri(points[crashed]),
                log_likelihood(family, points[crashed]),
                cell[crashed].astype(np.float64),
                episode=self.done + np.flatnonzero(crashed),
                speed=impact[crashed],
            )
        self.done += len(points)

    def result(self, natural: Any, nominal: int) -> Archive:
        held = self.elites.data()
        order = np.lexsort((held["index"], -held["objective"]))
        held = {name: values[order] for name, values in held.items()}
        cell = np.rint(held["measures"]).astype(np.int64).reshape(-1, 4)
        points = np.clip(ndtr(held["solution"]), EDGE, 1.0 - EDGE)
        points = points.reshape(-1, self.family.dimensions)
        score = float(np.exp(held["objective"] / self.family.dimensions).sum())
        table = way_table(self.family, held, cell, points)
        table.insert(5, "natural_share", natural[tuple(cell.T)] / nominal)
        table.insert(6, "found", self.counts[tuple(cell.T)])
        cells = int(np.prod(DIMS))
        return Archive(self.family, self.seed, self.done, table, points, cells, score, nominal)


def _ribs() -> tuple[Any, Any]:
    """pyribs' grid and emitter; loaded late, it takes 2 s."""
    from ribs.archives import GridArchive
    from ribs.emitters import IsoLineEmitter

    return GridArchive, IsoLineEmitter
