"""Euro NCAP's CBFA: a cyclist from the far side."""

from sim.base.dist import Dist
from sim.family import Draws, quantity, register
from sim.family.proving_ground import LEFT, ProvingGround, across, kmh
from sim.world.kinds import Kind
from sim.world.scene import Scene

PACE_MPS = 20.0 / 3.6


@register("ncap_cbfa")
class NcapCbfa(ProvingGround):
    """A cyclist crosses from the far side at 20 km/h: Euro NCAP's CBFA.

    In open view all the way: who does not brake hits the cyclist with the middle of the front.

                                      v b
        lane 0     [ego] -->          :
    """

    event = "crossing"
    tags = ("regression", "Euro NCAP", "cyclist", "ISO 34502 crossing", "PEGASUS layer 4")
    crashes = "14 pedalcyclist crash without prior vehicle manoeuvre (its share: cyclist_crossing)"
    danger = (1.0, 1.0)
    always = ("aeb > 0.5 or collided",)

    speed: Dist = quantity(
        kmh(range(20, 65, 5)),
        unit="mps",
        source="Euro NCAP: 20 to 60 km/h",
        status="recalled",
    )
    place: Dist = quantity(
        0.5,
        unit="share",
        source="Euro NCAP: where the ego's front hits, of its width from the right",
        status="recalled",
    )

    def build(self, draws: Draws) -> Scene:
        return across(draws, PACE_MPS, draws.place, LEFT, kind=Kind.BICYCLE)
