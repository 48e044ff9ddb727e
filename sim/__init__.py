"""Closecall: sample rare driving danger, simulate it, and measure what training on it is worth.

import sim

episode = sim.sample("cut_in", n=100, seed=1)
log = sim.simulate(episode, seconds=15.0)
table = sim.featurize(log, seed=1)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.base.errors import UserError
    from sim.family import Family, load_families, quantity, register
    from sim.features import FeatureTable, featurize
    from sim.logs import load_log
    from sim.maps import read_road
    from sim.sampling import generate, sample
    from sim.studies import study
    from sim.world.episode import Episode
    from sim.world.live import Simulation
    from sim.world.log import Log
    from sim.world.rollout import simulate
    from sim.world.scene import Scene

_HOME = {
    "Episode": "sim.world.episode",
    "Family": "sim.family",
    "FeatureTable": "sim.features",
    "Log": "sim.world.log",
    "Scene": "sim.world.scene",
    "Simulation": "sim.world.live",
    "UserError": "sim.base.errors",
    "featurize": "sim.features",
    "generate": "sim.sampling",
    "load_families": "sim.family",
    "load_log": "sim.logs",
    "quantity": "sim.family",
    "read_road": "sim.maps",
    "register": "sim.family",
    "sample": "sim.sampling",
    "simulate": "sim.world.rollout",
    "study": "sim.studies",
}

__all__ = [
    "Episode",
    "Family",
    "FeatureTable",
    "Log",
    "Scene",
    "Simulation",
    "UserError",
    "featurize",
    "generate",
    "load_families",
    "load_log",
    "quantity",
    "read_road",
    "register",
    "sample",
    "simulate",
    "study",
]


def __getattr__(name: str) -> Any:
    # On demand: `closecall --help` would else load numba, scikit-learn and pandas (3 s).
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
