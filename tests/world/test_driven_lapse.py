"""A lapse of attention while somebody steps out: nothing new is decided, nothing is let go."""

import numpy as np
import pytest
from marks import compiled

from sim.world.live import Simulation
from sim.world.road import crosswalk, junction, junction_course
from sim.world.scene import Scene

AT, SPEED, REACTION = 200.0, 12.0, 0.8
SET_OUT_S, FROM, TO = 2.0, 1.5, 3.2  # of the lapse, in the time that is perceived [s]


def speeds(scene: Scene, lapse: tuple[float, float] | None, seconds: float = 8.0) -> np.ndarray:
    """Speed of the first user of one scenario at every step [m/s], with one lapse if any."""
    live = Simulation(scene.episode(), 0.1)
    if lapse is not None:
        live.users.lapse_from[:, 0], live.users.lapse_to[:, 0] = lapse
    seen = [live.users.speed[0, 0]]
    for _ in range(round(10 * seconds)):
        live.step()
        seen.append(live.users.speed[0, 0])
    return np.array(seen)


def stepping_out(rule: str, away: float = 50.0, reaction: float = REACTION) -> Scene:
    """Somebody who stands at the kerb sets out in front of a car, `away` from the crosswalk then.

    The next lapse of one's own would come in years.
    """
    scene = Scene(1, crosswalk(1, 0, at=AT, rule=rule))
    s = AT - 2.0 - away - 2.25 - SPEED * SET_OUT_S
    scene.car(
        course=0, s=s, speed=SPEED, desired_speed=SPEED, reaction_s=reaction, lapse_rate_per_s=1e-9
    )
    walker = scene.pedestrian(course=1, s=5.4, speed=0.0, held=1, law="free")
    scene.when(walker, time_s=SET_OUT_S).speed(1.4, accel=20.0)
    return scene


def onset(speed: np.ndarray) -> float:
    """Beginning of the step in which braking begins [s]."""
    slower = speed < SPEED - 1e-3
    return 0.1 * (slower.argmax() - 1) if slower.any() else np.inf


@compiled
@pytest.mark.parametrize("rule", ["zebra", "unmarked"])
@pytest.mark.parametrize("reaction", [0.0, 0.4, 0.8])
def test_who_steps_out_is_reacted_to_after_the_reaction_time(rule: str, reaction: float) -> None:
    late = onset(speeds(stepping_out(rule, reaction=reaction), None)) - SET_OUT_S
    assert reaction - 0.11 <= late <= reaction + 0.31  # the first steps are at less than 0.3 m/s


@compiled
@pytest.mark.parametrize("rule", ["zebra", "unmarked"])
def test_in_a_lapse_one_reacts_after_its_end_and_the_reaction_time(rule: str) -> None:
    late = onset(speeds(stepping_out(rule), (FROM, TO)))
    assert late == pytest.approx(TO + REACTION, abs=0.11)


@compiled
@pytest.mark.parametrize("rule", ["zebra", "unmarked"])
def test_who_brakes_already_goes_on_braking_in_a_lapse(rule: str) -> None:
    attentive = speeds(stepping_out(rule), None, 5.0)
    begun = onset(attentive)
    lapse = speeds(stepping_out(rule), (begun - REACTION + 0.3, 1e3), 5.0)
    np.testing.assert_allclose(lapse, attentive, atol=0.3)


@compiled
def test_a_lapse_on_the_way_to_the_line_ends_in_the_crossing() -> None:
    """Somebody who looks elsewhere while a rival comes near drives over the line at its speed."""
    road = junction(control="yield", approach=100.0)
    west, south = junction_course(0, "straight"), junction_course(1, "straight")
    over = []
    for lapse in (None, (0.0, 5.0)):
        scene = Scene(1, road)
        scene.car(course=south, s=70.0, speed=9.0, desired_speed=9.0, lapse_rate_per_s=1e-9)
        scene.car(course=west, s=38.0, speed=13.0, law="free")
        over.append(speeds(scene, lapse, 3.5).min())
    assert over[0] < 6.0
    assert over[1] > 8.9
