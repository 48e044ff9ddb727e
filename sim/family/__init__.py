"""Scenario families: random quantities with units and sources, and how a draw becomes a scene."""

from sim.family.core import FAMILIES, Draws, Family, register
from sim.family.discover import load_families
from sim.family.quantity import STATUSES, UNITS, Quantity, quantity
from sim.family.text import description, listing

__all__ = [
    "FAMILIES",
    "STATUSES",
    "UNITS",
    "Draws",
    "Family",
    "Quantity",
    "description",
    "listing",
    "load_families",
    "quantity",
    "register",
]
