"""Why a true road user in range is absent from the object list."""

from __future__ import annotations

from enum import IntEnum


class Reason(IntEnum):
    """In the order in which they are decided; DETECTED is not a miss."""

    DETECTED = 0
    FIELD_OF_VIEW = 1
    OCCLUDED = 2
    WEATHER = 3
    DROPOUT = 4
    RANGE = 5


REASON_NAMES: tuple[str, ...] = ("", *(reason.name.lower() for reason in list(Reason)[1:]))
"""Names in tables, by code; a detected object has none."""
