"""Detectors, how they are trained and how their scores are judged."""
