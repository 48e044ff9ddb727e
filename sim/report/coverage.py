"""Coverage for people: a text, and a picture of every pair of bins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from sim.sampling.cells.bins import Combos
from sim.sampling.coverage.hints import Dense
from sim.sampling.coverage.inputs import InputCoverage, Tally
from sim.sampling.coverage.nature import NaturalShare

GAP = 0.6
"""Between the blocks of two quantities, in cells."""
CELL_PX, LEAST_PX = 11, 300
LABEL_PX, MOST_LABELLED = 8, 60
"""Size of the values at the bins, and how many bins get them; of more only quantities are named."""


def coverage_text(
    coverage: InputCoverage,
    table: pd.DataFrame,
    shares: Mapping[str, NaturalShare] | None,
    avoidable: Mapping[str, float],
    dense: Sequence[Dense],
    advice: str,
) -> str:
    """What `closecall coverage` prints.

    Args:
        coverage: Of the inputs.
        table: As from `outcome_table`.
        shares: As from `natural_shares`.
        avoidable: As from `preventability`.
        dense: As from `densest`.
        advice: What to do about what is missing.
    """
    n = int(coverage.tallies[0].hits.sum() // len(coverage.bins.at))
    lines = [f"{coverage.family.terms.name}: {n:,} episodes", "", "input"]
    lines += [_line(tally) for tally in coverage.tallies]
    lines += ["", *_bins(coverage), "", "outcome (episodes)", *_frame(table)]
    if shares is None:
        lines.append("shares are of the design: its points are no probability sample")
    else:
        lines += ["", "in nature (95 % interval)", *nature_lines(shares)]
    if avoidable:
        told = ", ".join(f"{by} {_percent(share)}" for by, share in avoidable.items())
        lines += ["", f"crashes that reference drivers avoid: {told}"]
    lines += ["", "what to sample next", advice]
    lines += [_dense(one) for one in dense]
    return "\n".join(lines)


def _line(tally: Tally) -> str:
    allowed = int(tally.allowed.sum())
    out = f"  {tally.strength}-way bins  {tally.covered:>6,} of {allowed:>6,} feasible"
    out += f"  {_percent(tally.share):>6}"
    forbidden = len(tally.combos) - allowed
    return out + (f"  ({forbidden:,} forbidden by constraints)" if forbidden else "")


def nature_lines(shares: Mapping[str, NaturalShare]) -> list[str]:
    """Each severity's share, also that of one which never came: it may be rare."""
    lines = []
    for name, one in shares.items():
        line = f"  {name:<8}  {_rare(one.share):>8}  [{_rare(one.low)}, {_rare(one.high)}]"
        if one.by_few:
            line += f"  a hint: {one.episodes} episodes, with weights worth {one.effective:.1f}"
        lines.append(line)
    return lines


def _rare(share: float) -> str:
    """In percent, or a small one as it is."""
    return _percent(share) if share >= 0.001 or share == 0.0 else f"{share:.0e}"


def _percent(share: float) -> str:
    """Never 100 % while something is missing, nor 0 % while something is there."""
    if 0.9995 <= share < 1.0:
        return ">99.9%"
    return "<0.1%" if 0.0 < share < 0.0005 else f"{100 * share:.1f}%"


def _bins(coverage: InputCoverage) -> list[str]:
    """Each quantity's parts with the episodes in them."""
    single, width = coverage.tallies[0], max(map(len, coverage.bins.names))
    lines = []
    for k, name in enumerate(coverage.bins.names):
        hits = single.hits[single.combos.offset[k] : single.combos.offset[k + 1]]
        parts = [f"{label}: {count:,}" for label, count in zip(coverage.labels(k), hits)]
        shown = parts if len(parts) <= 8 else [*parts[:7], f"and {len(parts) - 7} more"]
        lines.append(f"  {name:<{width}}  {'  '.join(shown)}")
    return lines


def _frame(table: pd.DataFrame) -> list[str]:
    return ["  " + line for line in table.reset_index().to_string(index=False).splitlines()]


def _dense(one: Dense) -> str:
    where = ", ".join(f"{name} {part}" for name, part in one.where.items())
    share = f"{one.share:.0%} of {one.episodes:,} episodes, at least {one.low:.0%}"
    return f"  danger is dense at {where}: {share}"


