"""Fitting a family's distributions to recorded logs.

Events are measured in any Log (`observe`), gathered over recordings (`evidence`) and fitted by
maximum likelihood (`calibrate`); the result is a variant of the family with its provenance.
"""

from sim.calibrate import measure  # fills the registries
from sim.calibrate.calibrate import FitSettings, calibrate, events_of, measured
from sim.calibrate.evidence import Evidence, Source, evidence
from sim.calibrate.fit import Fit, fit
from sim.calibrate.lead_evidence import lead_evidence
from sim.calibrate.lead_profiles import (
    MARGINALS,
    SEVERITIES,
    LeadProfiles,
    read_lead_profiles,
    simulated_lead_profiles,
)
from sim.calibrate.measurements import EVENTS, MEASUREMENTS, Event, Measurement, measures, observe
from sim.calibrate.mix import Mix, Simulated, fit_mix, simulate_near_crashes
from sim.calibrate.mix_file import load_mix, save_mix, shipped_mixes
from sim.calibrate.mix_text import mix_text
from sim.calibrate.outcome import Calibration, Fitted, Left, seen_groups
from sim.calibrate.text import calibration_text

__all__ = [
    "EVENTS",
    "MARGINALS",
    "MEASUREMENTS",
    "SEVERITIES",
    "Calibration",
    "Event",
    "Evidence",
    "Fit",
    "FitSettings",
    "Fitted",
    "LeadProfiles",
    "Left",
    "Measurement",
    "Mix",
    "Simulated",
    "Source",
    "calibrate",
    "calibration_text",
    "events_of",
    "evidence",
    "fit",
    "fit_mix",
    "lead_evidence",
    "load_mix",
    "measure",
    "measured",
    "measures",
    "mix_text",
    "observe",
    "read_lead_profiles",
    "save_mix",
    "seen_groups",
    "shipped_mixes",
    "simulate_near_crashes",
    "simulated_lead_profiles",
]
