"""Samplers, and from a family and a sampler to folders of episodes."""

from sim.sampling.designs import Iid, Sobol
from sim.sampling.generate import generate
from sim.sampling.importance import Importance
from sim.sampling.mixture import Mixture
from sim.sampling.sample import danger, egos, episodes_of, pilot, run_family, sample
from sim.sampling.sampler import SAMPLERS, Sampler

__all__ = [
    "SAMPLERS",
    "Iid",
    "Importance",
    "Mixture",
    "Sampler",
    "Sobol",
    "danger",
    "egos",
    "episodes_of",
    "generate",
    "pilot",
    "run_family",
    "sample",
]
