"""Fitting a family's distributions to recorded logs.

Events are measured in any Log (`observe`), gathered over recordings (`evidence`) and fitted by
maximum likelihood (`calibrate`); the result is a variant of the family with its provenance.
"""

from sim.calibrate import measure  # fills the registries
from sim.calibrate.calibrate import FitSettings, calibrate, events_of, measured
from sim.calibrate.evidence import Evidence, Source, evidence
from sim.calibrate.fit import Fit, fit
from sim.calibrate.measurements import EVENTS, MEASUREMENTS, Event, Measurement, measures, observe
from sim.calibrate.outcome import Calibration, Fitted, Left, seen_groups
from sim.calibrate.text import calibration_text

__all__ = [
    "EVENTS",
    "MEASUREMENTS",
    "Calibration",
    "Event",
    "Evidence",
    "Fit",
    "FitSettings",
    "Fitted",
    "Left",
    "Measurement",
    "Source",
    "calibrate",
    "calibration_text",
    "events_of",
    "evidence",
    "fit",
    "measure",
    "measured",
    "measures",
    "observe",
    "seen_groups",
]
