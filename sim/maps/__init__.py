"""Maps in foreign formats, read as roads."""

from sim.maps.commonroad import read_commonroad
from sim.maps.formats import read_road
from sim.maps.map import Map
from sim.maps.opendrive import read_opendrive

__all__ = ["Map", "read_commonroad", "read_opendrive", "read_road"]
