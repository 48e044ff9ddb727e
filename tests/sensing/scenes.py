"""Small scenes for tests of sensors: an ego at the origin and who stands before it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from random_traffic import log_of

from sim.sensing import (
    SENSORS,
    CameraSettings,
    CloudSettings,
    Detections,
    Observation,
    SensorSettings,
    observe,
)
from sim.world.log import Log
from sim.world.rows import Rows

CLEAR = replace(
    SENSORS["ideal"],
    camera=CameraSettings(
        on=True, detect_near=1.0, detect_far=1.0, dropout_per_s=0.0, clutter_per_scan=0.0,
        bearing_noise_rad=0.0, pixel_rad=0.0, confusion=0.0,
    ),
    cloud=CloudSettings(
        on=True, detect_near=1.0, detect_far=1.0, dropout_per_s=0.0, clutter_per_scan=0.0,
        range_noise_m=0.0, bearing_noise_rad=0.0,
    ),
)  # fmt: skip
"""All three lists without noise or chance."""

SIZES = {
    "car": (4.0, 2.0),
    "truck": (12.0, 2.5),
    "motorcycle": (2.2, 0.8),
    "bicycle": (1.8, 0.6),
    "pedestrian": (0.5, 0.5),
    "object": (1.0, 1.0),
}


def standing(frames: int, *users: tuple[str, float, float], speed: float = 0.0) -> Log:
    """Ego 0, a car of 4 m, at the origin; users (kind, gap ahead, offset) [m] from 1 on."""
    rows: list[dict[str, object]] = []
    for k in range(frames):
        rows.append({"track_id": 0, "frame": k, "speed_mps": speed})
        for i, (kind, gap, aside) in enumerate(users):
            length, width = SIZES[kind]
            row = {"track_id": i + 1, "frame": k, "kind": kind, "y_m": aside}
            row |= {"length_m": length, "width_m": width, "x_m": 2.0 + gap + 0.5 * length}
            rows.append(row)
    return log_of(rows)


def look(log: Log, settings: SensorSettings, seed: int = 3, **more: object) -> Observation:
    """What all rows sense."""
    return observe(Rows.of(log), settings, seed=seed, names=["e"], **more)  # type: ignore[arg-type]


def of_first(seen: Observation, one: Observation | Detections | None) -> dict[str, np.ndarray]:
    """The list of ego 0, whose rows come first, with the frame that each entry is of."""
    assert one is not None
    egos = int(np.append(np.flatnonzero(seen.past == 0)[1:], len(seen))[0])
    here = slice(0, one.start[egos])
    names = ("track", "kind", "reason", "range", "range_rate", "bearing", "lateral")
    found = {name: getattr(one, name)[here] for name in names}
    if isinstance(one, Detections):
        found["width"] = one.width[here]
    return found | {"frame": np.repeat(np.arange(egos), np.diff(one.start[: egos + 1]))}


def share(hits: np.ndarray, wanted: float) -> None:
    """Assert that a share of coins is what it should be, within 4.5 deviations."""
    allowed = 4.5 * np.sqrt(max(wanted * (1 - wanted), 1e-9) / len(hits)) + 1e-9
    assert abs(hits.mean() - wanted) < allowed, (hits.mean(), wanted, allowed)
