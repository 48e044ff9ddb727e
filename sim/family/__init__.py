"""Scenario families: random quantities with units and sources, and how a draw becomes a scene."""

from sim.family.concrete import Concrete, load_concrete, save_concrete
from sim.family.core import Draws, Family
from sim.family.discover import load_families, source_hash
from sim.family.event import CONTACT, EVENTS, Event, event_margin
from sim.family.quantity import STATUSES, UNITS, Quantity, quantity
from sim.family.register import FAMILIES, register
from sim.family.row import concrete_of
from sim.family.space import Axis, Space
from sim.family.telling import episode_of, scene_of
from sim.family.terms import OUTCOMES, Terms
from sim.family.text import description, listing
from sim.family.variant import load_variant, save_variant

__all__ = [
    "CONTACT",
    "EVENTS",
    "FAMILIES",
    "OUTCOMES",
    "STATUSES",
    "UNITS",
    "Axis",
    "Concrete",
    "Draws",
    "Event",
    "Family",
    "Quantity",
    "Space",
    "Terms",
    "concrete_of",
    "description",
    "episode_of",
    "event_margin",
    "listing",
    "load_concrete",
    "load_families",
    "load_variant",
    "quantity",
    "register",
    "save_concrete",
    "save_variant",
    "scene_of",
    "source_hash",
]
