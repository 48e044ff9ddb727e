"""Euro NCAP's CPFA: an adult who runs across from the far side."""

from sim.base.dist import Dist
from sim.family import Draws, quantity, register
from sim.family.proving_ground import LEFT, ProvingGround, across, kmh
from sim.world.scene import Scene

PACE_MPS = 8.0 / 3.6


@register("ncap_cpfa")
class NcapCpfa(ProvingGround):
    """An adult runs across from the far side at 8 km/h: Euro NCAP's CPFA.

    In open view all the way: who does not brake hits the runner with the middle of the front.

                                      v w
        lane 0     [ego] -->          :
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
        status="recalled",
    )
    place: Dist = quantity(
        0.5,
        unit="share",
        source="Euro NCAP: where the ego's front hits, of its width from the right",
        status="recalled",
    )

    def build(self, draws: Draws) -> Scene:
        return across(draws, PACE_MPS, draws.place, LEFT)
