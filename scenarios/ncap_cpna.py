"""Euro NCAP's CPNA: an adult who walks out from the near side."""

from sim.base.dist import Choice, Dist
from sim.family import Draws, quantity, register
from sim.family.proving_ground import RIGHT, ProvingGround, across, kmh
from sim.world.scene import Scene

PACE_MPS = 5.0 / 3.6


@register("ncap_cpna")
class NcapCpna(ProvingGround):
    """An adult walks out from the near side at 5 km/h: Euro NCAP's CPNA.

    In open view all the way: who does not brake hits the walker with the near or far part of the
    front.

        lane 0     [ego] -->          :
                                      ^ w
    """

    event = "crossing"
    tags = ("regression", "Euro NCAP", "pedestrian", "ISO 34502 crossing", "PEGASUS layer 4")
    crashes = "12 pedestrian crash without prior vehicle manoeuvre (its share: pedestrian_crossing)"
    danger = (0.4, 0.9)
    always = ("aeb > 0.5 or collided",)

    speed: Dist = quantity(
        kmh(range(20, 65, 5)),
        unit="mps",
        source="Euro NCAP: 20 to 60 km/h in steps of 5",
        status="published",
    )
    place: Dist = quantity(
        Choice((0.25, 0.75)),
        unit="share",
        source="Euro NCAP: where the ego's front hits, of its width from the right",
        status="recalled",
    )

    def build(self, draws: Draws) -> Scene:
        return across(draws, PACE_MPS, draws.place, RIGHT)
