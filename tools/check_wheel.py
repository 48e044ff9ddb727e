"""Build the wheel, install it into an empty folder, and use it from another one.

A checkout can work while its wheel does not: a package, the configuration or an entry point
may be left out. Nothing of the checkout is on the path of the commands run here.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = (
    ["list"],
    ["describe", "cut_in"],
    ["generate", "scenario=cut_in", "n=8", "out=run"],
    ["featurize", "run", "out=features"],
    ["replay", "run", "record=moment.png"],
    ["study", "--cfg", "job"],
    ["new", "mine"],
    ["new", "wet", "--yaml"],
    ["describe", "wet.yaml"],
)


def main() -> int:
    """Exit code 0 when every command of the installed wheel worked."""
    with tempfile.TemporaryDirectory(prefix="closecall-wheel-") as temporary:
        base = Path(temporary)
        wheel = _build(base / "dist")
        _check_content(wheel)
        site = base / "site"
        _python("-m", "pip", "install", "-q", "--no-deps", "--disable-pip-version-check",
                "--target", str(site), str(wheel))  # fmt: skip
        work = base / "elsewhere"
        work.mkdir()
        _check_origin(site, work)
        for command in COMMANDS:
            _closecall(site, work, command)
    print(f"wheel: {wheel.name} passed {len(COMMANDS)} commands from an empty folder")
    return 0


def _build(folder: Path) -> Path:
    _python("-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT))
    return next(folder.glob("*.whl"))


def _check_content(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for needed in ("sim/conf/study.yaml", "sim/py.typed", "scenarios/cut_in.py"):
        if needed not in names:
            raise SystemExit(f"wheel: {needed} is missing from {wheel.name}")
    for name in names:
        if name.split("/")[0] not in ("sim", "scenarios") and ".dist-info/" not in name:
            raise SystemExit(f"wheel: {name} does not belong into {wheel.name}")


def _check_origin(site: Path, work: Path) -> None:
    code = "import sim, scenarios; print(sim.__file__); print(scenarios.__file__)"
    shown = _run([sys.executable, "-P", "-c", code], site, work).split()
    for path in shown:
        if not Path(path).is_relative_to(site):
            raise SystemExit(f"wheel: imported {path} instead of the installed package")


def _closecall(site: Path, work: Path, command: list[str]) -> None:
    _run([sys.executable, "-P", "-m", "sim.cli.main", *command], site, work)


def _run(command: list[str], site: Path, work: Path) -> str:
    done = subprocess.run(
        command,
        cwd=work,
        env={**os.environ, "PYTHONPATH": str(site), "SDL_VIDEODRIVER": "dummy"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        shown = " ".join(command)
        raise SystemExit(f"wheel: {shown} ended with {done.returncode}\n{done.stderr}")
    return done.stdout


def _python(*arguments: str) -> None:
    quiet = subprocess.DEVNULL if arguments[1] == "build" else None
    subprocess.run([sys.executable, *arguments], check=True, stdout=quiet)


if __name__ == "__main__":
    sys.exit(main())
