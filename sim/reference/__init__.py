"""Could it have been avoided? The four reference drivers of UN R157, in cut-ins and in runs."""

from sim.reference.counterfactual import Preventability, preventability, with_preventability
from sim.reference.cut_in import CutIns, cut_in
from sim.reference.drivers import DRIVERS, Driver
from sim.reference.grid import Grid, Tally, boundary, cut_in_grid, tally
from sim.reference.preventable import avoided_by, preventable
from sim.reference.shares import PREVENTABLE, crash_shares

__all__ = [
    "DRIVERS",
    "PREVENTABLE",
    "CutIns",
    "Driver",
    "Grid",
    "Preventability",
    "Tally",
    "avoided_by",
    "boundary",
    "crash_shares",
    "cut_in",
    "cut_in_grid",
    "preventability",
    "preventable",
    "tally",
    "with_preventability",
]
