"""How close it was: numbers in, numbers out, and "undefined" never a number."""

from sim.criticality.cpi import cpi, madr_exceedance
from sim.criticality.crossing import encroachment_time, pet
from sim.criticality.delta_v import delta_v
from sim.criticality.drac import drac, required_deceleration
from sim.criticality.encounter import dce, distance, ttce
from sim.criticality.exposure import tet, tit
from sim.criticality.fuzzy import cfs, pfs
from sim.criticality.injury import (
    cyclist_injury_risk,
    occupant_injury_risk,
    pedestrian_fatality_risk,
    pedestrian_injury_risk,
    severe_injury_risk,
)
from sim.criticality.jerk import jerk
from sim.criticality.last_moment import ttb, ttk, ttr, tts
from sim.criticality.mttc import mttc
from sim.criticality.pairs import iter_pairs, pairs
from sim.criticality.road_user import RoadUser
from sim.criticality.rss import rss_lateral, rss_longitudinal
from sim.criticality.severity import Severity, contact_severity
from sim.criticality.stopping import dst, psd
from sim.criticality.summary import summary
from sim.criticality.threat import btn, lateral_required, stn
from sim.criticality.thw import thw
from sim.criticality.ttc import ttc
from sim.criticality.ttc_2d import ttc_2d
from sim.criticality.wttc import wttc

__all__ = [
    "RoadUser",
    "Severity",
    "btn",
    "cfs",
    "contact_severity",
    "cpi",
    "cyclist_injury_risk",
    "dce",
    "delta_v",
    "distance",
    "drac",
    "dst",
    "encroachment_time",
    "iter_pairs",
    "jerk",
    "lateral_required",
    "madr_exceedance",
    "mttc",
    "occupant_injury_risk",
    "pairs",
    "pedestrian_fatality_risk",
    "pedestrian_injury_risk",
    "pet",
    "pfs",
    "psd",
    "required_deceleration",
    "rss_lateral",
    "rss_longitudinal",
    "severe_injury_risk",
    "stn",
    "summary",
    "tet",
    "thw",
    "tit",
    "ttb",
    "ttc",
    "ttc_2d",
    "ttce",
    "ttk",
    "ttr",
    "tts",
    "wttc",
]
