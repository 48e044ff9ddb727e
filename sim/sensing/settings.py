"""What the sensors of an ego can do."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from sim.base.errors import expected
from sim.sensing.camera_settings import CameraSettings
from sim.sensing.checks import check_latency, check_rate
from sim.sensing.cloud_settings import CloudSettings
from sim.sensing.weather import WeatherSettings


@dataclass(frozen=True, kw_only=True)
class SensorSettings:
    """Odometry, a radar-like object list ahead and a lidar-like range scan.

    Attributes:
        speed_filter_s: Time constant of the causal filter on all speeds [s]. Speeds in NGSIM
            are smoothed over +-0.5 s, so they look ahead; the filter takes that back.
        speed_noise_mps: Standard deviation of the ego's own speed [m/s].
        accel_noise_mps2: Of the ego's acceleration [m/s²].
        yaw_rate_noise_radps: Of the ego's yaw rate [rad/s].
        range_max_m: Reach of the radar, from the ego's front bumper [m].
        field_of_view_rad: Full opening of the radar, centred ahead [rad].
        range_noise_m: Standard deviation of a detection's range [m].
        range_rate_noise_mps: Of its range rate [m/s].
        bearing_noise_rad: Of its bearing [rad].
        detect_near: Probability that a visible object close by is detected in one scan.
        detect_far: The same at `range_max_m`; falls with the square of the range.
        visible_min: Share of an object's width that must be free of nearer boxes.
        under: Probability that an object hidden by exactly one vehicle is seen under it,
            drawn once a second for each pair, as for radar below the first leader.
        dropout_per_s: Bursts of missed scans for each object [1/s].
        dropout_max_s: Longest burst [s]; lengths are uniform below it.
        clutter_per_scan: Probability of a false detection in a scan.
        weather_loss: Probability that weather hides an object at `range_max_m`; grows with
            the square of the range. 0 in clear air. A dial of its own beside `weather`.
        rcs_effect: How far the radar cross-section of a kind counts, from 0, where all are
            seen like cars, to 1, where range falls with its fourth root.
        latency_s: Age of the radar's report [s].
        rate_hz: Scans of the radar; from 10 on, one at each frame. Between scans it reports
            nothing [1/s].
        lidar_beams: Beams of the range scan, densest ahead.
        lidar_field_of_view_rad: Full opening of the scan, centred ahead [rad].
        lidar_range_max_m: Reach of the scan from the ego's body [m].
        lidar_noise_m: Standard deviation of a return [m].
        lidar_dropout: Probability that a return is lost.
        lidar_latency_s: Age of the scan [s].
        lidar_rate_hz: Its rate; between scans all beams are lost [1/s].
        camera: A camera's object list beside the radar's.
        cloud: A lidar's object list from many more beams than the scan has.
        weather: What all of them look through.
    """

    speed_filter_s: float = 0.3
    speed_noise_mps: float = 0.05
    accel_noise_mps2: float = 0.05
    yaw_rate_noise_radps: float = 0.005
    range_max_m: float = 120.0
    field_of_view_rad: float = 2.1
    range_noise_m: float = 0.15
    range_rate_noise_mps: float = 0.1
    bearing_noise_rad: float = 0.004
    detect_near: float = 0.995
    detect_far: float = 0.85
    visible_min: float = 0.3
    under: float = 0.85
    dropout_per_s: float = 0.02
    dropout_max_s: float = 0.5
    clutter_per_scan: float = 0.02
    weather_loss: float = 0.0
    rcs_effect: float = 0.0
    latency_s: float = 0.0
    rate_hz: float = 10.0
    lidar_beams: int = 33
    lidar_field_of_view_rad: float = 4.2
    lidar_range_max_m: float = 50.0
    lidar_noise_m: float = 0.05
    lidar_dropout: float = 0.02
    lidar_latency_s: float = 0.0
    lidar_rate_hz: float = 10.0
    camera: CameraSettings = field(default_factory=CameraSettings)
    cloud: CloudSettings = field(default_factory=CloudSettings)
    weather: WeatherSettings = field(default_factory=WeatherSettings)

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, int | float) and not value >= 0:
                raise expected(f"sensor.{item.name}", "a number of at least 0", value)
        for name in _SHARES:
            if getattr(self, name) > 1:
                raise expected(f"sensor.{name}", "a share in [0, 1]", getattr(self, name))
        if not 0 < self.field_of_view_rad <= 3.1:
            raise expected(
                "sensor.field_of_view_rad", "an opening in (0, 3.1] rad", self.field_of_view_rad
            )
        if not 0 < self.lidar_field_of_view_rad <= 6.3:
            raise expected(
                "sensor.lidar_field_of_view_rad",
                "an opening in (0, 6.3] rad",
                self.lidar_field_of_view_rad,
            )
        if self.range_max_m <= 0 or self.lidar_range_max_m <= 0:
            raise expected("sensor.range_max_m", "a reach above 0 m", self.range_max_m)
        if self.lidar_beams < 8:
            raise expected("sensor.lidar_beams", "at least 8 beams", self.lidar_beams)
        check_rate("sensor.", self.rate_hz)
        check_rate("sensor.lidar_", self.lidar_rate_hz)
        check_latency("sensor.", self.latency_s)
        check_latency("sensor.lidar_", self.lidar_latency_s)


_SHARES = (
    "detect_near",
    "detect_far",
    "visible_min",
    "under",
    "clutter_per_scan",
    "weather_loss",
    "rcs_effect",
    "lidar_dropout",
)
