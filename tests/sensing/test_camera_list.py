"""The camera's list: angles, range from the road, names, and statistics of each."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scenes import CLEAR, SIZES, look, of_first, share, standing

from sim.sensing import CONFUSION, CameraSettings, Reason
from sim.sensing.confusion import naming
from sim.world.kinds import KIND_NAMES

NOISY = replace(CLEAR, camera=CameraSettings(on=True, dropout_per_s=0.0, clutter_per_scan=0.0))


def test_without_noise_it_sees_what_is_there() -> None:
    seen = look(standing(1, ("car", 30.0, 3.0)), CLEAR)
    one = of_first(seen, seen.camera)
    assert one["range"][0] == pytest.approx(math.hypot(30.0, 3.0))
    assert one["bearing"][0] == pytest.approx(math.atan2(3.0, 30.0))
    assert one["width"][0] == pytest.approx(math.atan2(4.0, 30.0) - math.atan2(2.0, 34.0))
    assert one["lateral"][0] == pytest.approx(3.0)
    assert np.isnan(one["range_rate"][0])


def test_range_is_worse_by_the_square_of_the_range() -> None:
    own = NOISY.camera
    for gap in (20.0, 80.0):
        seen = look(standing(4000, ("car", gap, 0.0)), NOISY)
        one = of_first(seen, seen.camera)
        got = one["range"][one["reason"] == 0]
        deviation = own.pixel_rad * gap**2 / own.height_m
        assert got.mean() == pytest.approx(gap, abs=4.5 * deviation / math.sqrt(len(got)))
        assert got.std() == pytest.approx(deviation, rel=4.5 / math.sqrt(2 * len(got)))
    # the published bound: 10 % at 90 m for a pixel of 1 / 740 from 1.2 m
    assert pytest.approx(0.10, abs=0.005) == 90.0 / 740 / 1.2


def test_angles_have_the_stated_deviations() -> None:
    seen = look(standing(4000, ("car", 40.0, 0.0)), NOISY)
    one = of_first(seen, seen.camera)
    ok = one["reason"] == 0
    edge = 4.5 / math.sqrt(2 * ok.sum())
    assert one["bearing"][ok].std() == pytest.approx(NOISY.camera.bearing_noise_rad, rel=edge)
    wanted = math.sqrt(2) * NOISY.camera.pixel_rad
    assert one["width"][ok].std() == pytest.approx(wanted, rel=edge)


@pytest.mark.parametrize(("kind", "gap"), [("car", 90.0), ("pedestrian", 50.0), ("truck", 110.0)])
def test_detection_depends_on_range_and_apparent_width(kind: str, gap: float) -> None:
    seen = look(standing(5000, (kind, gap, 0.0)), NOISY)
    one = of_first(seen, seen.camera)
    width = 2 * math.atan(0.5 * SIZES[kind][1] / gap) * gap
    own = NOISY.camera
    far = (gap / own.range_max_m * 1.8 / width) ** 2
    wanted = max(own.detect_near - (own.detect_near - own.detect_far) * far, 0.0)
    share(one["reason"] == 0, wanted)
    share(one["reason"] == Reason.CHANCE, 1 - own.detect_near)
    car = own.detect_near - (own.detect_near - own.detect_far) * (gap / own.range_max_m) ** 2
    share(one["reason"] == Reason.TOO_SMALL, max(car - wanted, 0.0))


def test_rows_of_the_confusion_are_distributions() -> None:
    assert CONFUSION.shape == (6, 6)
    assert (CONFUSION >= 0).all()
    assert (np.diag(CONFUSION) == 0).all()
    assert (3 * CONFUSION.sum(axis=1) < 1).all()  # the largest factor that is allowed
    assert naming(1.0)[:, -1] == pytest.approx(1.0)
    assert (np.diff(naming(3.0), axis=1) >= 0).all()


def test_names_are_confused_as_stated() -> None:
    never = look(standing(300, ("bicycle", 20.0, 0.0)), CLEAR)
    assert (of_first(never, never.camera)["kind"] == KIND_NAMES.index("bicycle")).all()
    for kind in ("truck", "bicycle"):
        own = replace(NOISY.camera, detect_near=1.0, detect_far=1.0, confusion=2.0)
        seen = look(standing(6000, (kind, 15.0, 0.0)), replace(NOISY, camera=own))
        one = of_first(seen, seen.camera)
        named = one["kind"][one["reason"] == 0]
        true = KIND_NAMES.index(kind)
        for other in range(6):
            wrong = 2.0 * CONFUSION[true, other]
            share(named == other, 1 - 2.0 * CONFUSION[true].sum() if other == true else wrong)


def test_field_of_view_and_occlusion() -> None:
    users = (("truck", 10.0, 0.0), ("car", 40.0, 0.0), ("car", 4.0, 9.0))
    seen = look(standing(1, *users), CLEAR)
    one = of_first(seen, seen.camera)
    reasons = dict(zip(one["track"].tolist(), one["reason"].tolist()))
    assert reasons == {1: 0, 2: Reason.OCCLUDED, 3: Reason.FIELD_OF_VIEW}
    assert one["range"][one["track"] == 2] == pytest.approx(40.0)  # a miss tells the truth


def test_false_detections_and_dropouts_have_their_rates() -> None:
    own = replace(CLEAR.camera, clutter_per_scan=0.05, dropout_per_s=0.2, dropout_max_s=0.8)
    seen = look(standing(20_000, ("car", 30.0, 0.0)), replace(CLEAR, camera=own))
    one = of_first(seen, seen.camera)
    false = one["track"] == -1
    share(np.isin(np.arange(20_000), one["frame"][false]), 0.05)
    assert set(one["kind"][false].tolist()) == set(range(6))
    assert (np.abs(one["bearing"][false]) <= 0.5 * own.field_of_view_rad).all()
    lost = (one["reason"] == Reason.DROPOUT).mean()
    assert lost == pytest.approx(0.2 * 0.4, rel=0.15)
