"""All sites of the field-style logs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sim.base.errors import unknown
from sim.logs.field.arterials import ARTERIALS
from sim.logs.field.motorways import MOTORWAYS
from sim.logs.field.site import Site
from sim.logs.field.town import TOWN

SITES: Mapping[str, Site] = MappingProxyType(
    {site.name: site for site in (*MOTORWAYS, *ARTERIALS, *TOWN)}
)


def site_named(name: str, key: str) -> Site:
    """The site called `name`; raises `UserError` naming the setting `key`."""
    if name not in SITES:
        raise unknown("site", name, SITES, where=key)
    return SITES[name]