def coverage_chart(coverage: InputCoverage) -> Any:
    """Every pair of bins: how many episodes hold it, which are missing, which forbidden."""
    starts = _starts(coverage)
    size = max(CELL_PX * starts[-1], LEAST_PX)
    table = _pairs(coverage, starts)
    domain = [0, starts[-1] - GAP]
    scale = alt.Scale(domain=domain, nice=False)
    flip = alt.Scale(domain=domain, nice=False, reverse=True)
    across, down = _axes(coverage, starts)
    base = alt.Chart(table).encode(
        x=alt.X("x:Q", scale=scale, axis=across),
        x2="x2:Q",
        y=alt.Y("y:Q", scale=flip, axis=down),
        y2="y2:Q",
    )
    counted = base.transform_filter("datum.state == 'covered'").mark_rect(stroke="white")
    shade = alt.Scale(scheme="blues", type="log", domain=[1, max(2, int(table["hits"].max()))])
    legend = alt.Legend(title="episodes", format="d", tickCount=4)
    others = alt.Color(
        "state:N",
        scale=alt.Scale(domain=["missing", "forbidden"], range=["#f97316", "#d4d4d8"]),
        legend=alt.Legend(title="otherwise"),
    )
    rest = base.transform_filter("datum.state != 'covered'").mark_rect(stroke="white")
    pairs = coverage.tallies[min(1, len(coverage.tallies) - 1)]
    title = f"{coverage.family.terms.name}: {_percent(pairs.share)} of feasible pairs of bins"
    layers = counted.encode(color=alt.Color("hits:Q", scale=shade, legend=legend)) + rest.encode(
        color=others
    )
    return layers.resolve_scale(color="independent").properties(
        width=size, height=size, title=title
    )


def _axes(coverage: InputCoverage, starts: list[float]) -> tuple[alt.Axis, alt.Axis]:
    """The axes below and beside: a value at each bin where there is room, else quantities."""
    if sum(coverage.bins.sizes) > MOST_LABELLED:
        middles = [a + 0.5 * (b - GAP - a) for a, b in pairwise(starts)]
        names = dict(zip(middles, coverage.bins.names))
        return _axis(names, angle=-40), _axis(names, angle=0)
    labels = bin_labels(coverage)
    at = [a + k + 0.5 for a, size in zip(starts, coverage.bins.sizes) for k in range(int(size))]
    values = dict(zip(at, labels))
    return _axis(values, angle=-90, size=LABEL_PX), _axis(values, angle=0, size=LABEL_PX)


def bin_labels(coverage: InputCoverage) -> list[str]:
    """What each bin stands for, the first of a quantity with its name."""
    out: list[str] = []
    for k, name in enumerate(coverage.bins.names):
        first, *others = (label.replace(" to ", "–") for label in coverage.labels(k))
        out += [f"{name}: {first}", *others]
    return out


def _axis(names: Mapping[float, str], angle: float, size: int = 11) -> alt.Axis:
    """A text at each of some places."""
    told = " : ".join(f"abs(datum.value - {at}) < 0.01 ? '{name}'" for at, name in names.items())
    return alt.Axis(
        values=list(names),
        labelExpr=f"{told} : ''",
        labelAngle=angle,
        labelFontSize=size,
        labelOverlap=False,
        labelLimit=220,
        labelPadding=3,
        title=None,
        grid=False,
        ticks=False,
        domain=False,
    )


def _starts(coverage: InputCoverage) -> list[float]:
    """Where each quantity's block of cells begins, and where the last ends."""
    starts = [0.0]
    for cells in coverage.bins.sizes:
        starts.append(starts[-1] + float(cells) + GAP)
    return starts


def _pairs(coverage: InputCoverage, starts: list[float]) -> pd.DataFrame:
    """One row a pair of bins below the diagonal, and one a single bin on it."""
    rows: list[dict[str, Any]] = []
    for tally in coverage.tallies[:2]:
        combos: Combos = tally.combos
        columns, cells = combos.cells(pd.RangeIndex(len(combos)).to_numpy())
        for number in range(len(combos)):
            (i, j), (a, b) = columns[number][[0, -1]], cells[number][[0, -1]]
            x, y = starts[i] + a, starts[j] + b
            hits = int(tally.hits[number])
            state = "covered" if hits else "missing" if tally.allowed[number] else "forbidden"
            rows.append({"x": x, "x2": x + 1, "y": y, "y2": y + 1, "hits": hits, "state": state})
    return pd.DataFrame(rows)
