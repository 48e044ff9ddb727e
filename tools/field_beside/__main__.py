"""Write the tables and the picture of `docs/field.md`.

Usage: python -m tools.field_beside RECORDINGS [MORE ...] [--hours 60]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import ks_2samp

from sim.features.category import CATEGORIES
from sim.report.png import save_png
from tools.docs.examples import DOCS
from tools.docs.fill import filled, table
from tools.field_beside.measured import QUANTITIES, Site, measure
from tools.field_beside.rates import HUNDRED_CAR, HUNDRED_CAR_HOURS, Rates, rates
from tools.field_beside.sites import LIKE, driven, recorded

PLACES = ("motorway", "arterial", "town")
LEAST = 20
"""Values below which a distribution is not compared."""
DRAWN = 4000


def main() -> None:
    """Measure both sides and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("roots", nargs="+", type=Path)
    parser.add_argument("--hours", type=float, default=60.0, help="ego-hours a place")
    parser.add_argument("--gap", default="mild")
    told = parser.parse_args()
    sites = {name: measure(logs) for name, logs in recorded(told.roots).items()}
    field = {place: measure(driven(place, told.hours, 10.0, told.gap)) for place in PLACES}
    counted = {
        hazard: {
            place: rates(driven(place, hours, hazard, told.gap))
            for place, hours in zip(PLACES, (told.hours, told.hours, 2.0 * told.hours))
        }
        for hazard in (1.0, 10.0)
    }
    page = DOCS / "field.md"
    made = {
        "distances": lambda: _distances(field, sites),
        "quantiles": lambda: _quantiles({**field, **sites}),
        "rates": lambda: _rates(counted),
    }
    page.write_text(filled(page.read_text(encoding="utf-8"), made), encoding="utf-8")
    _picture(field, sites, DOCS / "field_beside.png")


def _distances(field: dict[str, Site], sites: dict[str, Site]) -> str:
    rows = []
    for name, words in QUANTITIES.items():
        between = [
            ks_2samp(a.values[name], b.values[name]).statistic
            for i, a in enumerate(sites.values())
            for b in list(sites.values())[i + 1 :]
            if min(len(a.values[name]), len(b.values[name])) >= LEAST
        ]
        most = max(between, default=np.nan)
        for place, site in field.items():
            held = {
                other: ks_2samp(site.values[name], sites[other].values[name]).statistic
                for other in LIKE[place]
                if other in sites
                and min(len(site.values[name]), len(sites[other].values[name])) >= LEAST
            }
            if not held:
                rows.append((words, place, "-", "-", "-", f"{most:.2f}"))
                continue
            nearest = min(held, key=lambda other: held[other])
            far = held[nearest] > most
            tail = _tail(site.values[name], sites[nearest].values[name])
            told = f"{held[nearest]:.2f}" + (" **beyond**" if far else "")
            rows.append((words, place, nearest, told, tail, f"{most:.2f}"))
    head = (
        "quantity",
        "field",
        "nearest recorded",
        "KS",
        "5 / 95 %, field : recorded",
        "most between two recorded sites",
    )
    return table(head, rows)


def _tail(a: np.ndarray, b: np.ndarray) -> str:
    low, high = np.quantile(a, (0.05, 0.95)), np.quantile(b, (0.05, 0.95))
    return f"{low[0]:.3g} / {low[1]:.3g} : {high[0]:.3g} / {high[1]:.3g}"


def _quantiles(every: dict[str, Site]) -> str:
    rows = []
    for name, site in every.items():
        told = [f"{site.hours:.1f}", f"{100 * site.standing:.0f} %"]
        for quantity in QUANTITIES:
            values = site.values[quantity]
            if len(values) < LEAST:
                told.append("-")
                continue
            told.append(" / ".join(f"{q:.3g}" for q in np.quantile(values, (0.05, 0.5, 0.95))))
        rows.append((name, *told))
    return table(("site", "vehicle-hours", "standing", *QUANTITIES), rows)


def _rates(counted: dict[float, dict[str, Rates]]) -> str:
    rows = []
    for kind in CATEGORIES:
        crashes, near = HUNDRED_CAR[kind]
        line = [
            kind,
            f"{1000 * near / HUNDRED_CAR_HOURS:.3g}",
            f"{1000 * crashes / HUNDRED_CAR_HOURS:.3g}",
        ]
        for hazard in counted:
            whole = counted[hazard].values()
            hours = sum(each.hours for each in whole)
            for name in ("conflicts", "near_crashes", "crashes"):
                count = sum(getattr(each, name)[kind] for each in whole)
                line.append(f"{1000 * count / hours:.3g} ({count})")
        rows.append(tuple(line))
    head = ["kind", "100-Car: near-crashes", "crashes"]
    for hazard in counted:
        head += [f"hazard {hazard:g}: conflicts", "near-crashes", "crashes"]
    return table(tuple(head), rows)


def _picture(field: dict[str, Site], sites: dict[str, Site], path: Path) -> None:
    import altair as alt

    alt.data_transformers.disable_max_rows()  # the picture is drawn once and keeps no data
    draw = np.random.default_rng(0)
    parts = []
    for kind, group in (("field", field), ("recorded", sites)):
        for name, site in group.items():
            for quantity, words in QUANTITIES.items():
                values = site.values[quantity]
                if len(values) < LEAST:
                    continue
                some = np.sort(draw.choice(values, min(len(values), DRAWN), replace=False))
                shares = np.linspace(0.005, 0.995, 100)
                parts.append(
                    pd.DataFrame(
                        {
                            "value": np.quantile(some, shares),
                            "share": shares,
                            "site": name,
                            "kind": kind,
                            "quantity": words,
                        }
                    )
                )
    lines = (
        alt.Chart(pd.concat(parts))
        .mark_line(clip=True)
        .encode(
            x=alt.X("value:Q", title=None),
            y=alt.Y("share:Q", title="share at most"),
            color=alt.Color("site:N", title=None),
            strokeDash=alt.StrokeDash("kind:N", title=None),
        )
        .properties(width=260, height=170)
        .facet(facet=alt.Facet("quantity:N", title=None), columns=3)
        .resolve_scale(x="independent")
    )
    save_png(lines, path)


if __name__ == "__main__":
    main()
