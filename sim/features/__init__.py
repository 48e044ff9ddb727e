"""Features that look back, labels that look forward."""

from sim.features.clips import clipped
from sim.features.events import find_conflicts
from sim.features.featurize import featurize
from sim.features.missing import audit_missing, randomise_missing
from sim.features.physics import PHYSICS, physics_scores
from sim.features.schema import COLUMNS, FEATURES, Feature
from sim.features.settings import LabelSettings, WindowSettings
from sim.features.table import FeatureTable
from sim.features.tables import detections

__all__ = [
    "COLUMNS",
    "FEATURES",
    "PHYSICS",
    "Feature",
    "FeatureTable",
    "LabelSettings",
    "WindowSettings",
    "audit_missing",
    "clipped",
    "detections",
    "featurize",
    "find_conflicts",
    "physics_scores",
    "randomise_missing",
]
