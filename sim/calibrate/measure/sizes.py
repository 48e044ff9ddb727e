"""How long vehicles are, where somebody measured it."""

from __future__ import annotations

import numpy as np

from sim.calibrate.measurements import Found, measures
from sim.calibrate.view import View
from sim.world.kinds import Kind

TELLING = 3
"""Vehicles whose widths have to differ before sizes count as measured."""


@measures(
    "a car or truck in an episode whose vehicles differ in width: where all are alike the sizes "
    "are nominal; one value a vehicle",
    once=True,
    vehicle_length=("m", "length of the box"),
)
def vehicles(view: View) -> Found:
    """Vehicles with a measured size."""
    rows = view.rows
    motor = (rows.kind == Kind.CAR) | (rows.kind == Kind.TRUCK)
    order = view.order[motor[view.order]]
    key = np.stack([rows.episode[order], rows.track[order]])
    first = np.ones(len(order), np.bool_)
    first[1:] = (key[:, 1:] != key[:, :-1]).any(axis=0)
    at = order[first]
    measured = [
        len(np.unique(rows.width[at[rows.episode[at] == episode]])) >= TELLING
        for episode in np.unique(rows.episode[at])
    ]
    told = np.repeat(measured, np.unique(rows.episode[at], return_counts=True)[1]).astype(bool)
    return at[told], {"vehicle_length": rows.length[at[told]]}
