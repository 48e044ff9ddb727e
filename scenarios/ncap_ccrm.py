"""Euro NCAP's CCRm: a car that drives slowly."""

import numpy as np

from sim.base.dist import Choice, Dist
from sim.family import Draws, quantity, register
from sim.family.proving_ground import MEETS_S, WIDE_M, ProvingGround, ahead, kmh
from sim.world.scene import Scene

TARGET_MPS = 20.0 / 3.6


@register("ncap_ccrm")
class NcapCcrm(ProvingGround):
    """A car drives at 20 km/h, straight ahead or to one side: Euro NCAP's CCRm.

    Who does not brake hits it with the whole front, or with as much of it as is told.

        lane 0     [ego] -->             [target] ->
    """

    tags = ("regression", "Euro NCAP", "rear-end", "ISO 34502 deceleration", "PEGASUS layer 4")
    crashes = "24 lead vehicle moving at lower constant speed (its share: slow_lead)"
    danger = (1.0, 1.0)
    always = ("aeb > 0.5 or collided",)

    speed: Dist = quantity(
        kmh(range(30, 85, 5)), unit="mps", source="Euro NCAP: 30 to 80 km/h", status="recalled"
    )
    overlap: Dist = quantity(
        Choice((-0.75, -0.5, 0.5, 0.75, 1.0)),
        unit="share",
        source="Euro NCAP: of the ego's width, negative where the target is to the right",
        status="recalled",
    )

    def build(self, draws: Draws) -> Scene:
        side = np.sign(draws.overlap) * (1.0 - np.abs(draws.overlap)) * WIDE_M
        scene, _ = ahead(draws, TARGET_MPS, (draws.speed - TARGET_MPS) * MEETS_S, side)
        return scene
