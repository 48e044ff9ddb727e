"""A frozen draw as a file of plain data: the concrete level, replayable bit for bit.

    closecall: concrete/1
    base: cut_in
    name: cut_in
    seed: 3
    episode: 17
    values:
      gap: 6.25
      headway: [1.2, 0.9]

Values are written so that they read back to the same bits; seed and episode are the key of all
noise in the run. So nothing else decides what happens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.base.dist.core import ROUNDING
from sim.base.document import Document, read_document
from sim.base.errors import UserError, expected, unknown
from sim.base.store import software_version
from sim.family.core import Draws, Family
from sim.family.quantity import Quantity
from sim.family.trial import check_scene
from sim.family.variant import (
    base_family,
    check_header,
    check_name,
    described_variant,
    description,
    with_distributions,
    write_yaml,
)

Floats = NDArray[np.float64]

CONCRETE = "concrete/1"
KEYS = (
    "closecall",
    "name",
    "base",
    "version",
    "title",
    "distributions",
    "correlations",
    "constraints",
    "expect",
    "fitted",
    "seed",
    "episode",
    "seconds",
    "values",
    "about",
)


@dataclass(frozen=True)
class Concrete:
    """One scenario of a family, all of it decided.

    Attributes:
        family: Its family, with the distributions it was drawn from.
        values: Quantity to its values, (1,) or (1, k).
        seed, episode: The key of the noise in its run.
        seconds: How long it runs [s].
        name: Of the family or variant that it came from.
        version: Of Closecall that wrote it; "" where it was not read.
        about: What else is known of it, such as what became of it.
    """

    family: Family
    values: Mapping[str, Floats]
    seed: int
    episode: int
    seconds: float
    name: str
    version: str = ""
    about: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def draws(self) -> Draws:
        """The one draw that it is."""
        return Draws(self.values, np.zeros(1))

    def told(self) -> str | None:
        """That another version wrote it, in a line; None where none did or nobody can say."""
        ours = software_version()
        if self.version in ("", ours) or "unknown" in (self.version, ours):
            return None
        return (
            f"{self.name}: written by version {self.version}, this is {ours}: it may not replay "
            "bit for bit"
        )


def save_concrete(concrete: Concrete, path: Path | str, *, comment: str = "") -> Path:
    """Write a concrete scenario file."""
    family = concrete.family
    described = description(family)
    if family.variant is None:
        described = {key: described[key] for key in ("distributions",) if key in described}
    content: dict[str, Any] = {
        "closecall": CONCRETE,
        "name": concrete.name,
        "base": family.name,
        "version": software_version(),
        "seed": concrete.seed,
        "episode": concrete.episode,
        "seconds": concrete.seconds,
        **described,
        "values": {name: values[0].tolist() for name, values in concrete.values.items()},
        "about": dict(concrete.about),
    }
    return write_yaml(
        {k: v for k, v in content.items() if v not in ({}, None)}, Path(path), comment
    )


def load_concrete(path: Path | str) -> Concrete:
    """Read a concrete scenario file.

    Raises:
        UserError: It is no such file, a value is missing, of the wrong count or not one that its
            distribution allows; told in one line with file, line and key.
    """
    document = read_document(Path(path))
    check_header(document, CONCRETE)
    document.check_keys(KEYS)
    family = _family(document)
    known = [q.name for q in family.quantities]
    for name in document.mapping("values"):
        if name not in known:
            raise unknown("quantity", name, known, where=document.place("values", name))
    values = {q.name: _value(document, q) for q in family.quantities}
    concrete = Concrete(
        family=family,
        values=MappingProxyType(values),
        seed=document.whole("seed"),
        episode=document.whole("episode"),
        seconds=_seconds(document, family.seconds),
        name=document.text("name", default=family.name),
        version=str(document.values.get("version", "")),
        about=document.mapping("about"),
    )
    with document.at("values"):
        check_scene(family, concrete.draws)
    return concrete


def _family(document: Document) -> Family:
    """The family, or its variant where the file has another name: constraints bind `shrink` too."""
    base = base_family(document)
    name = document.text("name", default=base.name)
    if name == base.name:
        return with_distributions(base, document, "distributions")
    with document.at("name"):
        check_name(name)
    return described_variant(document, base, name)


def _value(document: Document, quantity: Quantity) -> Floats:
    name, each = quantity.name, quantity.each
    where = document.place("values", name)
    given = document.mapping("values").get(name)
    if given is None:
        raise UserError(f"{where}: values.{name}: a value is needed, none came")
    numbers = given if isinstance(given, list) else [given]
    wanted = "a finite number" if each == 1 else f"a list of {each} finite numbers"
    sound = len(numbers) == each and all(_is_finite(number) for number in numbers)
    if not sound or isinstance(given, list) == (each == 1):
        raise expected(f"values.{name}", wanted, given, where=where)
    array = np.array([numbers], dtype=np.float64)
    near = quantity.dist.nearest(array)
    if (np.abs(array - near) > ROUNDING * np.maximum(np.abs(near), 1.0)).any():
        raise expected(f"values.{name}", quantity.dist.range, given, where=where)
    return near[:, 0] if each == 1 else near


def _is_finite(value: object) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and bool(np.isfinite(value))  # type: ignore[call-overload]


def _seconds(document: Document, usual: float) -> float:
    value = document.values.get("seconds", usual)
    if not _is_finite(value) or not 0 < value <= 3600 or abs(value * 10 - round(value * 10)) > 1e-6:
        where = document.place("seconds")
        raise expected("seconds", "tenths of a second in (0, 3600]", value, where=where)
    return float(value)
