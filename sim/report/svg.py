"""From an altair chart to SVG text that lives in a page: its ids, its colours, its width."""

from __future__ import annotations

import re

import altair as alt
import vl_convert as vlc

INK, FAINT = "#010203", "#010204"
ROLE_COLOURS: dict[str, str] = {
    "simulation": "#010211",
    "real": "#010212",
    "physics": "#010213",
    "control": "#010214",
    "other": "#010215",
}
"""Stand-ins that `inline` swaps for the page's CSS colours: vega itself cannot read CSS."""


def draw(chart: alt.LayerChart | alt.FacetChart, name: str) -> str:
    """SVG text of a chart; `name` is its own on the page."""
    axis = alt.AxisConfig(
        labelColor=INK,
        titleColor=INK,
        tickColor=FAINT,
        domainColor=FAINT,
        gridColor=FAINT,
        gridOpacity=0.22,
        labelFontSize=12,
        titleFontSize=12,
        titleFontWeight="normal",
    )
    styled = chart.configure(
        background="transparent",
        font="system-ui, sans-serif",
        view=alt.ViewConfig(stroke=None),
        axis=axis,
    )
    # each part was checked when it was made; without a second check .09 s a chart, not .13 s
    return inline(vlc.vegalite_to_svg(styled.to_dict(validate=False)), name)


def inline(svg: str, name: str) -> str:
    """Give ids that are unique on the page, colours that follow it and a width that yields."""
    name = re.sub(r"[^A-Za-z0-9_-]", "-", name)
    svg = re.sub(r'id="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    swaps = {INK: "currentColor", FAINT: "var(--rule)"}
    swaps |= {stand_in: f"var(--{role})" for role, stand_in in ROLE_COLOURS.items()}
    for stand_in, css in swaps.items():
        svg = svg.replace(stand_in, css)
    return re.sub(r' xmlns(:xlink)?="[^"]*"', "", svg)
