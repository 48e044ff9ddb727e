"""Euro NCAP's CBLA: a cyclist ahead."""

from sim.base.dist import Choice, Dist
from sim.family import Draws, quantity, register
from sim.family.proving_ground import MEETS_S, ProvingGround, ahead, beside, kmh
from sim.world.kinds import Kind
from sim.world.scene import Scene


@register("ncap_cbla")
class NcapCbla(ProvingGround):
    """A cyclist rides ahead in the same lane: Euro NCAP's CBLA.

    Who does not brake runs into it with the middle of the front, or a quarter from the right. The
    protocol has 15 km/h with the middle and 20 km/h with the quarter, here are all four.

        lane 0     [ego] -->             b ->
    """

    tags = ("regression", "Euro NCAP", "cyclist", "ISO 34502 deceleration", "PEGASUS layer 4")
    crashes = "14 pedalcyclist crash without prior vehicle manoeuvre (its share: cyclist_crossing)"
    danger = (1.0, 1.0)
    always = ("aeb > 0.5 or collided",)

    speed: Dist = quantity(
        kmh(range(25, 85, 5)), unit="mps", source="Euro NCAP: 25 to 80 km/h", status="recalled"
    )
    pace: Dist = quantity(
        kmh([15, 20]), unit="mps", source="Euro NCAP: 15 or 20 km/h", status="recalled"
    )
    place: Dist = quantity(
        Choice((0.25, 0.5)),
        unit="share",
        source="Euro NCAP: where the ego's front hits, of its width from the right",
        status="recalled",
    )

    def build(self, draws: Draws) -> Scene:
        gap = (draws.speed - draws.pace) * MEETS_S
        scene, _ = ahead(draws, draws.pace, gap, beside(draws.place), kind=Kind.BICYCLE)
        return scene
