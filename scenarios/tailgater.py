"""A tailgater's leader brakes."""

from sim.base.dist import Beta, Dist, Empirical, LogNormal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.traffic import EGO_S, FEW, OTHERS, InFew, convoy, place_car, standing_gap
from sim.world.road import straight
from sim.world.scene import Scene


@register("tailgater")
class Tailgater(InFew):
    """A row of tailgaters, each less than a second behind the next, and the first one brakes.

    Dangerous is the headway, no longer than a reaction takes: what the one ahead has lost of
    its speed before its follower answers, no braking brings back.

        lane 1                 [3]
        lane 0   [2][ego][1]<<       [4]   -->      << brakes
    """

    seconds = 14.0
    tags = ("rear-end", "highway", "car", "ISO 34502 deceleration", "PEGASUS layer 4")
    crashes = "25 lead vehicle decelerating (its share stands with lead_brakes)"
    danger = (0.25, 0.5)
    never = ("contact_s < start", "delta_v_mps > impact_speed_mps")

    speed: Dist = quantity(
        Uniform(12.0, 36.0), unit="mps", source="main road to motorway", status="engineering"
    )
    headway: Dist = quantity(
        Truncated(LogNormal(1.3, 0.45, 0.26), 0.4, 1.0),
        unit="s",
        source="0.26 s published, plus a lognormal chosen by judgement; below 1 s",
        status="engineering",
        measured="following_headway",
        each=FEW,
    )
    reaction: Dist = quantity(
        Truncated(LogNormal(0.6, 0.35), 0.2, 1.5),
        unit="s",
        source="under the 0.75 s of UN R157's driver: who drives so close looks at nothing else",
        status="engineering",
        each=FEW,
    )
    decel: Dist = quantity(
        Empirical((0.3, 0.5, 2.7, 4.0, 5.4, 7.3, 9.0), (0.05, 0.2, 0.25, 0.25, 0.2, 0.05)),
        unit="mps2",
        source="leads in 82 real near-crashes (QUADRIS), weighted quantiles; ends by judgement",
        status="derived",
        measured="braking_peak",
    )
    kept: Dist = quantity(
        Beta(2.0, 1.5, 0.0, 0.95),
        unit="share",
        source="of its speed after braking",
        status="engineering",
        measured="braking_kept",
    )
    start: Dist = quantity(
        Uniform(1.5, 4.0), unit="s", source="time of the braking", status="engineering"
    )
    hold: Dist = quantity(
        Uniform(0.5, 4.0), unit="s", source="until it goes on", status="engineering"
    )

    def build(self, draws: Draws) -> Scene:
        scene = Scene(len(draws), straight(lanes=2))
        _, lead, _ = convoy(scene, draws, draws.speed, EGO_S)
        beside, ahead = OTHERS
        place_car(scene, draws, beside, draws.speed, lane=1, s=EGO_S + 5.0)
        gap = 2.0 * standing_gap(draws, 1, draws.speed)
        place_car(scene, draws, ahead, draws.speed, ahead_of=lead, gap=gap)
        scene.when(lead, time_s=draws.start).brake(draws.decel, down_to=draws.kept * draws.speed)
        lost = (1.0 - draws.kept) * draws.speed
        scene.when(lead, time_s=draws.start + lost / draws.decel + draws.hold).go()
        return scene
