"""From settings to the plain numbers that sensor kernels read."""

from __future__ import annotations

from sim.sensing.camera import Camera
from sim.sensing.cloud import Cloud
from sim.sensing.detect import SECOND
from sim.sensing.lidar import Scan
from sim.sensing.radar import Radar
from sim.sensing.settings import SensorSettings
from sim.sensing.weather import air_of


def radar_of(settings: SensorSettings) -> Radar:
    """The radar of an outfit."""
    air = air_of(settings.weather, "radar")
    return Radar(
        range_max=float(settings.range_max_m),
        half_view=0.5 * settings.field_of_view_rad,
        range_noise=float(settings.range_noise_m),
        rate_noise=float(settings.range_rate_noise_mps),
        bearing_noise=float(settings.bearing_noise_rad),
        detect_near=float(settings.detect_near),
        detect_far=float(settings.detect_far),
        visible_min=float(settings.visible_min),
        under=float(settings.under),
        dropout_per_s=float(settings.dropout_per_s),
        dropout_max_frames=float(settings.dropout_max_s * SECOND),
        clutter=float(settings.clutter_per_scan),
        weather_loss=float(settings.weather_loss),
        rcs_effect=float(settings.rcs_effect),
        rate=float(settings.rate_hz),
        air=air,
        plain=settings.rcs_effect == 0.0 and not any(air[:6]),
    )


def scan_of(settings: SensorSettings) -> Scan:
    """The range scan of an outfit."""
    return Scan(
        opening=float(settings.lidar_field_of_view_rad),
        reach=float(settings.lidar_range_max_m),
        noise=float(settings.lidar_noise_m),
        dropout=float(settings.lidar_dropout),
        rate=float(settings.lidar_rate_hz),
        air=air_of(settings.weather, "lidar"),
    )


def camera_of(settings: SensorSettings) -> Camera:
    """The camera of an outfit."""
    own = settings.camera
    return Camera(
        range_max=float(own.range_max_m),
        half_view=0.5 * own.field_of_view_rad,
        rate=float(own.rate_hz),
        detect_near=float(own.detect_near),
        detect_far=float(own.detect_far),
        visible_min=float(own.visible_min),
        dropout_per_s=float(own.dropout_per_s),
        dropout_max_frames=float(own.dropout_max_s * SECOND),
        clutter=float(own.clutter_per_scan),
        bearing_noise=float(own.bearing_noise_rad),
        pixel=float(own.pixel_rad),
        height=float(own.height_m),
        air=air_of(settings.weather, "camera"),
    )


def cloud_of(settings: SensorSettings) -> Cloud:
    """The lidar of an outfit that lists objects."""
    own = settings.cloud
    return Cloud(
        range_max=float(own.range_max_m),
        half_view=0.5 * own.field_of_view_rad,
        rate=float(own.rate_hz),
        points_min=int(own.points_min),
        detect_near=float(own.detect_near),
        detect_far=float(own.detect_far),
        dropout_per_s=float(own.dropout_per_s),
        dropout_max_frames=float(own.dropout_max_s * SECOND),
        clutter=float(own.clutter_per_scan),
        range_noise=float(own.range_noise_m),
        bearing_noise=float(own.bearing_noise_rad),
        air=air_of(settings.weather, "lidar"),
    )
