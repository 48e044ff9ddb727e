"""Euro NCAP's CCRb: a car that brakes."""

from sim.base.dist import Choice, Dist
from sim.family import Draws, quantity, register
from sim.family.proving_ground import ProvingGround, ahead
from sim.world.scene import Scene

BRAKES_S = 1.0
"""When the target brakes [s]."""


@register("ncap_ccrb")
class NcapCcrb(ProvingGround):
    """A car ahead brakes to a stand: Euro NCAP's CCRb.

    Mild braking from close by and hard braking from afar are the two that take longest to see.

        lane 0     [ego] -->     [target]<<      << brakes
    """

    seconds = 14.0
    tags = ("regression", "Euro NCAP", "rear-end", "ISO 34502 deceleration", "PEGASUS layer 4")
    crashes = "25 lead vehicle decelerating (its share: lead_brakes)"
    danger = (1.0, 1.0)
    always = ("aeb > 0.5 or collided",)

    speed: Dist = quantity(
        50.0 / 3.6, unit="mps", source="Euro NCAP: of both, 50 km/h", status="recalled"
    )
    gap: Dist = quantity(
        Choice((12.0, 40.0)), unit="m", source="Euro NCAP: 12 or 40 m", status="recalled"
    )
    decel: Dist = quantity(
        Choice((2.0, 6.0)), unit="mps2", source="Euro NCAP: 2 or 6 m/s²", status="recalled"
    )

    def build(self, draws: Draws) -> Scene:
        scene, target = ahead(draws, draws.speed, draws.gap)
        scene.when(target, time_s=BRAKES_S).brake(draws.decel)
        return scene
