"""Write a scenario family to start from, or a variant of one as a file of plain data.

A family is a Python file. In a checkout it goes to `scenarios/` and is found there; elsewhere it
goes to `families/`, and CLOSECALL_FAMILIES=families lets every verb find it. A variant is a YAML
file that other verbs take in place of a family's name.

Examples:
  closecall new brake_check
  closecall new wet_cut_in --yaml base=cut_in
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from sim.base.errors import UserError, expected
from sim.base.store import write_text
from sim.family import Family, Terms, load_families
from sim.family.discover import FOLDERS
from sim.family.terms import NAME
from sim.family.variant import family_named, variant_text

POSITIONAL = "name"
PATHS = ("out", "name")
SWITCHES = ("yaml",)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Keys of `closecall new`.

    Attributes:
        name: Of the new family or variant.
        yaml: Whether to write a variant; `--yaml` says the same.
        base: The family that a variant is of; null takes cut_in.
        out: The file; null takes NAME.py or NAME.yaml where such files are looked for.
    """

    name: str
    yaml: bool = False
    base: str | None = None
    out: Path | None = None

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise expected("name", "small letters, digits and _, a letter first", self.name)
        if self.base is not None and not self.yaml:
            raise UserError(f"base: only a variant has one; add --yaml, or leave out {self.base!r}")


def run(settings: Settings, config: str) -> Path:
    """Write; returns the file."""
    known = load_families()
    if settings.name in known:
        raise UserError(f"name: a family is called {settings.name!r} already; choose another name")
    out = settings.out or _place(settings)
    if out.exists():
        raise expected("out", "a file that is not there yet", str(out))
    if settings.yaml:
        text = _variant(family_named(settings.base or "cut_in"), settings.name)
    else:
        text = _family(settings.name)
    write_text(text, out)
    print(_next(settings, out), file=sys.stderr)
    return out


def _place(settings: Settings) -> Path:
    if settings.yaml:
        return Path(f"{settings.name}.yaml")
    if Path("scenarios/__init__.py").is_file():
        return Path("scenarios") / f"{settings.name}.py"
    own = [name for name in os.environ.get(FOLDERS, "").split(os.pathsep) if name]
    return Path(own[0] if own else "families") / f"{settings.name}.py"


def _family(name: str) -> str:
    template = files("sim.cli") / "templates" / "family.py.txt"
    words = "".join(word.capitalize() for word in name.split("_"))
    text = template.read_text(encoding="utf-8")
    return text.replace("{name}", name).replace("{type}", words)


def _variant(base: Family, name: str) -> str:
    terms = Terms(name=name, title=f"A variant of {base.name}", danger=base.terms.danger)
    return variant_text(base, terms)


def _next(settings: Settings, out: Path) -> str:
    what = str(out) if settings.yaml else settings.name
    told = f"next: closecall preview {what}; closecall check {what}"
    if settings.yaml or out.parent.name == "scenarios" or os.environ.get(FOLDERS):
        return told
    return f"export {FOLDERS}={out.parent}\n{told}"
