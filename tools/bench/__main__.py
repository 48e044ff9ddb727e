"""Measure ours and the peers in turn and write what came of it: `python -m tools.bench`."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tools.bench.child import ROOT, Child
from tools.bench.environments import environment, requirements
from tools.bench.figures import Figure, Line
from tools.bench.page import page, told
from tools.bench.plan import plan
from tools.bench.rounds import Starter, measure

PEERS = {
    "sumo": "libsumo",
    "highway": "highway-env",
    "crdc": "commonroad-drivability-checker",
    "scenic": "scenic",
}
LEAST_ROUNDS = 5


def starters() -> dict[str, Starter]:
    """How each child is started."""
    here = Path(sys.executable)

    def peer(name: str) -> Starter:
        return lambda: Child(name, environment(name), ["-m", f"tools.bench.peers.{name}"])

    return {
        "ours": lambda: Child("ours", here, ["-m", "tools.bench.jobs"]),
        "ours, two threads": lambda: Child("ours2", here, ["-m", "tools.bench.jobs"], threads=2),
        "cold": lambda: Child("cold", here, ["-m", "tools.bench.cold"]),
        **{name: peer(name) for name in PEERS},
    }


def versions() -> dict[str, str]:
    """Of Python, of what ours stands on, and of the peers."""
    out = {"python": platform.python_version(), "processor": _processor()}
    out |= {name: version(name) for name in ("numpy", "numba")}
    return out | {package: requirements(peer)[package] for peer, package in PEERS.items()}


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def as_json(
    figures: Sequence[Figure], missing: Mapping[str, str], stands_on: Mapping[str, str]
) -> dict[str, Any]:
    """What bench.json holds."""
    return {
        "figures": [asdict(figure) for figure in figures],
        "missing": [{"name": name, "reason": reason} for name, reason in missing.items()],
        "versions": dict(stands_on),
    }


def chosen(lines: Sequence[Line], words: Sequence[str]) -> list[Line]:
    """The lines whose name holds one of the words; all without words."""
    return [line for line in lines if not words or any(word in line.name for word in words)]


def main() -> int:
    """Measure, print and write; 1 when there is no figure at all."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help=f"at least {LEAST_ROUNDS}")
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="part of a figure's name"
    )
    parser.add_argument("--out", type=Path, default=Path("bench.json"))
    options = parser.parse_args()
    rounds = max(LEAST_ROUNDS, options.rounds)
    lines = plan()
    some = chosen(lines, options.only)
    if not some:
        known = "\n".join(line.name for line in lines)
        parser.error(f"no figure's name holds {', '.join(options.only)}; they are:\n{known}")
    figures, missing = measure(some, starters(), rounds, lambda text: print(text, file=sys.stderr))
    for figure in figures:
        print(told(figure))
    for name, reason in missing.items():
        print(f"missing: {name}: {reason}")
    stands_on = versions()
    content = as_json(figures, missing, stands_on)
    options.out.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    print(options.out)
    if not options.only:
        target = ROOT / "docs" / "bench.md"
        target.write_text(page(lines, figures, missing, stands_on, rounds), encoding="utf-8")
        print(target.relative_to(ROOT))
    return 0 if figures else 1


if __name__ == "__main__":
    sys.exit(main())
