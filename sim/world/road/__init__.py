"""Roads: courses to drive along, what they share, where they cross, what limits and hides.

What one road takes of room, and a thousand of them of time to build on one core:

    straight, lane_drop   0.2 kB   0.0 s        crosswalk   1.0 kB   0.1 s
    curved                0.9 kB   0.0 s        junction     13 kB   3.3 s
    on_ramp               1.8 kB   0.0 s        roundabout   14 kB   1.0 s

So a family whose sizes do not vary had better share one road; where they do, it pays.
"""

from sim.world.road.chain import Path, arc, chain, line, spiral
from sim.world.road.core import (
    Areas,
    Blocks,
    Courses,
    Lanes,
    Links,
    Pieces,
    Road,
    Rule,
    Signals,
    Zones,
)
from sim.world.road.course import course_at
from sim.world.road.crosswalk import crosswalk
from sim.world.road.curve import curved
from sim.world.road.junction import junction
from sim.world.road.movements import junction_course, movements
from sim.world.road.phases import two_phases
from sim.world.road.ramp import lane_drop, on_ramp
from sim.world.road.roundabout import roundabout, roundabout_course
from sim.world.road.sketch import Outline, outline
from sim.world.road.straight import straight
from sim.world.road.street import Crossing, street

__all__ = [
    "Areas",
    "Blocks",
    "Courses",
    "Crossing",
    "Lanes",
    "Links",
    "Outline",
    "Path",
    "Pieces",
    "Road",
    "Rule",
    "Signals",
    "Zones",
    "arc",
    "chain",
    "course_at",
    "crosswalk",
    "curved",
    "junction",
    "junction_course",
    "lane_drop",
    "line",
    "movements",
    "on_ramp",
    "outline",
    "roundabout",
    "roundabout_course",
    "spiral",
    "straight",
    "street",
    "two_phases",
]
