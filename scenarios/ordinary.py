"""Ordinary traffic."""

from sim.family import Draws, register
from sim.family.traffic import InTraffic, traffic
from sim.world.scene import Scene


@register("ordinary")
class Ordinary(InTraffic):
    """Ordinary traffic, in which nobody is told to do anything.

    Nothing is dangerous but what drivers bring along: short headways, late reactions and
    glances away. The counterpart of the other families: what they are worth beyond being
    more data.

        lane 2     [5]         [6]        [7]
        lane 1   [4]   [ego]    [1]   [2]     [3]   -->
        lane 0        [8]     [9]        [10]
    """

    seconds = 15.0
    tags = ("nominal",)
    conflicts = (0.0, 0.05)

    def build(self, draws: Draws) -> Scene:
        return traffic(draws, draws.speed).scene
