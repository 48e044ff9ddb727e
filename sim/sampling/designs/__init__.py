"""Designs that need no outcome: which points of the unit cube a run is made of."""
