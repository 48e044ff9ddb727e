"""A fitted mix in plain text, for people in a terminal."""

from __future__ import annotations

from sim.calibrate.lead_profiles import MARGINALS
from sim.calibrate.mix import Mix
from sim.family.text import table


def mix_text(mix: Mix) -> str:
    """How much of each family, and how close that comes to the recorded leads."""
    shares = [("family", "episodes", "near-crashes")]
    for name in sorted(mix.shares, key=lambda name: -mix.near_crashes[name]):
        shares.append((name, f"{mix.shares[name]:.3f}", f"{mix.near_crashes[name]:.3f}"))
    distances = [("lead", "unit", "KS, even mix", "KS, fitted")]
    for name, (unit, _) in MARGINALS.items():
        distances.append((name, unit, f"{mix.ks_even[name]:.3f}", f"{mix.ks[name]:.3f}"))
    even, fitted = mix.energy_even, mix.energy
    distances.append(("energy distance", "", f"{2.0 * even:.3f}", f"{2.0 * fitted:.3f}"))
    head = f"mix of {len(mix.shares)} families fitted to the leads of {mix.events} events"
    left = [f"{name} left out: {why}" for name, why in mix.left.items()]
    return "\n\n".join([head, table(shares), table(distances), *left])
