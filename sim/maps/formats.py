"""Maps by what is in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sim.base.errors import expected
from sim.maps.commonroad import read_commonroad
from sim.maps.map import Map
from sim.maps.opendrive import read_opendrive
from sim.maps.xml import read_xml

READERS: dict[str, Callable[[Path], Map]] = {
    "commonRoad": read_commonroad,
    "OpenDRIVE": read_opendrive,
}


def read_road(path: Path) -> Map:
    """The road of a map file, CommonRoad or OpenDRIVE by its topmost element.

    Args:
        path: An XML file.

    Raises:
        UserError: It is neither, or its reader cannot read it.
    """
    top = read_xml(path).tag
    if top not in READERS:
        wanted = "a map (CommonRoad or OpenDRIVE)"
        raise expected("XML", wanted, f"<{top}>", where=str(path))
    return READERS[top](path)
