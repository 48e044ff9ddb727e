"""The table of figures: `python -m tools.estimation [--seeds 200] [--only PART-OF-A-NAME]`.

The first seed is 1000: thresholds were set while looking at the problems with seeds from 0 on."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from tools.estimation.catalogue import REQUIRED, known, wide
from tools.estimation.measure import Score, measure
from tools.estimation.problems import Problem

HEAD = (
    "| problem | d | probability | relative RMSE | bias | covered (95 % of it) | calls "
    "| flagged | fell back | wrong, no flag | modes |\n" + 11 * "|---" + "|"
)


def main() -> None:
    """Measure problem by problem and print a line of the table for each."""
    args = _arguments()
    print(HEAD, flush=True)
    for problem in chosen(args.group, args.only):
        how = {"target": args.target, "calls": args.calls, "first": args.first}
        print(row(measure(problem, args.seeds, **how)), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.estimation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first", type=int, default=1000, help="first seed")
    parser.add_argument("--group", choices=("required", "known", "wide"), default="known")
    parser.add_argument("--only", default="", help="part of a name")
    parser.add_argument("--target", type=float, default=0.05)
    parser.add_argument("--calls", type=int, default=10_000)
    return parser.parse_args()


def chosen(group: str, only: str) -> Iterator[Problem]:
    """The problems of a group with `only` in their names."""
    for problem in wide() if group == "wide" else known():
        asked = group != "required" or problem.name.startswith(REQUIRED)
        if asked and only in problem.name:
            yield problem


def row(score: Score) -> str:
    """One line of the table."""
    low, high = score.coverage_interval
    return (
        f"| {score.problem.name} | {score.problem.dim} | {score.problem.probability:.3g} "
        f"| {score.rrmse:.1%} | {score.bias:+.1%} | {score.covered:.3f} ({low:.2f}-{high:.2f}) "
        f"| {score.calls:,.0f} | {score.flagged:.1%} | {score.fell_back:.1%} "
        f"| {score.unflagged:.1%} | {score.modes:.0f} |"
    )


if __name__ == "__main__":
    main()
