"""The figures as people read them: lines on the screen and docs/bench.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tools.bench.figures import Figure, Line

TOP = """# How fast

Written by `make bench`, which installs the peers into environments of their own. Every figure is
the median of {rounds} rounds in which ours and the peers take turns, with the least and the largest
ratio in brackets. Rates are per CPU-second on one core where nothing else is said: three lanes,
steps of 0.1 s, the same cars at the same places for everybody. Ours considers a change of lane for
everybody at every step, looks for contact of boxes on all pairs and writes a log; the docstrings in
`tools/bench/peers` tell what each peer does and is spared.

| figure | ours | peer | ratio | asked for | hoped for | met |
|---|---:|---:|---:|---:|---:|---|
"""


def number(value: float) -> str:
    """Three digits, with k and M.

    >>> [number(x) for x in (0.1234, 12.34, 1234.5, 4321987.0)]
    ['0.123', '12.3', '1.23 k', '4.32 M']
    """
    for size, sign in ((1e6, " M"), (1e3, " k")):
        if abs(value) >= size:
            return f"{value / size:.3g}{sign}"
    return f"{value:.3g}"


def told(figure: Figure) -> str:
    """One line for the screen."""
    spread = f"[{number(figure.low)}, {number(figure.high)}]"
    peer = f" / {number(figure.peer)} = {number(figure.ratio)}" if figure.peer != 1.0 else ""
    return f"{figure.name}: {number(figure.ours)}{peer} {spread} {figure.unit}"


def page(
    lines: Sequence[Line],
    figures: Sequence[Figure],
    missing: Mapping[str, str],
    versions: Mapping[str, str],
    rounds: int,
) -> str:
    """The page in Markdown."""
    by_name = {figure.name: figure for figure in figures}
    rows = [_row(line, by_name[line.name]) for line in lines if line.name in by_name]
    text = TOP.format(rounds=rounds) + "".join(rows)
    if missing:
        text += "\nMissing:\n\n" + "".join(f"- {name}: {why}\n" for name, why in missing.items())
    pins = ", ".join(f"{name} {version}" for name, version in versions.items())
    return f"{text}\nMeasured with {pins}.\n"


def _row(line: Line, figure: Figure) -> str:
    alone = line.peer is None
    spread = f"[{number(figure.low)}, {number(figure.high)}]"
    cells = [
        line.name,
        f"{number(figure.ours)} {line.unit}",
        "" if alone else number(figure.peer),
        spread if alone else f"**{number(figure.ratio)}** {spread}",
        *(_asked(value, line.ceiling) for value in (line.at_least, line.hoped)),
        {None: "", True: "yes", False: "no"}[line.met(figure.ratio)],
    ]
    return f"| {' | '.join(cells)} |\n"


def _asked(value: float | None, ceiling: bool) -> str:
    if value is None:
        return ""
    return f"at most {value:g}" if ceiling else f"{value:g}"
