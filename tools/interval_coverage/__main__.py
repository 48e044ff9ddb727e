"""Do 95 % intervals hold the truth? `python -m tools.interval_coverage [--sims 400] [--write]`.

Prints a line for each kind of site; with `--write` the table replaces that of
docs/statistics.md. 400 samples of each of 25 sites take a quarter of an hour on one core.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from tools.interval_coverage.cells import EVENTS, METRICS, PLACES, Cell, measure, place_of

PAGE = Path(__file__).parents[2] / "docs" / "statistics.md"
START, END = "<!-- coverage -->", "<!-- /coverage -->"
HEAD = (
    f"| recordings | events | unit | identified | {' | '.join(METRICS)} "
    f"| {' | '.join(f'Δ {name}' for name in METRICS)} | percentiles |\n"
    f"|---|---|---|---|{'---|' * (2 * len(METRICS) + 1)}"
)


def main() -> None:
    """Measure site by site."""
    args = _arguments()
    lines = [HEAD]
    print(HEAD, flush=True)
    for name in PLACES:
        for events in EVENTS:
            how = {"resamples": args.resamples, "copies": args.copies, "seed": args.seed}
            lines.append(row(name, measure(place_of(name, events), args.sims, **how)))
            print(lines[-1], flush=True)
    if args.write:
        head, rest = PAGE.read_text(encoding="utf-8").split(START)
        table = "\n".join(lines)
        PAGE.write_text(f"{head}{START}\n{table}\n{END}{rest.split(END)[1]}", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.interval_coverage", description=__doc__)
    parser.add_argument("--sims", type=int, default=400)
    parser.add_argument("--resamples", type=int, default=300)
    parser.add_argument("--copies", type=int, default=250, help="samples in the truth")
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--write", action="store_true", help="into docs/statistics.md")
    return parser.parse_args()


def row(name: str, cell: Cell) -> str:
    """One line of the table: coverage (mean width)."""
    shares = []
    for metric in METRICS:
        both = [(metric, "first"), (metric, "second")]
        covered = np.mean([cell.covered[key] for key in both])
        shares.append(f"{covered:.3f} ({np.mean([cell.width[key] for key in both]):.2f})")
    keys = [(metric, "difference") for metric in METRICS]
    gains = [f"{cell.covered[key]:.3f} ({cell.width[key]:.2f})" for key in keys]
    plain = min(cell.percentile.values()), max(cell.percentile.values())
    return (
        f"| {name} | {cell.place.events} | {cell.unit} | {cell.identified:.2f} "
        f"| {' | '.join(shares)} | {' | '.join(gains)} | {plain[0]:.2f}-{plain[1]:.2f} |"
    )


if __name__ == "__main__":
    main()
