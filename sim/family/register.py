"""The registry of families, fed by the definitions themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from difflib import get_close_matches
from inspect import get_annotations
from typing import TypeVar, dataclass_transform

from sim.base.errors import UserError, expected
from sim.base.registry import Registry
from sim.family.check import check_dense
from sim.family.core import Draws, Family
from sim.family.quantity import quantity
from sim.family.terms import NAME, OUTCOMES

RESERVED = {name for kind in (Family, Draws) for name in (*vars(kind), *kind.__annotations__)}
RESERVED |= OUTCOMES.keys()
"""Names that families, draws and expectations need for themselves."""

FAMILIES: Registry[type[Family]] = Registry("family")

STATED = {name for name in Family.__annotations__ if name not in ("name", "variant")}
"""What a class may state of itself."""
ALIKE = 0.85
"""From this ratio of difflib's on a name is a misspelt one: `alwys`, `constraint`, `tag`."""

F = TypeVar("F", bound=Family)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(quantity,))
def register(name: str) -> Callable[[type[F]], type[F]]:
    """Make a subclass of Family a frozen dataclass and enter it under `name`.

    Raises:
        UserError: It has no docstring, no quantity, a field that is no quantity, an impossible
            name or another's, an attribute that is almost one of a family's, or terms that do
            not fit its quantities.
    """

    def enter(cls: type[F]) -> type[F]:
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise expected("family", "small letters, digits and _, a letter first", name)
        if name in FAMILIES:
            raise UserError(f"family {name}: another family has that name already")
        if not issubclass(cls, Family):
            raise expected(f"family {name}", "a subclass of Family", cls.__name__)
        if "variant" in get_annotations(cls):
            raise UserError(f"family {name}: a quantity cannot be called 'variant'")
        if not (cls.__doc__ or "").strip():
            raise UserError(f"family {name}: the class needs a docstring: a title and a sketch")
        family = dataclass(frozen=True, kw_only=True)(cls)
        family.name = name
        declared = [f for f in fields(family) if f.name != "variant"]
        if not declared:
            raise UserError(f"family {name}: declares no quantity (name: Dist = quantity(...))")
        for f in declared:
            if f.name in RESERVED:
                raise UserError(f"family {name}: a quantity cannot be called {f.name!r}")
            if "unit" not in f.metadata:
                raise expected(f"family {name}: {f.name}", "a field made by quantity(...)", f.type)
        _check_spelling(family)
        check_dense(family())
        FAMILIES.register(name)(family)
        return family

    return enter


def _check_spelling(family: type[Family]) -> None:
    """A misspelt attribute would have no effect; what is nothing like one is the author's own."""
    own = [kind for kind in family.__mro__ if kind not in Family.__mro__]
    quantities = {f.name for f in fields(family)}
    for name in sorted({name for kind in own for name in vars(kind)} - STATED - quantities):
        near = get_close_matches(name, STATED, n=1, cutoff=ALIKE)
        if near and not name.startswith("_"):
            raise UserError(f"family {family.name}: {name}: did you mean {near[0]!r}?")
