"""Features that look back, labels that look forward."""

from sim.features.clips import clipped
from sim.features.events import find_conflicts
from sim.features.featurize import featurize
from sim.features.missing import audit_missing, randomise_missing
from sim.features.own import OwnFeature, feature
from sim.features.physics import PHYSICS, PLANE_PHYSICS, physics_scores
from sim.features.schema import COLUMNS, FEATURES, THREAT_FEATURES, Feature, features_of
from sim.features.settings import Form, LabelSettings, WindowSettings
from sim.features.table import FeatureTable
from sim.features.tables import detections

__all__ = [
    "COLUMNS",
    "FEATURES",
    "PHYSICS",
    "PLANE_PHYSICS",
    "THREAT_FEATURES",
    "Feature",
    "FeatureTable",
    "Form",
    "LabelSettings",
    "OwnFeature",
    "WindowSettings",
    "audit_missing",
    "clipped",
    "detections",
    "feature",
    "features_of",
    "featurize",
    "find_conflicts",
    "physics_scores",
    "randomise_missing",
]
