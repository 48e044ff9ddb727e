"""UN R157: the car ahead brakes."""

from sim.base.dist import Choice, Dist
from sim.family import Draws, quantity, register
from sim.family.lane_keeping import SIZE, LaneKeeping, under_test
from sim.world.scene import Scene

BRAKES_S = 1.0
"""When it brakes [s]."""


@register("r157_decel")
class R157Decel(LaneKeeping):
    """The car ahead, as fast as the ego, brakes to a stand.

    Its deceleration and the headway are a grid; from some of both on the gap is too short for
    any reaction.

        lane 0     [ego] -->     [car]<<      << brakes
    """

    seconds = 16.0
    tags = ("regression", "UN R157", "rear-end", "ISO 34502 deceleration", "PEGASUS layer 4")
    crashes = "25 lead vehicle decelerating (its share: lead_brakes)"
    danger = (0.85, 0.95)
    always = ("system > 0.5 or collided",)

    speed: Dist = quantity(
        Choice(tuple(v / 3.6 for v in (20, 40, 60, 90, 130))),
        unit="mps",
        source="of both, up to the regulation's 130 km/h; steps by judgement",
        status="engineering",
    )
    headway: Dist = quantity(
        Choice((0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 2.0)),
        unit="s",
        source="around the regulation's least of 1.1 to 2 s (recalled); steps by judgement",
        status="engineering",
    )
    decel: Dist = quantity(
        Choice(tuple(float(a) for a in range(1, 10))),
        unit="mps2",
        source="up to what tyres hold on a dry road; steps by judgement",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        scene, ego = under_test(draws, draws.speed, draws.headway)
        same = {"speed": draws.speed, "law": "free", "changes_lanes": 0}
        lead = scene.car(ahead_of=ego, gap=draws.speed * draws.headway, **(SIZE | same))
        scene.when(lead, time_s=BRAKES_S).brake(draws.decel)
        return scene
