"""Check that scenario families, or a scenario file, keep what they promise.

Simulates episodes and asks: do scenes start sound, is every episode the same alone and among
others, does every quantity matter, is danger as frequent as stated, and do the family's own
expectations hold? Exit code 2 if anything does not.

Examples:
  closecall check cut_in
  closecall check my_variant.yaml n=2000
  closecall check
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

from sim.base.errors import UserError, expected
from sim.config.build import build_family
from sim.family import Family, load_families
from sim.family.text import table
from sim.sampling.check import Finding, check, failed
from sim.sampling.limits import check_whole

POSITIONAL = "scenario"

MOST_CHECKED = 20_000
"""Episodes: they are all held at once, some 100 kB each."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Keys of `closecall check`.

    Attributes:
        scenario: The family or scenario file; null takes every family.
        n: Episodes of each.
        seed: Of draws and noise.
    """

    scenario: dict[str, Any] | None = None
    n: int = 500
    seed: int = 0

    def __post_init__(self) -> None:
        check_whole("n", self.n, least=20, most=MOST_CHECKED)
        if self.seed < 0:
            raise expected("seed", "a whole number, at least 0", self.seed)


def run(settings: Settings, config: str) -> None:
    """Check; raises `UserError` where a promise is not kept."""
    if settings.scenario is not None:
        families = [build_family(settings.scenario)]
    else:
        families = [kind() for kind in load_families().values()]
    wrong = [error for family in families if (error := _checked(family, settings)) is not None]
    if len(wrong) == 1:
        raise wrong[0]
    if wrong:
        names = ", ".join(str(error).split(":")[0] for error in wrong)
        raise UserError(f"{len(wrong)} of {len(families)} families fail checks: {names}")


def _checked(family: Family, settings: Settings) -> UserError | None:
    findings = check(family, n=settings.n, seed=settings.seed)
    print(f"{family.terms.name}\n{_told(findings)}\n")
    sys.stdout.flush()
    return failed(findings, family.terms.name)


def _told(findings: list[Finding]) -> str:
    return table([("  ok" if f.ok else "  NO", f.name, f.detail) for f in findings])
