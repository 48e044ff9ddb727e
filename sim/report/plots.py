"""Charts as SVG text for a page: drawn once with altair, readable in light and dark."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from sim.report import names
from sim.report.amount import sizes_of
from sim.report.findings import BASE_ARM, MAIN_ARM, Findings, best_physics
from sim.report.svg import ROLE_COLOURS, draw
from sim.report.values import Score

CURVES: dict[str, str] = {
    BASE_ARM: ROLE_COLOURS["real"],
    MAIN_ARM: ROLE_COLOURS["simulation"],
}
FREE = "sim_only"
COLUMNS = ["arm", "mean", "low", "high", "x", "colour", "dash"]


def share_curve(findings: Findings, metric: str, regime: str) -> str | None:
    """Score against the share of the recordings, with and without simulation.

    Returns:
        SVG text, or None where fewer than two sizes were run.
    """
    table = _share_table(findings, metric, regime)
    level = _levels(findings, metric, regime)
    x = _x(table, "share of the recordings", ".3~%")
    return _curve(table, level, x, f"curve-{regime}-{metric}")


def size_curve(findings: Findings, metric: str, regime: str) -> str | None:
    """Score against simulated episodes a family, with the best without simulation as a level.

    Returns:
        SVG text, or None where fewer than two sizes were run.
    """
    table = _size_table(findings, metric, regime)
    level = _base_level(findings, metric, regime)
    x = _x(table, "episodes a family", "~s")
    return _curve(table, level, x, f"size-{regime}-{metric}")


def _share_table(findings: Findings, metric: str, regime: str) -> pd.DataFrame:
    unit = names.metric(metric).unit
    found = [
        _row(arm, score, unit, x=size, colour=colour, dash=_dash(arm))
        for arm, colour in CURVES.items()
        for size in findings.fractions
        if (score := findings.score(arm, metric, regime, size)) is not None
    ]
    return _known(pd.DataFrame(found, columns=COLUMNS))


def _size_table(findings: Findings, metric: str, regime: str) -> pd.DataFrame:
    unit, colour = names.metric(metric).unit, CURVES[MAIN_ARM]
    found = [
        _row(MAIN_ARM, each.score, unit, x=each.episodes, colour=colour, dash=[1, 0])
        for each in sizes_of(findings, metric, regime)
    ]
    return _known(pd.DataFrame(found, columns=COLUMNS))


def _known(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["mean"].notna() & table["x"].notna()]


def _levels(findings: Findings, metric: str, regime: str) -> pd.DataFrame:
    """Arms without recordings: a horizontal line each."""
    unit = names.metric(metric).unit
    rows = [
        _row(arm, score, unit, colour=ROLE_COLOURS[names.arm(arm).role], dash=_dash(arm))
        for arm in (best_physics(findings, metric, regime), FREE)
        if arm is not None and (score := findings.score(arm, metric, regime, None)) is not None
    ]
    return pd.DataFrame(rows)


def _base_level(findings: Findings, metric: str, regime: str) -> pd.DataFrame:
    """The best without simulation, as the sizes are paired with it."""
    found = sizes_of(findings, metric, regime)[-1:]
    rows = []
    for each in found:
        mean = each.score.mean - each.gain.value
        level = Score(mean, mean, mean, 0)
        unit, colour = names.metric(metric).unit, CURVES[BASE_ARM]
        rows.append(_row(BASE_ARM, level, unit, colour=colour, dash=[1, 0]))
    return pd.DataFrame(rows)


def _x(table: pd.DataFrame, title: str, form: str) -> alt.X:
    sizes = sorted(table["x"].unique()) or [1.0]
    domain = [sizes[0] * 0.85, sizes[-1] * 1.15]
    axis = alt.Axis(values=sizes, format=form, title=title, grid=False)
    return alt.X("x:Q", scale=alt.Scale(type="log", domain=domain, nice=False), axis=axis)


def _curve(table: pd.DataFrame, level: pd.DataFrame, x: alt.X, name: str) -> str | None:
    if table["x"].nunique() < 2:
        return None
    y_scale = alt.Scale(domain=_domain([table, level]), zero=False, nice=False)
    y = alt.Y("mean:Q", scale=y_scale, axis=alt.Axis(title=None, tickCount=5))
    colour, dashes = alt.Color("colour:N", scale=None), alt.StrokeDash("dash:N", scale=None)
    base = alt.Chart(table).encode(x=x, color=colour)
    line = base.mark_line(strokeWidth=2.2).encode(y=y, detail="arm:N", strokeDash=dashes)
    chart = line + base.mark_point(filled=True, size=42, opacity=1).encode(y=y)
    spread = table[table["low"].notna() & table["high"].notna()]
    if len(spread):
        ends = alt.Chart(spread).encode(x=x, y=alt.Y("low:Q", scale=y_scale), y2="high:Q")
        band = ends.mark_area(opacity=0.15, line=False).encode(fill=colour, detail="arm:N")
        whisker = ends.mark_rule(strokeWidth=1.2, opacity=0.7).encode(color=colour)
        chart = band + whisker + chart
    if len(level):
        rule = alt.Chart(level).mark_rule(strokeWidth=1.6)
        chart = rule.encode(y=y, color=colour, strokeDash=dashes) + chart
    return draw(chart.properties(width=345, height=200), name)


def _domain(tables: Sequence[pd.DataFrame]) -> list[float]:
    """The range of the means and their intervals, with a margin, from zero where that is near."""
    values = [
        float(value)
        for table in tables
        for column in ("mean", "low", "high")
        if column in table
        for value in table[column]
        if math.isfinite(value)
    ]
    low, high = min(values, default=0.0), max(values, default=1.0)
    margin = 0.06 * (high - low) or 0.05 * abs(high) or 0.05
    start = 0.0 if 0 <= low < 0.3 * high else low - margin
    return [start, high + margin]


def _dash(arm: str) -> list[int]:
    if names.arm(arm).role == "physics":
        return [6, 3]
    return {FREE: [1, 3]}.get(arm, [1, 0])


def arms(findings: Findings, metric: str, regime: str) -> str | None:
    """Every arm at the full and the smallest size: a dot and its interval.

    Returns:
        SVG text, or None where the regime holds no score.
    """
    table = _arms_table(findings, metric, regime)
    if not len(table):
        return None
    order = list(dict.fromkeys(table["title"]))
    axis = alt.Axis(title=None, ticks=False, domain=False, labelLimit=190, labelPadding=8)
    y = alt.Y("title:N", sort=order, axis=axis)
    offset = alt.YOffset("size:N", sort=["full", "small"], scale=alt.Scale(paddingOuter=0.55))
    colour = alt.Color("colour:N", scale=None)
    x_scale = alt.Scale(domain=_domain([table]), zero=False, nice=False)
    x_axis = _value_axis(metric)

    def dots(which: str, **look: Any) -> alt.Chart:
        shown = alt.Chart(table[table["size"] == which]).mark_point(opacity=1, **look)
        place = alt.X("mean:Q", scale=x_scale, axis=x_axis)
        encoded: alt.Chart = shown.encode(x=place, y=y, yOffset=offset, color=colour)
        return encoded

    spread = table[table["low"].notna() & table["high"].notna()]
    whisker = (
        alt.Chart(spread)
        .mark_rule(strokeWidth=1.8)
        .encode(
            x=alt.X("low:Q", scale=x_scale, axis=x_axis),
            x2="high:Q",
            y=y,
            yOffset=offset,
            color=colour,
            opacity=alt.condition(alt.datum.size == "full", alt.value(0.9), alt.value(0.5)),
        )
    )
    layers = [whisker] if len(spread) else []
    layers += [dots("full", filled=True, size=62), dots("small", size=36, strokeWidth=1.6)]
    return draw(
        alt.layer(*layers).properties(width=262, height=alt.Step(11)), f"arms-{regime}-{metric}"
    )


def _arms_table(findings: Findings, metric: str, regime: str) -> pd.DataFrame:
    unit, sizes = names.metric(metric).unit, findings.fractions or [1.0]
    shown = {"full": sizes[-1], **({"small": sizes[0]} if len(sizes) > 1 else {})}
    rows = []
    for name in findings.arms:
        about = names.arm(name)
        free = about.role == "physics" or name == FREE
        for size, fraction in shown.items():
            score = findings.score(name, metric, regime, fraction)
            if score is not None and not (free and size == "small"):
                tags = {"title": about.title, "size": size, "colour": ROLE_COLOURS[about.role]}
                rows.append(_row(name, score, unit, **tags))
    return pd.DataFrame(rows)


def _row(arm: str, score: Score, unit: names.Unit, **more: Any) -> dict[str, Any]:
    scale = 100.0 if unit == "share" else 1.0
    values = {"mean": score.mean, "low": score.low, "high": score.high}
    return {"arm": arm, **{k: v * scale for k, v in values.items()}, **more}


def _value_axis(metric: str) -> alt.Axis:
    about = names.metric(metric)
    suffix = {"share": " (%)", "seconds": " (s)"}.get(about.unit, "")
    return alt.Axis(title=about.title + suffix, tickCount=5)


def legend(findings: Findings) -> list[tuple[str, str, str]]:
    """(arm title, CSS colour, line style) of the lines in the curves."""
    lines = [(a, names.arm(a)) for a in (*CURVES, FREE) if a in findings.arms]
    styles = {FREE: "dotted"}
    out = [(about.title, f"var(--{about.role})", styles.get(a, "solid")) for a, about in lines]
    if any(names.arm(a).role == "physics" for a in findings.arms):
        out.append(("Best physics score of the regime", "var(--physics)", "dashed"))
    return out
