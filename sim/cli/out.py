"""Where a verb's results go."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from sim.base.errors import safe
from sim.base.store import claim_folder, write_text

CONFIG_FILE = "config.yaml"


def result_folder(out: Path | None, verb: str) -> Path:
    """The folder a verb writes to: `out`, or a new one below `runs/`.

    Raises:
        UserError: `out` holds something already.
    """
    return claim_folder(out if out is not None else fresh_folder(verb))


def save_config(folder: Path, config: str) -> None:
    """Keep the resolved configuration beside the results that it made."""
    write_text(config, folder / CONFIG_FILE)


def tell(line: str | None) -> None:
    """Say something that the user should know and that stops nothing."""
    if line is not None:
        print(f"closecall: {safe(line)}", file=sys.stderr)


def fresh_folder(verb: str) -> Path:
    """A name below `runs/` that nothing has yet."""
    stamp = datetime.now(tz=UTC).strftime("%Y%m%dT%H%M%SZ")
    base = Path("runs") / f"{verb}-{stamp}"
    folder, number = base, 2
    while folder.exists():
        folder, number = base.with_name(f"{base.name}-{number}"), number + 1
    return folder
