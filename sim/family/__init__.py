"""Scenario families: random quantities with units and sources, and how a draw becomes a scene."""

from sim.family.core import Draws, Family
from sim.family.discover import load_families
from sim.family.event import CONTACT, EVENTS, Event, event_margin
from sim.family.quantity import STATUSES, UNITS, Quantity, quantity
from sim.family.register import FAMILIES, register
from sim.family.space import Axis, Space
from sim.family.terms import OUTCOMES, Terms
from sim.family.text import description, listing

__all__ = [
    "CONTACT",
    "EVENTS",
    "FAMILIES",
    "OUTCOMES",
    "STATUSES",
    "UNITS",
    "Axis",
    "Draws",
    "Event",
    "Family",
    "Quantity",
    "Space",
    "Terms",
    "description",
    "event_margin",
    "listing",
    "load_families",
    "quantity",
    "register",
]
