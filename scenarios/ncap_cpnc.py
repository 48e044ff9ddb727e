"""Euro NCAP's CPNC: a child from behind parked cars."""

from sim.base.dist import Dist
from sim.family import Draws, quantity, register
from sim.family.proving_ground import AT_M, LANE_M, RIGHT, ProvingGround, across, kmh
from sim.family.walkers import CHILD, parked_row
from sim.world.scene import Scene

PACE_MPS = 5.0 / 3.6

PARKED_M = 1.0
"""From the child's way to the car that hides it (engineering) [m]."""


@register("ncap_cpnc")
class NcapCpnc(ProvingGround):
    """A child comes out between parked cars at 5 km/h: Euro NCAP's CPNC.

    It is hidden until a second before the ego would hit it, with the middle of the front.

        lane 0     [ego] -->              :
                          [parked][parked] ^ c
    """

    event = "crossing"
    tags = ("regression", "Euro NCAP", "pedestrian", "ISO 34502 crossing", "PEGASUS layer 4")
    crashes = "12 pedestrian crash without prior vehicle manoeuvre (its share: pedestrian_crossing)"
    danger = (1.0, 1.0)
    always = ("aeb > 0.5 or collided",)

    speed: Dist = quantity(
        kmh(range(20, 65, 5)),
        unit="mps",
        source="Euro NCAP: 20 to 60 km/h in steps of 5",
        status="published",
    )
    place: Dist = quantity(
        0.5,
        unit="share",
        source="Euro NCAP: where the ego's front hits, of its width from the right",
        status="recalled",
    )

    def build(self, draws: Draws) -> Scene:
        size = CHILD["length"], CHILD["width"]
        scene = across(draws, PACE_MPS, draws.place, RIGHT, size=size, lane_width=LANE_M)
        parked_row(scene, AT_M, PARKED_M, before=2, after=0)
        return scene
