"""The picture of a calibration: of each quantity the sample, the laws, and how they go together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from sim.base.dist import Choice, Dist
from sim.calibrate import Calibration, Fitted
from sim.family import UNITS
from sim.report.png import save_png

Floats = NDArray[np.float64]

SAMPLE, FITTED, PRIOR = "#cbd5e1", "#c2410c", "#475569"
MEANING = {"sample": SAMPLE, "fitted": FITTED, "prior": PRIOR}
SHOWN = 0.995
"""Of sample and fitted law; the rest of the axis would be empty."""
POINTS = 160
HEIGHT = 150


def picture(found: Calibration, path: Path, *, title: str) -> Path:
    """Draw every fitted quantity: histogram and densities, and quantiles against quantiles.

    Args:
        found: The calibration.
        path: The .png to make.
        title: Over the picture.
    """
    panels = [_panel(each) for each in found.fitted]
    columns = 1 if len(panels) == 1 else 2
    chart = alt.concat(
        *panels,
        columns=columns,
        spacing=34,
        title=alt.Title(title, fontSize=17, subtitle=_subtitle(found), subtitleColor=PRIOR),
    ).resolve_scale(color="shared", x="independent", y="independent")
    return save_png(chart, path)


def _subtitle(found: Calibration) -> list[str]:
    used = found.evidence.used
    hours = sum(source.hours for source in used)
    return [
        f"fitted to {len(used)} recordings in {len(found.evidence.groups)} groups, "
        f"{hours:.1f} road-user hours; right: quantiles of the sample against those of the law, "
        "with 95 % of samples of the law"
    ]


def _panel(each: Fitted) -> Any:
    q, fit = each.quantity, each.fit
    if fit.fitness is None:
        told = "histogram" if fit.best.name == "empirical" else "shares"
    else:
        told = f"AD p = {fit.fitness.p:.3f}, {each.verdict}"
    about = f"{fit.best.name}; n = {len(each.values):,} of {fit.units} {fit.unit}s; {told}"
    head = alt.Title(
        f"{q.name} [{UNITS[q.unit]}]", subtitle=about, fontSize=13, anchor="start", offset=8
    )
    if isinstance(fit.best.dist, Choice):
        return _shares(each).properties(title=head)
    return alt.hconcat(_densities(each), _quantiles(each), spacing=22, title=head)


def _densities(each: Fitted) -> Any:
    assert isinstance(each.quantity.dist, Dist)
    x, law, prior = each.values, each.fit.best.dist, each.quantity.dist
    ends = _ends(x, law)
    bars = _histogram(x, ends)
    at = np.linspace(*ends, 400)
    lines = pd.concat(
        pd.DataFrame({"x": at, "density": np.exp(dist.log_pdf(at)), "what": what})
        for dist, what in ((prior, "prior"), (law, "fitted"))
    )
    bar = float(bars["density"].max())
    top = 1.06 * min(max(bar, float(lines["density"].max())), 1.6 * bar)
    scale = alt.Scale(domain=list(ends), nice=False)
    axis = alt.Axis(tickCount=4, labels=False, ticks=False)
    y = alt.Y("density:Q", title="density", axis=axis, scale=alt.Scale(domain=[0.0, top]))
    base = alt.Chart(bars).mark_rect(stroke="white", strokeWidth=0.6)
    under = base.encode(
        x=alt.X("low:Q", title=UNITS[each.quantity.unit], scale=scale, axis=alt.Axis(tickCount=6)),
        x2="high:Q",
        y=y,
        y2=alt.datum(0),
        color=_colour(),
    )
    dash = alt.StrokeDash(
        "what:N", scale=alt.Scale(domain=["fitted", "prior"], range=[[1, 0], [5, 3]]), legend=None
    )
    curves = (
        alt.Chart(lines)
        .mark_line(strokeWidth=2.2, clip=True)
        .encode(x=alt.X("x:Q", scale=scale), y=y, color=_colour(), strokeDash=dash)
    )
    return (under + curves).properties(width=270, height=HEIGHT)


def _colour() -> Any:
    scale = alt.Scale(domain=list(MEANING), range=list(MEANING.values()))
    return alt.Color("what:N", scale=scale, legend=alt.Legend(title=None, orient="top"))


def _ends(x: Floats, law: Dist) -> tuple[float, float]:
    """Of the axis: all but the last of sample and law."""
    rest = 1.0 - SHOWN
    low = min(float(np.quantile(x, rest)), float(law.ppf([rest])[0]))
    high = max(float(np.quantile(x, SHOWN)), float(law.ppf([SHOWN])[0]))
    return low, high


def _histogram(x: Floats, ends: tuple[float, float]) -> pd.DataFrame:
    """Bars whose area is the share of all values (rule of Freedman and Diaconis, 12 to 40)."""
    spread = float(np.subtract(*np.quantile(x, [0.75, 0.25])))
    width = 2.0 * spread / len(x) ** (1.0 / 3.0)
    count = int(np.clip((ends[1] - ends[0]) / max(width, 1e-12), 12, 40))
    edges = np.linspace(*ends, count + 1)
    counts = np.histogram(x, edges)[0]
    density = counts / (len(x) * np.diff(edges))
    return pd.DataFrame(
        {"low": edges[:-1], "high": edges[1:], "density": density, "what": "sample"}
    )


def _quantiles(each: Fitted) -> Any:
    """Where the sample's quantiles lie against the law's."""
    x, law = np.sort(each.values), each.fit.best.dist
    n = len(x)
    rank = np.unique(np.rint(np.linspace(1, n, min(n, POINTS))).astype(int))
    middle, low, high = (stats.beta.ppf(p, rank, n + 1 - rank) for p in (0.5, 0.025, 0.975))
    table = pd.DataFrame(
        {
            "law": law.ppf(middle),
            "sample": x[rank - 1],
            "low": law.ppf(low),
            "high": law.ppf(high),
        }
    )
    ends = [float(min(x[0], table["law"].min())), float(max(x[-1], table["law"].max()))]
    scale = alt.Scale(domain=ends, nice=False)
    axis = alt.Axis(tickCount=4)
    base = alt.Chart(table).encode(x=alt.X("law:Q", title="fitted", scale=scale, axis=axis))
    band = base.mark_area(color=FITTED, opacity=0.16, clip=True).encode(
        y=alt.Y("low:Q", title="sample", scale=scale, axis=axis), y2="high:Q"
    )
    dots = base.mark_point(filled=True, size=14, color=PRIOR, opacity=0.9).encode(
        y=alt.Y("sample:Q", scale=scale)
    )
    line = (
        alt.Chart(pd.DataFrame({"law": ends, "sample": ends}))
        .mark_line(color=FITTED, strokeWidth=1.2)
        .encode(x=alt.X("law:Q", scale=scale), y=alt.Y("sample:Q", scale=scale))
    )
    return (band + line + dots).properties(width=HEIGHT, height=HEIGHT)


def _shares(each: Fitted) -> Any:
    """Shares of a few values: the sample's, which are the fitted ones, and the prior's."""
    law, prior = each.fit.best.dist, each.quantity.dist
    assert isinstance(law, Choice)
    assert isinstance(prior, Choice)
    rows = [
        {"value": f"{value:g}", "share": float(share), "what": what}
        for dist, what in ((prior, "prior"), (law, "fitted"))
        for value, share in zip(dist.values, np.exp(dist.log_pdf(dist.values)))
    ]
    chart = alt.Chart(pd.DataFrame(rows)).mark_bar()
    return chart.encode(
        x=alt.X("value:N", title=None, axis=alt.Axis(labelAngle=0)),
        xOffset="what:N",
        y=alt.Y("share:Q", title="share"),
        color=_colour(),
    ).properties(width=270, height=HEIGHT)
