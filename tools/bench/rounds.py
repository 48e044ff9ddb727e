"""All jobs in turn, round after round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from tools.bench.child import Child, MissingError, Result
from tools.bench.figures import Figure, Line, Side, figure

Starter = Callable[[], Child]


def measure(
    lines: Sequence[Line],
    starters: Mapping[str, Starter],
    rounds: int,
    say: Callable[[str], None],
) -> tuple[list[Figure], dict[str, str]]:
    """The figures, and the reasons of those that are missing.

    A side that several lines share is measured once a round. Sides follow each other in the
    order of the lines, so that ours and its peer are a second apart.

    Args:
        lines: What to measure.
        starters: How to start each child.
        rounds: How often.
        say: Told of progress.
    """
    children: dict[str, Child] = {}
    missing: dict[Side, str] = {}
    results: dict[Side, list[Result]] = defaultdict(list)
    sides = _sides(lines)
    try:
        broken = _start(sides, starters, children, say)
        for side in sides:
            if side.child in broken:
                missing[side] = broken[side.child]
            else:
                _try(side, missing, lambda s: children[s.child].setup(s.job))
        for r in range(rounds):
            say(f"round {r + 1} of {rounds}")
            for side, most in _sides(_possible(lines, missing)).items():
                if most is None or r < most:
                    _try(
                        side,
                        missing,
                        lambda s: results[s].append(children[s.child].round(s.job)),
                    )
    finally:
        for child in children.values():
            child.close()
    return _figures(lines, results, missing)


def _sides(lines: Sequence[Line]) -> dict[Side, int | None]:
    """Every side once, with the most rounds that any line wants of it."""
    out: dict[Side, int | None] = {}
    for line in lines:
        for side in (line.ours, line.peer):
            if side is None:
                continue
            before = out.get(side, 0)
            out[side] = None if line.rounds is None or before is None else max(before, line.rounds)
    return out


def _possible(lines: Sequence[Line], missing: Mapping[Side, str]) -> list[Line]:
    """The lines none of whose sides is missing."""
    return [line for line in lines if line.ours not in missing and line.peer not in missing]


def _start(
    sides: Mapping[Side, int | None],
    starters: Mapping[str, Starter],
    children: dict[str, Child],
    say: Callable[[str], None],
) -> dict[str, str]:
    """Start every child that is wanted; the reasons of those that would not start."""
    broken = {}
    for name in dict.fromkeys(side.child for side in sides):
        try:
            children[name] = starters[name]()
        except MissingError as reason:
            broken[name] = str(reason)
            say(f"missing: {reason}")
    return broken


def _try(side: Side, missing: dict[Side, str], work: Callable[[Side], None]) -> None:
    try:
        work(side)
    except MissingError as reason:
        missing[side] = str(reason)


def _figures(
    lines: Sequence[Line], results: Mapping[Side, list[Result]], missing: Mapping[Side, str]
) -> tuple[list[Figure], dict[str, str]]:
    figures, reasons = [], {}
    for line in lines:
        pair = [side for side in (line.ours, line.peer) if side is not None]
        gone = [missing[side] for side in pair if side in missing]
        if gone:
            reasons[line.name] = gone[0]
            continue
        ours, *peer = [results[side] for side in pair]
        figures.append(figure(line, *_same_rounds(ours, peer[0] if peer else [])))
    return figures, reasons


def _same_rounds(ours: list[Result], peer: list[Result]) -> tuple[list[Result], list[Result]]:
    """The rounds that both did; a shared side may have done more than a line asks for."""
    n = min(len(ours), len(peer)) if peer else len(ours)
    return ours[:n], peer[:n]
