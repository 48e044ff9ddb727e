"""UN R157: a cut-in."""

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


@register("r157_cut_in")
class R157CutIn(LaneKeeping):
    """A slower car drifts into the lane, on the grid of gaps and lateral speeds of the JRC.

    The gap is that at which the car leaves the middle of its lane at its full lateral speed.

        lane 1                [car]
                                   \\
        lane 0     [ego] -->         v
    """

    tags = ("regression", "UN R157", "cut-in", "ISO 34502 cut-in", "PEGASUS layer 4")
    crashes = "18, 19 changing lanes, drifting, same direction (its share: cut_in)"
    danger = (0.5, 0.65)
    never = ("collided and drift == 0",)

    speed: Dist = quantity(60.0 / 3.6, unit="mps", source="JRC: 60 km/h", status="published")
    other: Dist = quantity(
        20.0 / 3.6, unit="mps", source="JRC: of the car that cuts in, 20 km/h", status="published"
    )
    gap: Dist = quantity(
        Choice(tuple(float(m) for m in range(1, 60))),
        unit="m",
        source="JRC: 1 to 59 m up to an ego's speed of 60 km/h",
        status="published",
    )
    drift: Dist = quantity(
        Choice(tuple(k / 10.0 for k in range(18))),
        unit="mps",
        source="JRC: lateral speed, 0 to 1.7 m/s",
        status="published",
    )

    def build(self, draws: Draws) -> Scene:
        scene, _ = under_test(draws, draws.speed, 1.6)
        at = EGO_S + draws.speed * HAPPENS_S + SIZE["length"] + draws.gap
        drifting(scene, speed=draws.other, at=at, side=LANE_M, to=0.0, drift=draws.drift)
        return scene
