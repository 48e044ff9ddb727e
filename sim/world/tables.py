"""From the kernel's arrays to the tables of a Log, whole columns at a time."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.world.episode import Episode
from sim.world.kernel.records import ALIVE, CLOSENESS
from sim.world.kinds import KIND_NAMES
from sim.world.log import EPISODE_COLUMNS, LOG_STEP_S, SIDE_NAMES, Log

CLOSE_TTC_S = 1.5  # the usual threshold of a near-crash on the lead (Hydén 1987)


@dataclass(frozen=True)
class Piece:
    """What was logged over some frames, A rows sorted by episode, frame and slot.

    Attributes:
        episode, frame, slot: (A,) int32.
        values: (A, LOGGED) x, y, yaw, speed, accel, lane.
    """

    episode: NDArray[np.int32]
    frame: NDArray[np.int32]
    slot: NDArray[np.int32]
    values: NDArray[np.float32]

    @classmethod
    def of(cls, first: int, log: NDArray[np.float32], logged: NDArray[np.bool_]) -> Piece:
        """The rows that were written of arrays that begin with frame `first`."""
        _, frames, n, width = log.shape
        at = np.flatnonzero(logged)
        slot = (at % n).astype(np.int32)
        row = at // n
        return cls(
            episode=(row // frames).astype(np.int32),
            frame=(first + row % frames).astype(np.int32),
            slot=slot,
            values=log.reshape(-1, width)[at],
        )


def join_in_time(pieces: list[Piece], first: int) -> Piece:
    """One piece of several of the same scenarios, one after the other; `first` is their first."""
    columns = _chained(pieces)
    columns["episode"] = columns["episode"] + np.int32(first)
    if len(pieces) == 1:
        return Piece(**columns)
    # stable: within an episode the pieces are already in the order of time
    order = np.argsort(columns["episode"], kind="stable")
    return Piece(**{name: column[order] for name, column in columns.items()})


def _chained(pieces: list[Piece]) -> dict[str, Any]:
    names = [part.name for part in fields(Piece)]
    if len(pieces) == 1:
        return {name: getattr(pieces[0], name) for name in names}
    return {name: np.concatenate([getattr(piece, name) for piece in pieces]) for name in names}


def to_log(episode: Episode, pieces: list[Piece], users: NDArray[Any]) -> Log:
    """The Log of a run; it needs no `Log.of`, being complete, typed and sorted as it comes.

    Args:
        episode: B scenarios.
        pieces: Of scenarios that follow each other.
        users: (B, N) `USER` records at the end.
    """
    table = episode_table(episode, users[:, 0])
    names = table["episode_id"]
    tracks = track_table(episode, Piece(**_chained(pieces)), names)
    return Log(table, tracks, outcome_table(users, names))


def track_table(episode: Episode, rows: Piece, names: pd.Series) -> pd.DataFrame:
    """The `tracks` of a Log."""
    b, slot = rows.episode, rows.slot
    x, y, yaw, speed, accel, lane = (rows.values[:, c] for c in range(rows.values.shape[1]))
    users = episode.users
    return pd.DataFrame(
        {
            "episode_id": pd.Categorical.from_codes(b, categories=pd.Index(names)),
            "frame": rows.frame,
            "t_s": rows.frame * LOG_STEP_S,
            "track_id": slot.astype(np.int64),
            "kind": pd.Categorical.from_codes(users.kind[b, slot], categories=pd.Index(KIND_NAMES)),
            "x_m": x.astype(np.float64),
            "y_m": y.astype(np.float64),
            "yaw_rad": yaw.astype(np.float64),
            "speed_mps": speed.astype(np.float64),
            "accel_mps2": accel.astype(np.float64),
            "length_m": users.length[b, slot],
            "width_m": users.width[b, slot],
            "lane": lane.astype(np.int32),
        },
        copy=False,
    )


def outcome_table(users: NDArray[Any], names: pd.Series) -> pd.DataFrame:
    """The `outcomes` of a Log: of everybody who ever was on the road."""
    b, slot = np.nonzero(users["status"] >= ALIVE)
    there = users[b, slot]
    side = np.where(there["collided"] == 1, there["contact_side"], -1)
    return pd.DataFrame(
        {
            "episode_id": pd.Categorical.from_codes(b, categories=pd.Index(names)),
            "track_id": slot.astype(np.int64),
            "kind": pd.Categorical.from_codes(there["kind"], categories=pd.Index(KIND_NAMES)),
            "min_ttc_s": there["min_ttc"],
            "max_drac_mps2": there["max_drac"],
            "min_pet_s": there["min_pet"],
            **{f"{name}_at_s": there[f"{name}_at"] for name in CLOSENESS},
            **{f"{name}_with": there[f"{name}_with"] for name in CLOSENESS},
            "collided": there["collided"] == 1,
            "other_id": there["struck_by"],
            "contact_s": there["contact_s"],
            "contact_x_m": there["contact_x"],
            "contact_y_m": there["contact_y"],
            "contact_side": pd.Categorical.from_codes(side, categories=pd.Index(SIDE_NAMES)),
            "impact_speed_mps": there["impact_speed"],
            "delta_v_mps": there["delta_v"],
        }
    )


def episode_table(episode: Episode, ego: NDArray[Any]) -> pd.DataFrame:
    """The `episodes` of a Log: what became of the ego, slot 0."""
    names = pd.Series(episode.names, dtype=str)
    collided = ego["collided"] == 1
    close = ego["min_ttc"] < CLOSE_TTC_S
    columns = EPISODE_COLUMNS | {
        "episode_id": names,
        "source": episode.source,
        "site": episode.site or episode.family,
        "group": names,
        "family": episode.family,
        "seed": episode.seed,
        "log_weight": episode.log_weight,
        "proposal": episode.proposal,
        "outcome": np.where(collided, "crash", np.where(close, "close", "ordinary")),
        "min_ttc_s": np.array(ego["min_ttc"]),
        "collided": np.array(collided),
        "delta_v_mps": np.array(ego["delta_v"]),
    }
    columns |= {f"q.{name}": values for name, values in episode.quantities.items()}
    return pd.DataFrame(columns)
