"""A Log: what happened, whoever made it. Everything after it is blind to its origin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.errors import UserError
from sim.laws.impact import Side
from sim.world.kinds import KIND_NAMES

LOG_STEP_S = 0.1
"""Interval of every Log [s]; readers resample, the simulator logs at it."""

TRACK_COLUMNS: dict[str, str] = {
    "episode_id": "category",
    "frame": "int32",
    "t_s": "float64",
    "track_id": "int64",
    "kind": "category",
    "x_m": "float64",
    "y_m": "float64",
    "yaw_rad": "float64",
    "speed_mps": "float64",
    "accel_mps2": "float64",
    "length_m": "float64",
    "width_m": "float64",
    "lane": "int32",
}
"""One row a road user and frame. `accel_mps2` may be NaN, `lane` -1 where unknown."""

EPISODE_COLUMNS: dict[str, str | int | float | bool] = {
    "episode_id": "",
    "source": "",  # recorded, field or simulated
    "site": "",
    "group": "",  # what a held-out split may not cut: site and map, or the whole run
    "family": "",
    "seed": -1,
    "log_weight": 0.0,
    "proposal": 0,  # of the sampler's distributions; 0 the nominal one, -1 placed, not drawn
    "outcome": "",  # crash; near: the family's event; close: of no family, TTC < 1.5 s; ordinary
    "min_ttc_s": np.nan,
    "collided": False,
    "delta_v_mps": np.nan,
    "preventable": "",  # the ego's crash, by all, some or none of the reference drivers
    "avoided_by": "",  # by which of them, joined by spaces
}
"""One row an episode (a recording, a drive, a scenario), with the default where unknown."""

OUTCOME_COLUMNS: dict[str, str] = {
    "episode_id": "category",
    "track_id": "int64",
    "kind": "category",
    "min_ttc_s": "float64",
    "max_drac_mps2": "float64",
    "min_pet_s": "float64",
    "min_ttc_at_s": "float64",  # when that was, NaN where there was none,
    "min_ttc_with": "int64",  # and with which track, -1 where there was none
    "max_drac_at_s": "float64",
    "max_drac_with": "int64",
    "min_pet_at_s": "float64",  # when the second of two came where the first had been
    "min_pet_with": "int64",
    "collided": "bool",
    "other_id": "int64",  # -1 nobody, as all that follows NaN
    "contact_s": "float64",
    "contact_x_m": "float64",
    "contact_y_m": "float64",
    "contact_side": "category",
    "impact_speed_mps": "float64",
    "delta_v_mps": "float64",
}
"""One row a road user of a simulated episode: how close it came, and its first contact."""

LATER_COLUMNS = tuple(name for name in OUTCOME_COLUMNS if name.endswith(("_at_s", "_with")))
"""Files of earlier versions lack them."""

SIDE_NAMES: tuple[str, ...] = tuple(side.name.lower() for side in Side)


@dataclass(frozen=True)
class Log:
    """Two tables in step, and for simulated episodes a third.

    Attributes:
        episodes: One row an episode, columns `EPISODE_COLUMNS` and the quantities drawn,
            `q.<name>_<unit>`.
        tracks: Columns `TRACK_COLUMNS`, sorted by episode, frame and track. The categories
            of `episode_id` are those of `episodes`, in its order; those of `kind` are
            `KIND_NAMES`. Frames are 0.1 s apart: t_s = frame * 0.1. x forward/east,
            y left/north, yaw counter-clockwise from +x, positions at the centre of the box.
        outcomes: One row a road user, columns `OUTCOME_COLUMNS`; empty where nobody measured.
            `min_ttc_s` and so on are NaN where nobody was near.
    """

    episodes: pd.DataFrame
    tracks: pd.DataFrame
    outcomes: pd.DataFrame = field(default_factory=lambda: no_outcomes())

    @classmethod
    def of(
        cls, episodes: pd.DataFrame, tracks: pd.DataFrame, outcomes: pd.DataFrame | None = None
    ) -> Log:
        """Complete, type and sort loose tables.

        Raises:
            UserError: A required track column is missing, an episode is unknown or named
                twice, a number that must be finite is not, or a row stands twice.
        """
        episodes = _complete_episodes(episodes)
        tracks = _typed_tracks(tracks, episodes)
        return cls(episodes, tracks, typed_outcomes(outcomes, episodes))

    def __len__(self) -> int:
        return len(self.episodes)

    def episode(self, index: int) -> Log:
        """The Log of one episode, by its row number."""
        return self.select(np.array([index]))

    def select(self, index: NDArray[np.int64]) -> Log:
        """The Log of some episodes, by row number."""
        codes = self.tracks["episode_id"].cat.codes.to_numpy()
        keep = np.isin(codes, index)
        ends = np.isin(self.outcomes["episode_id"].cat.codes.to_numpy(), index)
        return Log.of(self.episodes.iloc[index], self.tracks[keep], self.outcomes[ends])


def concat(logs: list[Log]) -> Log:
    """One Log of many; episode ids must differ."""
    tracks = [log.tracks.astype({"episode_id": str}) for log in logs]
    outcomes = [log.outcomes.astype({"episode_id": str}) for log in logs if len(log.outcomes)]
    return Log.of(
        pd.concat([log.episodes for log in logs], ignore_index=True),
        pd.concat(tracks, ignore_index=True),
        pd.concat(outcomes, ignore_index=True) if outcomes else None,
    )


def no_outcomes() -> pd.DataFrame:
    """The third table of a Log that has none."""
    columns = {name: pd.Series(dtype=dtype) for name, dtype in OUTCOME_COLUMNS.items()}
    return pd.DataFrame(columns)


def _complete_episodes(episodes: pd.DataFrame) -> pd.DataFrame:
    out = episodes.reset_index(drop=True).copy()
    if "episode_id" not in out:
        raise UserError("episodes: column 'episode_id' is missing")
    for name, default in EPISODE_COLUMNS.items():
        if name not in out:
            out[name] = default
    out["episode_id"] = out["episode_id"].astype(str)
    if out["episode_id"].duplicated().any():
        twice = out.loc[out["episode_id"].duplicated(), "episode_id"].iloc[0]
        raise UserError(f"episodes: episode_id {twice!r} stands twice")
    return out[[*EPISODE_COLUMNS, *(c for c in out if c not in EPISODE_COLUMNS)]]


def _typed_tracks(tracks: pd.DataFrame, episodes: pd.DataFrame) -> pd.DataFrame:
    missing = [name for name in TRACK_COLUMNS if name not in tracks]
    if missing:
        raise UserError(f"tracks: missing column {', '.join(missing)}")
    out = tracks[list(TRACK_COLUMNS)].copy()
    out["episode_id"] = _category(out["episode_id"].astype(str), episodes["episode_id"])
    out["kind"] = _category(out["kind"].astype(str), KIND_NAMES)
    for name in ("episode_id", "kind"):
        if out[name].isna().any():
            raise UserError(f"tracks: unknown {name} in row {int(out[name].isna().argmax())}")
    for name, dtype in TRACK_COLUMNS.items():
        if dtype != "category":
            out[name] = _number(out[name], dtype)
    key = ["episode_id", "frame", "track_id"]
    out = out.sort_values(key, kind="stable", ignore_index=True)
    if out.duplicated(key).any():
        at = out.loc[out.duplicated(key), key].iloc[0].to_dict()
        raise UserError(f"tracks: a row stands twice: {at}")
    return out


def typed_outcomes(outcomes: pd.DataFrame | None, episodes: pd.DataFrame) -> pd.DataFrame:
    """Outcomes in the columns and types of a Log, sorted; raises `UserError` where they are none.

    Args:
        outcomes: None where nobody measured.
        episodes: Whose they are, with a column `episode_id`.
    """
    if outcomes is None:
        return no_outcomes()
    missing = [n for n in OUTCOME_COLUMNS if n not in outcomes and n not in LATER_COLUMNS]
    if missing:
        raise UserError(f"outcomes: missing column {', '.join(missing)}")
    out = outcomes.reindex(columns=list(OUTCOME_COLUMNS))
    for name in LATER_COLUMNS:
        if name not in outcomes:
            out[name] = np.nan if name.endswith("_s") else -1
    known: dict[str, list[str]] = {
        "episode_id": list(episodes["episode_id"]),
        "kind": list(KIND_NAMES),
        "contact_side": list(SIDE_NAMES),
    }
    for name, categories in known.items():
        text = out[name].astype(object)
        text = text.where(text.isna(), text.astype(str))
        out[name] = _category(text, categories)
    for name in ("episode_id", "kind"):
        if out[name].isna().any():
            raise UserError(f"outcomes: unknown {name} in row {int(out[name].isna().argmax())}")
    for name, dtype in OUTCOME_COLUMNS.items():
        if dtype != "category":
            out[name] = _outcome(out[name], dtype)
    return out.sort_values(["episode_id", "track_id"], kind="stable", ignore_index=True)


def _category(text: pd.Series, categories: pd.Series | Sequence[str]) -> pd.Series:
    """The column as one of these; others become NaN, which pandas would no longer do by itself."""
    known = pd.CategoricalDtype(pd.Index(categories))
    return text.where(text.isin(known.categories), None).astype(known)


def _outcome(column: pd.Series, dtype: str) -> NDArray[np.generic]:
    try:
        return np.asarray(column.to_numpy().astype(dtype))
    except (ValueError, TypeError) as error:
        raise UserError(f"outcomes: column {column.name} is not numeric") from error


def _number(column: pd.Series, dtype: str) -> NDArray[np.generic]:
    try:
        values = pd.to_numeric(column).to_numpy()
    except (ValueError, TypeError) as error:
        raise UserError(f"tracks: column {column.name} is not numeric") from error
    finite = np.isfinite(values.astype(np.float64))
    if column.name != "accel_mps2" and not finite.all():
        row = int((~finite).argmax())
        raise UserError(f"tracks: column {column.name} is not finite in row {row}")
    return values.astype(dtype)
