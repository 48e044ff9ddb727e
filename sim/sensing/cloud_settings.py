"""What a lidar that lists objects can do."""

from __future__ import annotations

from dataclasses import dataclass

from sim.base.errors import expected
from sim.sensing.checks import check_numbers, check_scan


@dataclass(frozen=True, kw_only=True)
class CloudSettings:
    """A lidar on the front of the ego whose returns are gathered into objects.

    Attributes:
        on: Whether there is one.
        beams: In one turn, evenly spaced over the opening.
        range_max_m: Reach, from the front bumper [m].
        field_of_view_rad: Full opening, centred ahead [rad].
        latency_s: Age of its report [s].
        rate_hz: Turns; from 10 on, one at each frame [1/s].
        points_min: Beams that must end on an object.
        detect_near: Probability that an object close by with enough of them is detected.
        detect_far: The same at `range_max_m`; falls with the square of the range.
        dropout_per_s: Bursts of missed turns for each object [1/s].
        dropout_max_s: Longest burst [s]; lengths are uniform below it.
        clutter_per_scan: Probability of a false detection in a turn.
        range_noise_m: Standard deviation of a range [m].
        bearing_noise_rad: Of a bearing [rad].
    """

    on: bool = False
    beams: int = 720
    range_max_m: float = 120.0
    field_of_view_rad: float = 2.1
    latency_s: float = 0.0
    rate_hz: float = 10.0
    points_min: int = 2
    detect_near: float = 0.995
    detect_far: float = 0.8
    dropout_per_s: float = 0.01
    dropout_max_s: float = 0.3
    clutter_per_scan: float = 0.01
    range_noise_m: float = 0.03
    bearing_noise_rad: float = 0.002

    def __post_init__(self) -> None:
        check_numbers("sensor.cloud", self, ("detect_near", "detect_far", "clutter_per_scan"))
        check_scan(
            "sensor.cloud.",
            opening=self.field_of_view_rad,
            most=3.1,
            reach=self.range_max_m,
            rate=self.rate_hz,
            latency=self.latency_s,
        )
        if not 8 <= self.beams <= 20_000:
            raise expected("sensor.cloud.beams", "8 to 20000 beams", self.beams)
        if self.points_min < 1:
            raise expected("sensor.cloud.points_min", "at least 1 beam", self.points_min)
