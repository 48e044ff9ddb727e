"""Who is placed ahead of or behind another is on the same way as the other."""

import numpy as np
import pytest

from sim.base.errors import UserError
from sim.world.road import crosswalk
from sim.world.scene import Scene


def test_course_and_lane_are_the_others_unless_given() -> None:
    scene = Scene(2, crosswalk(lanes=2, opposite=2))
    first = scene.car(course=1, lane=np.array([0, 1]), s=80.0, speed=10.0)
    scene.truck(ahead_of=first, gap=5.0, speed=8.0)
    scene.car(behind=first, gap=5.0, speed=8.0, lane=0)
    scene.car(ahead_of=first, gap=5.0, speed=8.0, course=0)
    scene.car(s=20.0, speed=8.0)
    users = scene.episode().users
    assert users.course.tolist() == [[1, 1, 1, 0, 0]] * 2
    assert users.lane.tolist() == [[0, 0, 0, 0, 0], [1, 1, 0, 1, 0]]
    assert users.s[0].tolist() == [80.0, 80.0 + 5.0 + 8.25, 80.0 - 5.0 - 4.5, 89.5, 20.0]


def test_a_place_is_told_in_one_way() -> None:
    scene = Scene(1, crosswalk())
    first = scene.car(s=80.0, speed=10.0)
    with pytest.raises(UserError, match="one of s, ahead_of, behind"):
        scene.car(ahead_of=first, behind=first, gap=3.0, speed=8.0)
