"""Feature tables with a known truth, small enough to train on in a test."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.features import PHYSICS, FeatureTable
from sim.features.table import EVENT_COLUMNS

STRIDE_S = 0.2
COLUMNS = ("ego_accel_mps2", "ego_speed_mps", "second_gap_m", *PHYSICS.values())


def make_table(
    *,
    site: str,
    recordings: int,
    egos: int = 6,
    seconds: float = 20.0,
    conflict_share: float = 0.3,
    signal: float = 1.5,
    shift: float = 0.0,
    source: str = "recorded",
    columns: tuple[str, ...] = COLUMNS,
    groups: int | None = None,
    seed: int = 0,
) -> FeatureTable:
    """Egos of one site, some with a conflict at a random time.

    The first feature is `signal` * y + noise; the others are noise, the second moved by
    `shift`. The third is missing in a fifth of the rows.
    """
    rng = np.random.default_rng([seed, len(site), sum(map(ord, site))])
    frames = np.arange(0, round(seconds / 0.1), round(STRIDE_S / 0.1))
    t = np.tile(frames * 0.1, recordings * egos)
    episode = np.repeat(np.arange(recordings), egos * len(frames))
    ego = np.tile(np.repeat(np.arange(egos), len(frames)), recordings)
    names = tuple(f"{site}-{k}" for k in range(recordings))
    events = []
    y, use = np.zeros(len(t), bool), np.ones(len(t), bool)
    for k in range(recordings):
        for e in range(egos):
            if rng.random() >= conflict_share:
                continue
            start = round(rng.uniform(4.0, seconds - 2.0), 1)
            mine = (episode == k) & (ego == e)
            y |= mine & (t >= start - 3.0 - 1e-6) & (t <= start - 0.5 + 1e-6)
            use &= ~(mine & (t > start - 1e-6) & (t <= start + 1.5))
            what = ("lead", start, start + 0.5, 1.5, 3.0, "conflict", True, np.nan)
            events.append((names[k], e, e + 1, *what, "lead", 2.0, 12.0))
    X = rng.standard_normal((len(t), len(columns))).astype(np.float32)
    X[:, 0] += signal * y
    X[:, 1] += shift
    X[rng.random(len(t)) < 0.2, 2] = np.nan
    number = np.arange(recordings) % (groups or recordings)
    return FeatureTable(
        columns=columns,
        X=X,
        y=y,
        use=use,
        short=np.zeros(len(t), bool),
        weight=np.ones(len(t)),
        t=t,
        frame=np.tile(frames, recordings * egos),
        ego=ego,
        episode=episode,
        episode_names=names,
        episode_group=tuple(f"{site}/{k}" for k in number),
        episode_site=(site,) * recordings,
        episode_source=(source,) * recordings,
        episode_weight=np.ones(recordings),
        events=pd.DataFrame(
            events,
            columns=list(EVENT_COLUMNS),
        ),
        stride_s=STRIDE_S,
    )
