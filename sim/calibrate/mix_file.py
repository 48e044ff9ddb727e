"""A mix of families as a file of plain data.

closecall: mix/1
name: near_crash
shares: {lead_brakes: 0.6, red_queue: 0.4}
near_crashes: {lead_brakes: 0.5, red_queue: 0.5}
fitted: {events: 82}
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from sim.base.document import Document, read_document
from sim.base.errors import expected, unknown
from sim.calibrate.mix import Mix
from sim.family import load_families
from sim.family.variant import check_header, write_yaml

MIX = "mix/1"
KEYS = ("closecall", "name", "title", "shares", "near_crashes", "fitted")
SUM_WITHIN = 0.01
"""Rounded shares may sum to 1 give or take this."""
DIGITS = 4


def load_mix(path: Path | str) -> dict[str, float]:
    """Family to its share of episodes, sum 1, from a mix file.

    Args:
        path: The file, or the name of one that is shipped: see `shipped_mixes`.

    Raises:
        UserError: No such file; another kind of file; a family that does not exist; a share that
            is not a positive number; or shares that do not sum to 1. Told with file and line.
    """
    shipped = shipped_mixes()
    document = read_document(shipped.get(str(path), Path(path)))
    check_header(document, MIX)
    document.check_keys(KEYS)
    document.text("name")
    _shares(document, "near_crashes")
    shares = _shares(document, "shares")
    if not shares:
        raise expected("shares", "families and their shares", "none", where=document.place())
    total = sum(shares.values())
    return {name: share / total for name, share in shares.items()}


def save_mix(mix: Mix, path: Path | str, *, name: str, fitted: Mapping[str, Any]) -> Path:
    """Write a mix that `load_mix` reads back.

    Args:
        mix: As fitted.
        path: The file; its folder is made.
        name: Of the mix.
        fitted: On what, in the words of whoever did.
    """
    content = {
        "closecall": MIX,
        "name": name,
        "shares": _rounded(mix.shares),
        "near_crashes": _rounded(mix.near_crashes),
        "fitted": {
            **fitted,
            "events": mix.events,
            "ks": _rounded(mix.ks),
            "ks_even": _rounded(mix.ks_even),
        },
    }
    comment = (
        "Written by `closecall calibrate`. shares: of the episodes to generate, by family;\n"
        "near_crashes: of the near-crashes among them; ks: distance to the recorded ones."
    )
    return write_yaml(content, Path(path), comment)


def shipped_mixes() -> dict[str, Path]:
    """Mixes that come with the package, by name."""
    folder = Path(str(files("sim.calibrate"))) / "mixes"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def _shares(document: Document, key: str) -> dict[str, float]:
    known = load_families()
    out = {}
    for name, share in document.mapping(key).items():
        where = document.place(key, name)
        if name not in known:
            raise unknown(f"{key}: family", str(name), known, where=where)
        number = isinstance(share, (int, float)) and not isinstance(share, bool)
        if not number or not math.isfinite(share) or share <= 0.0:
            raise expected(f"{key}.{name}", "a share above 0", share, where=where)
        out[str(name)] = float(share)
    if out and abs(sum(out.values()) - 1.0) > SUM_WITHIN:
        where = document.place(key)
        raise expected(key, "shares that sum to 1", f"{sum(out.values()):.4g}", where=where)
    return out


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, DIGITS) for name, value in values.items()}


__all__ = ["MIX", "load_mix", "save_mix", "shipped_mixes"]
