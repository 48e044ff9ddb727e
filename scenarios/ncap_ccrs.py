"""Euro NCAP's CCRs: a car that stands."""

import numpy as np

from sim.base.dist import Choice, Dist
from sim.family import Draws, quantity, register
from sim.family.proving_ground import MEETS_S, WIDE_M, ProvingGround, ahead, kmh
from sim.world.scene import Scene


@register("ncap_ccrs")
class NcapCcrs(ProvingGround):
    """A car stands in the lane, straight ahead or to one side: Euro NCAP's CCRs.

    Who does not brake hits it with the whole front, or with as much of it as is told.

        lane 0     [ego] -->                 [target]
    """

    tags = ("regression", "Euro NCAP", "rear-end", "ISO 34502 deceleration", "PEGASUS layer 4")
    crashes = "26 lead vehicle stopped (its share: queue_tail)"
    danger = (1.0, 1.0)
    always = ("aeb > 0.5 or collided",)

    speed: Dist = quantity(
        kmh(range(10, 85, 5)), unit="mps", source="Euro NCAP: 10 to 80 km/h", status="recalled"
    )
    overlap: Dist = quantity(
        Choice((-0.75, -0.5, 0.5, 0.75, 1.0)),
        unit="share",
        source="Euro NCAP: of the ego's width, negative where the target is to the right",
        status="recalled",
    )

    def build(self, draws: Draws) -> Scene:
        side = np.sign(draws.overlap) * (1.0 - np.abs(draws.overlap)) * WIDE_M
        scene, _ = ahead(draws, 0.0, draws.speed * MEETS_S, side)
        return scene
