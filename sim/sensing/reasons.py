"""Why a true road user in range is absent from an object list."""

from __future__ import annotations

from enum import IntEnum


class Reason(IntEnum):
    """Codes on disk, append only; DETECTED is not a miss.

    Attributes:
        FIELD_OF_VIEW: Beside or behind the sensor's opening.
        OCCLUDED: Too little of it is free of nearer boxes.
        WEATHER: Would have been detected in clear air by day.
        DROPOUT: Within a burst of lost scans.
        RANGE: Lost by chance, the likelier the farther. For the radar also the few that are
            lost close by.
        LATENCY: In range now, but not yet when the scan was made that is reported now.
        NO_SCAN: The sensor is slower than the Log and did not scan at this frame.
        TOO_SMALL: Its echo, its image or the number of beams on it is too small; a car there
            would have been detected.
        CHANCE: Lost by the chance that is the same at any range.
    """

    DETECTED = 0
    FIELD_OF_VIEW = 1
    OCCLUDED = 2
    WEATHER = 3
    DROPOUT = 4
    RANGE = 5
    LATENCY = 6
    NO_SCAN = 7
    TOO_SMALL = 8
    CHANCE = 9


REASON_NAMES: tuple[str, ...] = ("", *(reason.name.lower() for reason in list(Reason)[1:]))
"""Names in tables, by code; a detected object has none."""
