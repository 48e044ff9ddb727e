"""Samplers, and from a family and a sampler to folders of episodes."""

from sim.sampling.archive import Archive, archive
from sim.sampling.coverage import InputCoverage, input_coverage
from sim.sampling.covering import Covering
from sim.sampling.cross_entropy import CrossEntropy
from sim.sampling.designs import Iid, Sobol
from sim.sampling.estimate import Estimate, estimate
from sim.sampling.generate import generate
from sim.sampling.grid import Grid
from sim.sampling.importance import Importance
from sim.sampling.latin import LatinHypercube
from sim.sampling.mixture import Choice, Mixture
from sim.sampling.sample import danger, egos, episodes_of, pilot, run_family, sample
from sim.sampling.sampler import SAMPLERS, Sampler

__all__ = [
    "SAMPLERS",
    "Archive",
    "Choice",
    "Covering",
    "CrossEntropy",
    "Estimate",
    "Grid",
    "Iid",
    "Importance",
    "InputCoverage",
    "LatinHypercube",
    "Mixture",
    "Sampler",
    "Sobol",
    "archive",
    "danger",
    "egos",
    "episodes_of",
    "estimate",
    "generate",
    "input_coverage",
    "pilot",
    "run_family",
    "sample",
]
