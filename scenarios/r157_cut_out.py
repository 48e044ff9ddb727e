"""UN R157: a cut-out."""

from sim.base.dist import Choice, Dist
from sim.family import Draws, quantity, register
from sim.family.lane_keeping import (
    EGO_S,
    HAPPENS_S,
    LANE_M,
    SIZE,
    LaneKeeping,
    drifting,
    under_test,
)
from sim.world.scene import Scene

CLEAR_M = 0.1
"""Between the one that leaves and the path of what stands, when the distance is taken [m]."""


@register("r157_cut_out")
class R157CutOut(LaneKeeping):
    """The car ahead drifts out of the lane, and another one stands there.

    The distance is that from the one to the other as it is just clear of it; who drifts slowly
    is half out of the lane already as the test begins.

        lane 2                           ^
        lane 1                          /
                                       /
        lane 0     [ego] -->    [car]          [stands]
    """

    seconds = 16.0
    tags = ("regression", "UN R157", "cut-out", "ISO 34502 cut-out", "PEGASUS layer 4")
    crashes = "26 lead vehicle stopped (its share: queue_tail)"
    danger = (0.95, 1.0)
    always = ("system > 0.5 or collided",)

    speed: Dist = quantity(
        60.0 / 3.6, unit="mps", source="of both, 60 km/h: as the cut-in's", status="engineering"
    )
    headway: Dist = quantity(
        Choice((1.0, 1.6, 2.0)),
        unit="s",
        source="from the car ahead, 1.6 s the regulation's least at 60 km/h",
        status="recalled",
    )
    beyond: Dist = quantity(
        Choice(tuple(float(m) for m in range(2, 152, 5))),
        unit="m",
        source="JRC: 2 to 147 m; step by judgement",
        status="derived",
    )
    drift: Dist = quantity(
        Choice(tuple(k / 10.0 for k in range(1, 31, 2))),
        unit="mps",
        source="JRC: lateral speed, 0.1 to 2.9 m/s; step by judgement",
        status="derived",
    )

    def build(self, draws: Draws) -> Scene:
        scene, _ = under_test(draws, draws.speed, draws.headway)
        lead = EGO_S + draws.speed * (HAPPENS_S + draws.headway) + SIZE["length"]
        swing = 0.5 * SIZE["length"] * draws.drift / draws.speed
        side = SIZE["width"] + swing + CLEAR_M
        drifting(scene, speed=draws.speed, at=lead, side=side, to=2.0 * LANE_M, drift=draws.drift)
        scene.parked(s=lead + draws.beyond + SIZE["length"], **SIZE)
        return scene
