"""A folder that `generate` wrote, opened again: which family it is of, and its frozen episodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from sim.base.errors import UserError, expected, unknown
from sim.base.store import MANIFEST, MOST_ROWS, read_json, read_parquet, rows_of
from sim.family import Concrete, Family, Terms, concrete_of, load_families
from sim.sampling.folder import SCHEMA
from sim.sampling.limits import MOST_EPISODES, check_seconds, check_whole


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
        rows: Rows of each file below the folder that the manifest of a finished run lists.
        complete: Whether the run was finished.
    """

    folder: Path
    family: Family
    sampler: dict[str, Any]
    n: int
    seed: int
    seconds: float
    rows: Mapping[str, int] = field(default_factory=dict)
    complete: bool = True

    def episodes(self) -> pd.DataFrame:
        """The `episodes` table: all of a finished run, what is there of one that was stopped.

        Raises:
            UserError: No episode is there, a file of a finished run is not, or one is no Parquet.
        """
        lost = [name for name in self.rows if not (self.folder / name).is_file()]
        if lost:
            wanted = f"{lost[0]}: it was there; generate with the same keys writes it again"
            raise expected("path", wanted, f"{len(lost)} files missing", where=str(self.folder))
        parts = [self.part("episodes", name) for name in self.parts()]
        if not parts:
            raise expected("path", "at least one episode", "none", where=str(self.folder))
        return pd.concat(parts, ignore_index=True)

    def part(self, table: str, name: str, **how: Any) -> pd.DataFrame:
        """One file of a table, of no more rows than the manifest says.

        Args:
            table: Its folder.
            name: Of the file.
            how: As `read_parquet` takes it.

        Raises:
            UserError: It is no Parquet, lacks a column, or holds more rows.
        """
        usual = self.n if table == "episodes" else MOST_ROWS
        most = min(self.rows.get(f"{table}/{name}", usual), usual)
        path = self.folder / table / name
        found = read_parquet(path, most=most, **how)
        if table == "episodes":
            _check_episodes(found, str(path))
        return found

    def parts(self) -> list[str]:
        """Names of the files that each table has."""
        return sorted(path.name for path in (self.folder / "episodes").glob("part-*.parquet"))

    def told(self) -> str | None:
        """That it was never finished, in a line; None of a finished run."""
        if self.complete:
            return None
        there = sum(rows_of(self.folder / "episodes" / name) for name in self.parts())
        return f"{self.folder}: an unfinished run, {there:,} of {self.n:,} episodes are there"

    def crashes(self) -> list[str]:
        """Which episodes crashed; raises `UserError` where nobody measured that."""
        table = self.episodes()
        if "collided" not in table:
            raise expected("episodes", "a column collided", list(table), where=str(self.folder))
        return [str(name) for name in table.loc[table["collided"], "episode_id"]]

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


_COLUMNS = {
    "episode_id": ("O", "names"),
    "seed": ("i", "whole numbers"),
    "collided": ("b", "true or false"),
    "log_weight": ("f", "real numbers"),
}
"""Of an episodes table, with numpy's letter for their type."""


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
    if manifest.get("schema") != SCHEMA:
        raise expected("schema", str(SCHEMA), manifest.get("schema"), where=str(path))
    try:
        return _opened(folder, held, manifest)
    except UserError as error:
        raise UserError(f"{path}: {error}") from None
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        wanted_form = "as closecall generate wrote it"
        raise expected("configuration", wanted_form, str(error), where=str(path)) from None


def _check_episodes(table: pd.DataFrame, where: str) -> None:
    """Raise `UserError` where a column that all runs have is missing, or of another type."""
    for name in ("episode_id", "log_weight"):
        if name not in table:
            raise expected("columns", f"a column {name}", list(table), where=where)
    for name, (kind, words) in _COLUMNS.items():
        if name in table and table[name].to_numpy().dtype.kind != kind:
            raise expected(name, words, str(table[name].dtype), where=where)
    if table["episode_id"].astype(str).duplicated().any():
        raise UserError(f"{where}: episode_id: one stands twice")


def _opened(folder: Path, held: dict[str, Any], manifest: dict[str, Any]) -> Opened:
    family = load_families()[str(held["family"])]().with_overrides(held["quantities"])
    return Opened(
        folder=folder,
        family=_with_terms(family, held.get("terms") or {}),
        sampler=dict(held["sampler"]),
        n=check_whole("n", held["n"], least=1, most=MOST_EPISODES),
        seed=check_whole("seed", held["seed"]),
        seconds=check_seconds(held["seconds"]),
        rows={str(file["path"]): int(file["rows"]) for file in manifest.get("files", [])},
        complete=manifest.get("complete") is True,
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
