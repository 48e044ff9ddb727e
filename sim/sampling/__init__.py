"""Samplers, and from a family and a sampler to folders of episodes."""

from sim.sampling.coverage.inputs import InputCoverage, input_coverage
from sim.sampling.designs.covering import Covering
from sim.sampling.designs.grid import Grid
from sim.sampling.designs.independent import Iid, Sobol
from sim.sampling.designs.latin import LatinHypercube
from sim.sampling.estimate import Estimate, estimate
from sim.sampling.generate import generate
from sim.sampling.sample import danger, egos, episodes_of, pilot, run_family, sample
from sim.sampling.sampler import SAMPLERS, Sampler
from sim.sampling.search.archive import Archive, archive
from sim.sampling.stream.cross_entropy import CrossEntropy
from sim.sampling.stream.importance import Importance
from sim.sampling.stream.mixture import Choice, Mixture

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
