"""A car cuts out."""

import numpy as np

from sim.base.dist import Dist, Uniform
from sim.family import Draws, quantity, register
from sim.family.traffic import EGO_S, OTHERS, InFew, convoy, place_car, standing_gap
from sim.world.road import straight
from sim.world.scene import Scene


@register("cut_out")
class CutOut(InFew):
    """A car swerves out of the lane and uncovers a standing one.

    Dangerous is how little is left once the ego sees what its leader hid: the leader knew of
    it all along and took no more room than it needed to get by.

        lane 1      [4]            _____/
        lane 0   [2]   [ego]   [1]/          [3]   (standing)      -->
    """

    seconds = 14.0
    tags = ("cut-out", "lateral", "car", "highway", "ISO 34502 cut-out", "PEGASUS layer 4")
    crashes = "26 lead vehicle stopped (its share stands with queue_tail)"
    danger = (0.5, 0.75)
    constraints = ("beyond > speed * (2.1 / across + 0.6)",)
    never = ("contact_s < start", "delta_v_mps > impact_speed_mps")

    speed: Dist = quantity(
        Uniform(4.0, 25.0), unit="mps", source="city street to motorway", status="engineering"
    )
    beyond: Dist = quantity(
        Uniform(8.0, 147.0),
        unit="m",
        source="from the leader to the standing car as it swerves, the grid of JRC for UN R157 "
        "without its nearest, that nobody gets by",
        status="derived",
    )
    across: Dist = quantity(
        Uniform(0.1, 2.9),
        unit="mps",
        source="lateral speed of the leader, the grid of JRC for UN R157",
        status="published",
    )
    start: Dist = quantity(
        Uniform(1.5, 4.0), unit="s", source="time of the cut-out", status="engineering"
    )

    def build(self, draws: Draws) -> Scene:
        scene = Scene(len(draws), straight(lanes=2))
        standing, beside = OTHERS
        ego, lead, _ = convoy(scene, draws, draws.speed, EGO_S)
        far = draws.beyond + draws.speed * draws.start
        still = {"ahead_of": lead, "gap": far, "held": 1}
        stopped = place_car(scene, draws, standing, np.zeros(len(draws)), **still)
        room = standing_gap(draws, beside, draws.speed)
        place_car(scene, draws, beside, draws.speed, lane=1, behind=ego, gap=room)
        scene.when(lead, time_s=0.0).speed(draws.speed)
        scene.when(lead, gap_m=draws.beyond, to=stopped).lane(1, lateral_speed=draws.across)
        return scene
