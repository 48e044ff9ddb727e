"""Sensors: what an ego could know of a Log, alike for recorded and simulated traffic."""

from sim.sensing.camera_settings import CameraSettings
from sim.sensing.cloud_settings import CloudSettings
from sim.sensing.confusion import CONFUSION
from sim.sensing.effects import EFFECTS, Effect
from sim.sensing.lists import Detections
from sim.sensing.observe import Observation, Sensors, ego_order, observe
from sim.sensing.outfits import SENSORS
from sim.sensing.raycast import cast
from sim.sensing.rcs import RCS_DBSM
from sim.sensing.reasons import REASON_NAMES, Reason
from sim.sensing.settings import SensorSettings
from sim.sensing.table import detection_table
from sim.sensing.weather import WeatherSettings

__all__ = [
    "CONFUSION",
    "EFFECTS",
    "RCS_DBSM",
    "REASON_NAMES",
    "SENSORS",
    "CameraSettings",
    "CloudSettings",
    "Detections",
    "Effect",
    "Observation",
    "Reason",
    "SensorSettings",
    "Sensors",
    "WeatherSettings",
    "cast",
    "detection_table",
    "ego_order",
    "observe",
]
