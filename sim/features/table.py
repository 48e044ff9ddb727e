"""Rows of features with their labels, and the conflicts that they are to foresee."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.features.physics import Scores, physics_scores

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

PER_ROW = ("X", "y", "use", "short", "weight", "t", "frame", "ego", "episode")
"""Fields of a `FeatureTable` with one entry a row."""

EVENT_COLUMNS: dict[str, str] = {
    "episode_id": "str",
    "ego_id": "int64",
    "other_id": "int64",
    "kind": "str",
    "start_s": "float64",
    "end_s": "float64",
    "min_ttc_s": "float64",
    "lead_time_s": "float64",
    "severity": "str",
    "observable": "bool",
    "min_pet_s": "float64",
    "category": "str",
    "drac_mps2": "float64",
    "speed_mps": "float64",
}
"""Columns of `events`. `lead_time_s` is how long before its start the first used row of its
window lies (NaN if there is none): no detector can be earlier; `observable` says whether
there is one. `severity` is crash, serious or conflict; `category` (lead, cut_in, crossing,
pedestrian, cyclist or object), `drac_mps2` (the largest deceleration required) and `speed_mps`
(of the ego at the start) are those of `sim.features.category`."""


@dataclass(frozen=True)
class FeatureTable:
    """n rows of d features from several episodes, sorted by episode, ego and time.

    Attributes:
        columns: (d,) names of the features; units are in `sim.features.FEATURES`.
        X: (n, d), NaN where missing.
        y: (n,) a conflict of this ego starts in the window ahead.
        use: (n,) outside conflicts and the time just after them.
        short: (n,) y, with less future than the window.
        weight: (n,) of the episode: 1 for logs, the likelihood ratio for importance samples.
        t: (n,) time in the episode [s].
        frame: (n,) the same in frames of 0.1 s.
        ego: (n,) track id.
        episode: (n,) index into the tuples below.
        episode_names, episode_group, episode_site, episode_source, episode_weight: one per
            episode, those without rows included.
        events: All conflicts of these episodes, columns `EVENT_COLUMNS`.
        stride_s: Interval of one ego's rows [s].
    """

    columns: tuple[str, ...]
    X: NDArray[np.float32]
    y: Bools
    use: Bools
    short: Bools
    weight: Floats
    t: Floats
    frame: Ints
    ego: Ints
    episode: Ints
    episode_names: tuple[str, ...]
    episode_group: tuple[str, ...]
    episode_site: tuple[str, ...]
    episode_source: tuple[str, ...]
    episode_weight: Floats
    events: pd.DataFrame
    stride_s: float

    def __len__(self) -> int:
        return len(self.y)

    @property
    def hours(self) -> float:
        """Hours of driving that used rows stand for."""
        return float(self.use.sum()) * self.stride_s / 3600.0

    @property
    def site(self) -> NDArray[np.str_]:
        """(n,) site of each row."""
        return np.array(self.episode_site, dtype=str)[self.episode]

    @property
    def physics(self) -> Scores:
        """Scores (n,) of the arms without a model, by name."""
        return physics_scores(self.columns, self.X)

    def column(self, name: str) -> NDArray[np.float32]:
        """One feature (n,)."""
        return self.X[:, self.columns.index(name)]

    def take(self, rows: Bools | Ints) -> FeatureTable:
        """Some rows, by mask or number; episodes and events stay."""
        return replace(self, **{name: getattr(self, name)[rows] for name in PER_ROW})

    @staticmethod
    def concat(tables: Sequence[FeatureTable]) -> FeatureTable:
        """One table of several with the same columns and stride, and different episodes.

        Raises:
            ValueError: Columns or strides differ, an episode stands in two, or there is none.
        """
        if not tables:
            raise ValueError("no feature table to join")
        first = tables[0]
        if any(t.columns != first.columns or t.stride_s != first.stride_s for t in tables):
            raise ValueError("feature tables differ in columns or stride")
        names = [name for t in tables for name in t.episode_names]
        if len(set(names)) < len(names):
            raise ValueError("an episode stands in two feature tables")
        offset = np.cumsum([0, *(len(t.episode_names) for t in tables)])
        joined: dict[str, Any] = {
            n: np.concatenate([getattr(t, n) for t in tables]) for n in PER_ROW
        }
        joined["episode"] = np.concatenate([t.episode + o for t, o in zip(tables, offset[:-1])])
        events = [t.events for t in tables if len(t.events)] or [first.events]
        return replace(
            first,
            **joined,
            episode_names=tuple(names),
            episode_group=tuple(g for t in tables for g in t.episode_group),
            episode_site=tuple(s for t in tables for s in t.episode_site),
            episode_source=tuple(s for t in tables for s in t.episode_source),
            episode_weight=np.concatenate([t.episode_weight for t in tables]),
            events=pd.concat(events, ignore_index=True),
        )

    def select(self, episodes: Sequence[int] | Ints | Bools) -> FeatureTable:
        """Some episodes, by number or mask, in their present order: rows, events, tuples."""
        chosen = np.arange(len(self.episode_names))[np.asarray(episodes)]
        chosen = np.unique(chosen)
        renumber = np.full(len(self.episode_names), -1, dtype=np.int64)
        renumber[chosen] = np.arange(len(chosen))
        out = self.take(renumber[self.episode] >= 0)
        names = tuple(self.episode_names[i] for i in chosen)
        return replace(
            out,
            episode=renumber[out.episode],
            episode_names=names,
            episode_group=tuple(self.episode_group[i] for i in chosen),
            episode_site=tuple(self.episode_site[i] for i in chosen),
            episode_source=tuple(self.episode_source[i] for i in chosen),
            episode_weight=self.episode_weight[chosen],
            events=self.events[self.events["episode_id"].isin(names)].reset_index(drop=True),
        )

    def to_frame(self) -> pd.DataFrame:
        """The `features` table on disk: identity, features, label."""
        head = pd.DataFrame(
            {
                "episode_id": np.array(self.episode_names, dtype=object)[self.episode],
                "group": np.array(self.episode_group, dtype=object)[self.episode],
                "site": np.array(self.episode_site, dtype=object)[self.episode],
                "source": np.array(self.episode_source, dtype=object)[self.episode],
                "ego_id": self.ego,
                "t_s": self.t,
            }
        )
        tail = pd.DataFrame(
            {"y": self.y, "use": self.use, "short": self.short, "weight": self.weight}
        )
        return pd.concat([head, pd.DataFrame(self.X, columns=list(self.columns)), tail], axis=1)


def empty_events() -> pd.DataFrame:
    """An `events` table without rows."""
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in EVENT_COLUMNS.items()})
