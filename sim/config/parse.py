"""From a tree of plain values to a typed settings object, or to one line that says why not."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from sim.base.errors import UserError, expected, unknown

T = TypeVar("T")


def parse(cls: type[T], values: Mapping[str, Any], *, where: str = "") -> T:
    """Build a settings dataclass from plain values.

    Args:
        cls: A frozen dataclass, whose fields may be such dataclasses again.
        values: What the user wrote, as mappings, lists, strings and numbers.
        where: The file it came from, for the message.

    Raises:
        UserError: An unknown or missing key, a wrong type, or a value that the settings'
            own checks refuse.
    """
    try:
        built: T = _adapter(cls).validate_python(dict(values))
        return built
    except ValidationError as error:
        raise _explain(cls, error.errors()[0], where) from None
    except UserError as error:  # from the settings' own checks, which name the whole key
        raise UserError(f"{where}: {error}" if where else str(error)) from None


def _adapter(cls: type) -> TypeAdapter[Any]:
    for part in _dataclasses_in(cls):
        if "__pydantic_config__" not in part.__dict__:
            part.__pydantic_config__ = ConfigDict(extra="forbid", arbitrary_types_allowed=True)  # type: ignore[attr-defined]
    return TypeAdapter(cls)


def _dataclasses_in(cls: type) -> Iterator[type]:
    yield cls
    for field in dataclasses.fields(cls):
        default = field.default
        if field.default_factory is not dataclasses.MISSING:
            default = field.default_factory()
        if dataclasses.is_dataclass(default) and not isinstance(default, type):
            yield from _dataclasses_in(type(default))


def _explain(cls: type, detail: ErrorDetails, where: str) -> UserError:
    place = [str(part) for part in detail["loc"] if not str(part).startswith("function-")]
    key = ".".join(place) or cls.__name__.lower()
    if detail["type"] == "unexpected_keyword_argument":
        return unknown("key", key, _keys(cls, place[:-1]), where=where)
    if detail["type"] in ("missing", "missing_argument", "missing_keyword_only_argument"):
        return UserError(f"{where + ': ' if where else ''}{key}: a value is needed, none came")
    wanted = detail["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    wanted = wanted.split(", unable to parse")[0]
    if detail["type"] in ("tuple_type", "list_type"):
        wanted = f"a list such as [{detail['input']}]"
    return expected(key, wanted, detail["input"], where=where)


def _keys(cls: type, path: list[str]) -> list[str]:
    prefix = ""
    for name in path:
        field = next(f for f in dataclasses.fields(cls) if f.name == name)
        factory = field.default_factory
        default = field.default if factory is dataclasses.MISSING else factory()
        cls, prefix = type(default), f"{prefix}{name}."
    return [prefix + field.name for field in dataclasses.fields(cls)]
