"""An environment of its own for each peer, with the versions in its requirements file."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from pathlib import Path

from tools.bench.child import HOME, MissingError

PEERS = Path(__file__).parent / "peers"


def requirements(peer: str) -> dict[str, str]:
    """The pinned versions by package."""
    lines = (PEERS / f"{peer}.txt").read_text(encoding="utf-8").split("\n")
    pins = [line.split("#")[0].strip() for line in lines]
    return dict(pin.split("==") for pin in pins if pin)


def environment(peer: str) -> Path:
    """The interpreter of a peer's environment, made anew when its requirements have changed.

    Raises:
        MissingError: It cannot be installed here: no wheel for this Python, or no network.
    """
    folder = HOME / peer
    python = folder / "bin/python"
    stamp = folder / "installed.txt"
    pins = "".join(f"{name}=={version}\n" for name, version in requirements(peer).items())
    wanted = f"{platform.python_version()}\n{pins}"
    if python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    HOME.mkdir(exist_ok=True)
    # Wheels only, and no dependencies but those pinned: a peer's plotting or map parts need not
    # build here for its engine to be measured.
    flags = ["--no-deps", "--only-binary", ":all:", "-r", str(PEERS / f"{peer}.txt")]
    if shutil.which("uv"):
        _run(peer, ["uv", "venv", "-q", "--python", sys.executable, str(folder)])
        _run(peer, ["uv", "pip", "install", "-q", "--python", str(python), *flags])
    else:
        _run(peer, [sys.executable, "-m", "venv", str(folder)])
        pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        _run(peer, [*pip, "--retries", "1", *flags])
    stamp.write_text(wanted, encoding="utf-8")
    return python


def _run(peer: str, command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        errors = [line for line in lines if line.lower().startswith("error")]
        said = (errors or lines)[-1]
        raise MissingError(f"{peer} cannot be installed here (no network, or no wheel?): {said}")
