"""Whom a road user of a film has to do with at a moment, and how soon they would touch."""

from __future__ import annotations

import numpy as np

from sim.view.film import Film


def partner(film: Film, row: int) -> int:
    """Row of whom another row has to do with in its frame, -1 where nobody is.

    That is its lead, but for the ego of a scenario: whom it is about to meet, or else whom it
    comes closest to or touches.
    """
    if row < 0:
        return -1
    rows = film.rows
    if not film.staged or rows.track[row] != film.ego or film.other < 0:
        return int(film.lead[row])
    if row == film.worst:
        return film.other
    known = film.row_of(int(rows.slice_of[row]), int(rows.track[film.other]))
    met = int(film.closest.meets[row])
    near = not film.event.range_m or film.close[row] <= film.event.ttc_s
    return met if known < 0 or (met >= 0 and near and not touched(film, row)) else known


def time_to(film: Film, row: int, other: int) -> float:
    """Time to collision of a row with another of its frame [s], inf where it is not known."""
    if film.closest.meets[row] == other:
        return float(film.close[row])
    return float(film.ttc[row]) if film.lead[row] == other else np.inf


def closing(film: Film, row: int, other: int) -> bool:
    """Whether two rows of a frame come nearer, be it past each other at present velocities."""
    rows = film.rows
    dx, dy = rows.x[other] - rows.x[row], rows.y[other] - rows.y[row]
    wx = rows.speed[other] * np.cos(rows.yaw[other]) - rows.speed[row] * np.cos(rows.yaw[row])
    wy = rows.speed[other] * np.sin(rows.yaw[other]) - rows.speed[row] * np.sin(rows.yaw[row])
    return bool(dx * wx + dy * wy < 0.0)


def touched(film: Film, row: int) -> bool:
    """Whether the ego of a crash has touched the other by its row's frame."""
    mine = film.rows.track[row] == film.ego
    return bool(film.crashed and mine and film.rows.frame[row] >= film.rows.frame[film.worst])
