"""Roads: courses to drive along, what they share, where they cross, what limits and hides."""

from sim.world.road.core import Areas, Blocks, Courses, Lanes, Links, Pieces, Road, Signals, Zones
from sim.world.road.course import course_at
from sim.world.road.straight import straight

__all__ = [
    "Areas",
    "Blocks",
    "Courses",
    "Lanes",
    "Links",
    "Pieces",
    "Road",
    "Signals",
    "Zones",
    "course_at",
    "straight",
]
