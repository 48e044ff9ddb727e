"""Settings from plain values: what is wrong is told in one line that names the key."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest

from sim.base.errors import UserError, expected
from sim.config.parse import parse


@dataclass(frozen=True, kw_only=True)
class Inner:
    kind: Literal["a", "b"] = "a"
    sizes: tuple[float, ...] = (1.0,)
    n: int = 1

    def __post_init__(self) -> None:
        if self.n < 1:
            raise expected("inner.n", "at least 1", self.n)


@dataclass(frozen=True, kw_only=True)
class Outer:
    name: str
    inner: Inner = field(default_factory=Inner)
    out: Path | None = None


def test_parse_builds_nested_settings_with_their_types() -> None:
    got = parse(Outer, {"name": "x", "inner": {"sizes": [1, 2]}, "out": "/tmp/y"})
    assert got == Outer(name="x", inner=Inner(sizes=(1.0, 2.0)), out=Path("/tmp/y"))


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"name": "x", "inner": {"kind": "c"}}, "inner.kind: expected 'a' or 'b', got 'c'"),
        ({"name": "x", "inner": {"n": 0}}, "inner.n: expected at least 1, got 0"),
        ({"name": "x", "inner": {"m": 0}}, "did you mean 'inner.n'?"),
        ({"name": "x", "inner": {"sizes": [1, "q"]}}, "inner.sizes.1: expected a valid number"),
        ({"inner": {}}, "name: a value is needed, none came"),
        ({"name": "x", "inner": 3}, "inner: expected"),
    ],
)
def test_parse_names_key_expected_and_actual(values: dict[str, object], told: str) -> None:
    with pytest.raises(UserError) as caught:
        parse(Outer, values, where="file.yaml")
    assert told in str(caught.value)
    assert str(caught.value).startswith("file.yaml: ")
    assert "\n" not in str(caught.value)
