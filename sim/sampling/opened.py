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
        files: What the manifest of a finished run lists, below the folder.
    """

    folder: Path
    family: Family
    sampler: dict[str, Any]
    n: int
    seed: int
    seconds: float
    files: tuple[str, ...] = ()

    def episodes(self) -> pd.DataFrame:
        """The `episodes` table: all of a finished run, what is there of one that was stopped.

        Raises:
            UserError: No episode is there, a file of a finished run is not, or one is no Parquet.
        """
        lost = [name for name in self.files if not (self.folder / name).is_file()]
        if lost:
            wanted = f"{lost[0]}: it was there; generate with the same keys writes it again"
            raise expected("path", wanted, f"{len(lost)} files missing", where=str(self.folder))
        parts = self.folder / "episodes"
        if not any(parts.glob("*.parquet")):
            raise expected("path", "at least one episode", "none", where=str(self.folder))
        try:
            return pd.read_parquet(parts).reset_index(drop=True)
        except (OSError, ValueError) as error:
            raise UserError(f"{parts}: cannot be read as Parquet ({error})") from None

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
        UserError: It is none, its manifest is not as it was written, or its family is not
            known here.
    """
    folder = Path(folder)
    path = folder / MANIFEST
    if not path.is_file():
        raise expected("path", "a folder that closecall generate wrote", str(folder))
    manifest = read_json(path)
    held = manifest.get("configuration")
    wanted = ("family", "quantities", "sampler", "n", "seed", "seconds")
    if not isinstance(held, dict) or any(key not in held for key in wanted):
        raise expected("path", "a folder that closecall generate wrote", str(folder))
    try:
        return _opened(folder, held, manifest.get("files", []))
    except UserError as error:
        raise UserError(f"{path}: {error}") from None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        wanted_form = "as closecall generate wrote it"
        raise expected("configuration", wanted_form, str(error), where=str(path)) from None


def _opened(folder: Path, held: dict[str, Any], files: list[dict[str, Any]]) -> Opened:
    family = load_families()[str(held["family"])]().with_overrides(held["quantities"])
    return Opened(
        folder=folder,
        family=_with_terms(family, held.get("terms") or {}),
        sampler=dict(held["sampler"]),
        n=int(held["n"]),
        seed=int(held["seed"]),
        seconds=float(held["seconds"]),
        files=tuple(str(file["path"]) for file in files),
    )


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
