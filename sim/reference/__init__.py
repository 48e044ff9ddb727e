"""Could it have been avoided? The four reference drivers of UN R157 meet a cut-in."""

from sim.reference.cut_in import CutIns, cut_in
from sim.reference.drivers import DRIVERS, Driver
from sim.reference.grid import Grid, Tally, boundary, cut_in_grid, tally
from sim.reference.preventable import avoided_by, preventable

__all__ = [
    "DRIVERS",
    "CutIns",
    "Driver",
    "Grid",
    "Tally",
    "avoided_by",
    "boundary",
    "cut_in",
    "cut_in_grid",
    "preventable",
    "tally",
]
