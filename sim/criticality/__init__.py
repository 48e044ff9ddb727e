"""How close it was: numbers in, numbers out, and "undefined" never a number."""

from sim.criticality.drac import drac, required_deceleration
from sim.criticality.mttc import mttc
from sim.criticality.thw import thw
from sim.criticality.ttc import ttc

__all__ = ["drac", "mttc", "required_deceleration", "thw", "ttc"]
