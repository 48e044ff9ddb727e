"""Charts as SVG text for a page: drawn once with altair, readable in light and dark."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from sim.report import names
from sim.report.findings import MACRO, MAIN_ARM, Findings, Score, best_physics
from sim.report.svg import ROLE_COLOURS, draw

CURVES: dict[str, str] = {
    "real": ROLE_COLOURS["real"],
    MAIN_ARM: ROLE_COLOURS["simulation"],
    "real_sim_shuffled": ROLE_COLOURS["control"],
}
BANDED = ("real", MAIN_ARM)


def curve(findings: Findings, metric: str, regime: str) -> str | None:
    """Score against the share of real logs, with and without simulation.

    Returns:
        SVG text, or None where fewer than two sizes were run.
    """
    table = _curve_table(findings, metric, regime)
    if table["fraction"].nunique() < 2:
        return None
    unit = names.metric(metric).unit
    sizes = sorted(table["fraction"].unique())
    x = alt.X(
        "fraction:Q",
        scale=alt.Scale(type="log", domain=[sizes[0] * 0.85, sizes[-1] * 1.15], nice=False),
        axis=alt.Axis(values=sizes, format=".3~%", title="share of the real logs", grid=False),
    )
    y_scale = alt.Scale(domain=[0, _top(findings, metric, list(CURVES))])
    y = alt.Y("mean:Q", scale=y_scale, axis=_value_axis(metric, short=True))
    colour = alt.Color("colour:N", scale=None)
    base = alt.Chart(table).encode(x=x, color=colour)
    band = (
        base.transform_filter(alt.FieldOneOfPredicate("arm", list(BANDED)))
        .mark_area(opacity=0.16, line=False)
        .encode(y=alt.Y("low:Q", scale=y_scale), y2="high:Q", fill=colour, detail="arm:N")
    )
    dashes = alt.StrokeDash("dash:N", scale=None)
    line = base.mark_line(strokeWidth=2.2).encode(y=y, detail="arm:N", strokeDash=dashes)
    dots = base.mark_point(filled=True, size=42, opacity=1).encode(y=y)
    chart = band + line + dots
    level = _levels(findings, metric, regime, unit)
    if len(level):
        rule = (
            alt.Chart(level)
            .mark_rule(strokeWidth=1.6)
            .encode(y="mean:Q", color=colour, strokeDash=dashes)
        )
        chart = rule + chart
    return draw(chart.properties(width=345, height=200), f"curve-{regime}-{metric}")


def _curve_table(findings: Findings, metric: str, regime: str) -> pd.DataFrame:
    unit = names.metric(metric).unit
    found = [
        _row(arm, score, unit, fraction=size, colour=colour, dash=_dash(arm))
        for arm, colour in CURVES.items()
        for size in findings.fractions
        if (score := findings.score(arm, metric, regime, size)) is not None
    ]
    return pd.DataFrame(found, columns=["arm", "mean", "low", "high", "fraction", "colour", "dash"])


def _levels(findings: Findings, metric: str, regime: str, unit: names.Unit) -> pd.DataFrame:
    """Arms without real logs: a horizontal line each."""
    physics = best_physics(findings, metric, regime)
    rows = [
        _row(arm, score, unit, colour=ROLE_COLOURS[names.arm(arm).role], dash=_dash(arm))
        for arm in (physics, "sim_only")
        if arm is not None and (score := findings.score(arm, metric, regime, None)) is not None
    ]
    return pd.DataFrame(rows)


def _dash(arm: str) -> list[int]:
    if names.arm(arm).role == "physics":
        return [6, 3]
    return {"real_sim_shuffled": [2, 3], "sim_only": [1, 3]}.get(arm, [1, 0])


def arms(findings: Findings, metric: str, regime: str) -> str | None:
    """Every arm at the full and the smallest size: a dot and its interval.

    Returns:
        SVG text, or None where the regime holds no score.
    """
    sizes = findings.fractions or [1.0]
    rows = []
    for name in findings.arms:
        about = names.arm(name)
        shown = [("full", sizes[-1]), ("small", sizes[0])] if len(sizes) > 1 else [("full", 1.0)]
        for size, fraction in shown:
            score = findings.score(name, metric, regime, fraction)
            free = about.role == "physics" or name == "sim_only"
            if score is None or (free and size == "small"):
                continue
            unit = names.metric(metric).unit
            tags = {"title": about.title, "size": size, "colour": ROLE_COLOURS[about.role]}
            rows.append(_row(name, score, unit, **tags))
    if not rows:
        return None
    table = pd.DataFrame(rows)
    order = list(dict.fromkeys(table["title"]))
    y = alt.Y(
        "title:N",
        sort=order,
        axis=alt.Axis(title=None, ticks=False, domain=False, labelLimit=190, labelPadding=8),
    )
    offset = alt.YOffset("size:N", sort=["full", "small"], scale=alt.Scale(paddingOuter=0.55))
    colour = alt.Color("colour:N", scale=None)
    base = alt.Chart(table).encode(y=y, yOffset=offset, color=colour)
    x_scale = alt.Scale(domain=[0, _top(findings, metric, findings.arms)])
    whisker = base.mark_rule(strokeWidth=1.8).encode(
        x=alt.X("low:Q", scale=x_scale, axis=_value_axis(metric)),
        x2="high:Q",
        opacity=alt.condition(alt.datum.size == "full", alt.value(0.9), alt.value(0.5)),
    )
    full = (
        base.transform_filter(alt.datum.size == "full")
        .mark_point(filled=True, size=62, opacity=1)
        .encode(x="mean:Q")
    )
    small = (
        base.transform_filter(alt.datum.size == "small")
        .mark_point(filled=False, size=36, strokeWidth=1.6, opacity=1)
        .encode(x="mean:Q")
    )
    chart = (whisker + full + small).properties(width=262, height=alt.Step(11))
    return draw(chart, f"arms-{regime}-{metric}")


def _top(findings: Findings, metric: str, arms: list[str]) -> float:
    """The end of an axis: one for all regimes, so that their charts compare by eye."""
    scale = 100.0 if names.metric(metric).unit == "share" else 1.0
    free = {arm for arm in findings.arms if names.arm(arm).role == "physics"} | {"sim_only"}
    highs = [
        score.high * scale
        for (arm, _, _, _, site, which), score in findings.scores.items()
        if which == metric and site == MACRO and arm in {*arms, *free} and score.high >= 0
    ]
    return 1.04 * max(highs, default=1.0) or 1.0


def _row(arm: str, score: Score, unit: names.Unit, **more: Any) -> dict[str, Any]:
    scale = 100.0 if unit == "share" else 1.0
    values = {"mean": score.mean, "low": score.low, "high": score.high}
    return {"arm": arm, **{k: v * scale for k, v in values.items()}, **more}


def _value_axis(metric: str, *, short: bool = False) -> alt.Axis:
    about = names.metric(metric)
    suffix = {"share": " (%)", "seconds": " (s)"}.get(about.unit, "")
    title = None if short else about.title + suffix
    return alt.Axis(title=title, tickCount=5)


def legend(findings: Findings) -> list[tuple[str, str, str]]:
    """(arm title, CSS colour, line style) of the lines in `curve`."""
    shown = [*CURVES, "sim_only"]
    lines = [(a, names.arm(a)) for a in shown if a in findings.arms]
    styles = {"real_sim_shuffled": "dotted", "sim_only": "dotted"}
    out = [(about.title, f"var(--{about.role})", styles.get(a, "solid")) for a, about in lines]
    if any(names.arm(a).role == "physics" for a in findings.arms):
        out.append(("Best physics score of the regime", "var(--physics)", "dashed"))
    return out
