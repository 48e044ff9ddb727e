"""Named outfits of sensors, and the same in several kinds of weather."""

from __future__ import annotations

from dataclasses import replace

from sim.base.registry import Registry
from sim.sensing.camera_settings import CameraSettings
from sim.sensing.cloud_settings import CloudSettings
from sim.sensing.settings import SensorSettings
from sim.sensing.weather import WeatherSettings

SENSORS: Registry[SensorSettings] = Registry("sensor")
"""Named outfits; field-style logs are seen through another one than simulated logs."""

_DEFAULT = SENSORS.register("default")(SensorSettings())
SENSORS.register("ideal")(
    SensorSettings(
        speed_noise_mps=0.0,
        accel_noise_mps2=0.0,
        yaw_rate_noise_radps=0.0,
        range_noise_m=0.0,
        range_rate_noise_mps=0.0,
        bearing_noise_rad=0.0,
        detect_near=1.0,
        detect_far=1.0,
        under=1.0,
        dropout_per_s=0.0,
        clutter_per_scan=0.0,
        lidar_noise_m=0.0,
        lidar_dropout=0.0,
    )
)
SENSORS.register("field")(
    SensorSettings(
        range_max_m=100.0,
        field_of_view_rad=1.9,
        range_noise_m=0.25,
        range_rate_noise_mps=0.15,
        bearing_noise_rad=0.006,
        detect_near=0.985,
        detect_far=0.75,
        under=0.7,
        dropout_per_s=0.05,
        clutter_per_scan=0.04,
    )
)
SENSORS.register("rain")(
    replace(_DEFAULT, weather_loss=0.5, clutter_per_scan=0.08, lidar_dropout=0.15, under=0.7)
)
_SUITE = SENSORS.register("suite")(
    replace(
        _DEFAULT,
        rcs_effect=1.0,
        latency_s=0.05,
        camera=CameraSettings(on=True, latency_s=0.1),
        cloud=CloudSettings(on=True, latency_s=0.1),
    )
)
"""Radar, camera and lidar in clear air by day; the following are what weather makes of it."""

SENSORS.register("fog")(replace(_SUITE, weather=WeatherSettings(fog_per_km=30.0)))
SENSORS.register("downpour")(replace(_SUITE, weather=WeatherSettings(rain_mmph=50.0, spray=1.0)))
SENSORS.register("spray")(replace(_SUITE, weather=WeatherSettings(rain_mmph=2.0, spray=1.0)))
SENSORS.register("snow")(replace(_SUITE, weather=WeatherSettings(snow_mmph=2.0)))
SENSORS.register("sun")(replace(_SUITE, weather=WeatherSettings(sun=1.0)))
SENSORS.register("night")(replace(_SUITE, weather=WeatherSettings(night=1.0)))
