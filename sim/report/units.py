"""How numbers are written: shares in percent, differences in points, minus signs that are."""

from __future__ import annotations

import math

from sim.report.names import Unit

MINUS = "\N{MINUS SIGN}"
NONE = "\N{EM DASH}"
HARD = "\N{NO-BREAK SPACE}"


def number(value: float, digits: int = 0, *, sign: bool = False) -> str:
    """A number with a true minus sign and thousands apart, a dash where undefined.

    >>> number(-1234.56, 1), number(0.04, 1, sign=True), number(float("nan"))
    ('−1,234.6', '0.0', '—')
    """
    if not math.isfinite(value):
        return NONE if math.isnan(value) else f"{MINUS if value < 0 else ''}\N{INFINITY}"
    text = f"{abs(value):,.{digits}f}"
    if not any(c in text for c in "123456789"):
        return text
    return (MINUS if value < 0 else "+" if sign else "") + text


def score(value: float, unit: Unit) -> str:
    """A score in its unit.

    >>> score(0.234, "share").split(), score(0.234, "score"), score(2.04, "seconds").split()
    (['23', '%'], '0.234', ['2.0', 's'])
    """
    if not math.isfinite(value):
        return number(value)
    if unit == "share":
        return f"{number(100 * value)}{HARD}%"
    return {
        "score": number(value, 3),
        "per_hour": f"{number(value, 1)}/h",
        "seconds": f"{number(value, 1)}{HARD}s",
    }[unit]


def difference(value: float, unit: Unit, *, sign: bool = True) -> str:
    """A difference of two scores without its unit: shares in points.

    >>> difference(0.18, "share"), difference(-0.014, "share"), difference(-0.031, "score")
    ('+18', '−1.4', '−0.031')
    """
    if unit == "share":
        points = 100 * value
        return number(points, 0 if abs(points) >= 10 else 1, sign=sign)
    return number(value, 3 if unit == "score" else 1, sign=sign)


def measure(unit: Unit) -> str:
    """What a difference is counted in."""
    return {"share": "points", "score": "", "per_hour": "per hour", "seconds": "s"}[unit]


def count(value: float, noun: str) -> str:
    """A number of things.

    >>> count(1, "recording"), count(1200, "conflict"), count(float("nan"), "conflict")
    ('1 recording', '1,200 conflicts', 'an unknown number of conflicts')
    """
    if not math.isfinite(value):
        return f"an unknown number of {noun}s"
    return f"{number(value)} {noun}{'' if value == 1 else 's'}"


def hours(value: float) -> str:
    """A duration of driving.

    >>> hours(1.84), hours(236.2), hours(float("nan"))
    ('1.8 hours', '236 hours', 'an unknown number of hours')
    """
    if not math.isfinite(value):
        return "an unknown number of hours"
    return f"{number(value, 1 if value < 100 else 0)} hours"


def percent(fraction: float | None) -> str:
    """A share of the real logs.

    >>> percent(0.05).split(), percent(0.125).split(), percent(None)
    (['5', '%'], ['12.5', '%'], '—')
    """
    return NONE if fraction is None else f"{100 * fraction:.3g}{HARD}%"


def listing(words: list[str]) -> str:
    """Words joined as in a sentence.

    >>> listing(["a", "b", "c"]), listing(["a", "b"]), listing(["a"])
    ('a, b and c', 'a and b', 'a')
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
