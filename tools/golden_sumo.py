"""Trajectories of a platoon under SUMO's IDM, to compare ours with: `python tools/golden_sumo.py`.

Run by hand where libsumo and eclipse-sumo are installed; neither is needed to run the tests,
which read what this wrote. Eight vehicles follow a leader whose speed is imposed: 25 m/s, from
5 s on braking at 3 m/s² to 10 m/s, from 15 s on back to 25 m/s at 1.5 m/s². SUMO runs with both
of its integrators, at 0.1 s: there its IDM makes one step of its own a step (`stepping` 0.25 s).
"""

from __future__ import annotations

import argparse
import csv
import platform
import subprocess
import tempfile
from pathlib import Path

import libsumo
import sumo

OUT = Path(__file__).resolve().parents[1] / "tests" / "data" / "sumo_idm_platoon.csv"
STEP_S, SECONDS, KEPT_EVERY = 0.1, 50.0, 5
FOLLOWERS, GAP_M, LENGTH_M, SPEED = 8, 40.0, 4.5, 25.0
IDM = 'accel="1.4" decel="2.0" tau="1.4" minGap="2.0" maxSpeed="33.3" delta="4"'

NODES = '<nodes><node id="a" x="0" y="0"/><node id="b" x="9000" y="0"/></nodes>'
EDGES = '<edges><edge id="ab" from="a" to="b" numLanes="1" speed="60"/></edges>'


def lead_speed(t: float) -> float:
    """The imposed speed at time t [m/s]."""
    braked = SPEED - 3.0 * min(max(t - 5.0, 0.0), 5.0)
    return braked + 1.5 * min(max(t - 15.0, 0.0), 10.0)


def routes() -> str:
    """The platoon, front to back; `departPos` is that of the front bumper."""
    first = 9000.0 - 60.0 * SECONDS
    lines = [
        f'<vType id="idm" carFollowModel="IDM" length="{LENGTH_M}" {IDM} '
        'speedFactor="1" speedDev="0" sigma="0" emergencyDecel="9"/>',
        f'<vType id="lead" length="{LENGTH_M}" accel="9" decel="9" maxSpeed="60" '
        'speedFactor="1" speedDev="0"/>',
        '<route id="r" edges="ab"/>',
    ]
    for k in range(FOLLOWERS + 1):
        place = first - k * (GAP_M + LENGTH_M)
        lines.append(
            f'<vehicle id="{k}" type="{"idm" if k else "lead"}" route="r" depart="0" '
            f'departPos="{place}" departSpeed="{SPEED}" insertionChecks="none"/>'
        )
    return f"<routes>{''.join(lines)}</routes>"


def run(folder: Path, method: str) -> list[list[str]]:
    """Rows of one integrator: its name, t, then x and v of each, leader first."""
    command = ["sumo", "-n", str(folder / "net.xml"), "-r", str(folder / "routes.xml")]
    command += ["--step-length", str(STEP_S), "--no-step-log", "true", "--no-warnings", "true"]
    command += ["--time-to-teleport", "-1", "--collision.action", "none"]
    if method == "ballistic":
        command += ["--step-method.ballistic", "true"]
    libsumo.start(command)
    libsumo.simulationStep()  # at its end they are put on the road: the time is 0 there
    names = [str(k) for k in range(FOLLOWERS + 1)]
    libsumo.vehicle.setSpeedMode("0", 0)
    origin = libsumo.vehicle.getLanePosition("0")
    rows = []
    for step in range(round(SECONDS / STEP_S) + 1):
        if step % KEPT_EVERY == 0:
            row = [method, f"{step * STEP_S:.1f}"]
            for name in names:
                row.append(f"{libsumo.vehicle.getLanePosition(name) - origin:.4f}")
                row.append(f"{libsumo.vehicle.getSpeed(name):.4f}")
            rows.append(row)
        libsumo.vehicle.setSpeed("0", lead_speed((step + 1) * STEP_S))
        libsumo.simulationStep()
    libsumo.close()
    return rows


def main() -> None:
    """Build the road, run both integrators, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    out = parser.parse_args().out
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, text in (("n.nod", NODES), ("e.edg", EDGES), ("routes", routes())):
            (folder / f"{file}.xml").write_text(text)
        netconvert = Path(sumo.SUMO_HOME) / "bin" / "netconvert"
        subprocess.run(
            [
                *(netconvert, "-n", folder / "n.nod.xml", "-e", folder / "e.edg.xml"),
                *("-o", folder / "net.xml", "--precision", "6"),
            ],
            check=True,
            capture_output=True,
        )
        rows = [row for method in ("euler", "ballistic") for row in run(folder, method)]
    users = range(FOLLOWERS + 1)
    header = ["method", "t_s"] + [f"{what}{k}" for k in users for what in ("x", "v")]
    with out.open("w", newline="") as file:
        file.write(
            f"# {libsumo.getVersion()[1]}, Python {platform.python_version()}: "
            "python tools/golden_sumo.py\n"
            f"# vType IDM {IDM}; x of front bumpers from the leader's first [m], v [m/s]\n"
        )
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
