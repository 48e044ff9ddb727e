"""A folder that `generate` wrote, opened again: which family it is of, and its frozen episodes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from sim.base.errors import UserError, expected, unknown
from sim.base.store import MANIFEST, read_json
from sim.family import Concrete, Family, Terms, concrete_of, load_families


@dataclass(frozen=True)
class Opened:
    """A run on disk.

    Attributes:
        folder: Where it lies.
        family: With the distributions and terms it was drawn with.
        sampler: Settings of the sampler, its name among them.
        n: Episodes asked for.
        seed: Of the run.
        seconds: Length of an episode [s].
    """

    folder: Path
    family: Family
    sampler: dict[str, Any]
    n: int
    seed: int
    seconds: float

    def episodes(self) -> pd.DataFrame:
        """The `episodes` table of what is there."""
        return pd.read_parquet(self.folder / "episodes").reset_index(drop=True)

    def freeze(self, episode_id: str) -> Concrete:
        """An episode as a concrete scenario.

        Raises:
            UserError: The run has no such episode.
        """
        table = self.episodes()
        at = table.index[table["episode_id"].astype(str) == episode_id]
        if not len(at):
            raise unknown("episode", episode_id, table["episode_id"].astype(str).head(20))
        return concrete_of(self.family, table.loc[at[0]].to_dict(), self.seconds)


def open_run(folder: Path | str) -> Opened:
    """Open a folder that `generate` wrote.

    Raises:
        UserError: It is none, or of a family that is not known here.
    """
    folder = Path(folder)
    path = folder / MANIFEST
    if not path.is_file():
        raise expected("path", "a folder that closecall generate wrote", str(folder))
    held = read_json(path).get("configuration")
    wanted = ("family", "quantities", "sampler", "n", "seed", "seconds")
    if not isinstance(held, dict) or any(key not in held for key in wanted):
        raise expected("path", "a folder that closecall generate wrote", str(folder))
    try:
        family = load_families()[held["family"]]().with_overrides(held["quantities"])
        family = _with_terms(family, held.get("terms") or {})
    except UserError as error:
        raise UserError(f"{path}: {error}") from None
    return Opened(folder, family, held["sampler"], held["n"], held["seed"], float(held["seconds"]))


def _with_terms(family: Family, written: dict[str, Any]) -> Family:
    """The family, as a variant where its terms are not its class's own."""
    if not written or written == family.terms.written:
        return family
    band = written.get("danger")
    terms = Terms(
        name=written["name"],
        danger=None if band is None else (band[0], band[1]),
        constraints=tuple(written.get("constraints", ())),
        correlations=tuple((a, b, rho) for a, b, rho in written.get("correlations", ())),
        always=tuple(written.get("always", ())),
        never=tuple(written.get("never", ())),
    )
    return replace(family, variant=terms)
