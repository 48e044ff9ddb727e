"""Features that look back, labels that look forward."""

from sim.features.events import find_conflicts
from sim.features.featurize import featurize
from sim.features.physics import PHYSICS, physics_scores
from sim.features.schema import COLUMNS, FEATURES, Feature
from sim.features.settings import LabelSettings, WindowSettings
from sim.features.table import FeatureTable

__all__ = [
    "COLUMNS",
    "FEATURES",
    "PHYSICS",
    "Feature",
    "FeatureTable",
    "LabelSettings",
    "WindowSettings",
    "featurize",
    "find_conflicts",
    "physics_scores",
]
