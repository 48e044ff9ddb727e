"""An altair chart as a picture file, on white, legible beside text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import vl_convert as vlc

from sim.base.store import write_atomically

STYLE: dict[str, Any] = {
    "background": "white",
    "font": "DejaVu Sans, sans-serif",
    "padding": 14,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "gridColor": "#e5e7eb",
        "domainColor": "#9ca3af",
        "tickColor": "#9ca3af",
    },
    "header": {"labelFontSize": 11, "labelFontWeight": "bold"},
    "title": {"anchor": "start", "fontSize": 15, "offset": 12},
}


def save_png(chart: Any, path: Path, *, scale: float = 1.6) -> Path:
    """Write a chart of altair as a .png, wholly or not at all."""
    content = vlc.vegalite_to_png(chart.configure(**STYLE).to_dict(), scale=scale)
    return write_atomically(path, lambda partial: partial.write_bytes(content))
