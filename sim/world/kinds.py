"""The kinds of road user, their codes in arrays and their names in tables."""

from __future__ import annotations

from enum import IntEnum


class Kind(IntEnum):
    """Codes are the order of the categories on disk; append only."""

    CAR = 0
    TRUCK = 1
    MOTORCYCLE = 2
    BICYCLE = 3
    PEDESTRIAN = 4
    OBJECT = 5


KIND_NAMES: tuple[str, ...] = tuple(kind.name.lower() for kind in Kind)
