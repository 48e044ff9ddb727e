"""What a camera that lists objects can do."""

from __future__ import annotations

from dataclasses import dataclass

from sim.base.errors import expected
from sim.sensing.checks import check_numbers, check_scan


@dataclass(frozen=True, kw_only=True)
class CameraSettings:
    """A camera on the front of the ego with a detector and a classifier behind it.

    Attributes:
        on: Whether there is one.
        range_max_m: Reach, from the front bumper [m].
        field_of_view_rad: Full opening, centred ahead [rad].
        latency_s: Age of its report [s].
        rate_hz: Scans; from 10 on, one at each frame [1/s].
        detect_near: Probability that a visible object close by is detected in one scan.
        detect_far: The same for a car from behind at `range_max_m`; falls with the square of
            the range, and sooner for what is narrower.
        visible_min: Share of an object's width that must be free of nearer boxes.
        dropout_per_s: Bursts of missed scans for each object [1/s].
        dropout_max_s: Longest burst [s]; lengths are uniform below it.
        clutter_per_scan: Probability of a false detection in a scan.
        bearing_noise_rad: Standard deviation of a bearing [rad].
        pixel_rad: Of where the detector sees an edge: of the sides for the apparent width, of
            the line where the object meets the road for the range [rad].
        height_m: Of the camera above the road [m].
        confusion: Factor on all probabilities of `CONFUSION` to name another kind; 0 never.
    """

    on: bool = False
    range_max_m: float = 120.0
    field_of_view_rad: float = 1.75
    latency_s: float = 0.0
    rate_hz: float = 10.0
    detect_near: float = 0.99
    detect_far: float = 0.7
    visible_min: float = 0.4
    dropout_per_s: float = 0.03
    dropout_max_s: float = 0.5
    clutter_per_scan: float = 0.01
    bearing_noise_rad: float = 0.001
    pixel_rad: float = 0.0007
    height_m: float = 1.3
    confusion: float = 1.0

    def __post_init__(self) -> None:
        shares = ("detect_near", "detect_far", "visible_min", "clutter_per_scan")
        check_numbers("sensor.camera", self, shares)
        check_scan(
            "sensor.camera.",
            opening=self.field_of_view_rad,
            most=3.1,
            reach=self.range_max_m,
            rate=self.rate_hz,
            latency=self.latency_s,
        )
        if self.height_m <= 0.0:
            raise expected("sensor.camera.height_m", "a height above 0 m", self.height_m)
        if self.confusion > 3.0:
            raise expected("sensor.camera.confusion", "a factor in [0, 3]", self.confusion)
