"""Sensors: what an ego could know of a Log, alike for recorded and simulated traffic."""

from sim.sensing.raycast import cast
from sim.sensing.observe import Observation, Sensors, ego_order, observe
from sim.sensing.reasons import REASON_NAMES, Reason
from sim.sensing.settings import SENSORS, SensorSettings
from sim.sensing.table import detection_table

__all__ = [
    "REASON_NAMES",
    "SENSORS",
    "Observation",
    "Reason",
    "SensorSettings",
    "Sensors",
    "cast",
    "detection_table",
    "ego_order",
    "observe",
]
