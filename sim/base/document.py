"""Files of plain data written by people: YAML without its traps, each key with its line.

What came from someone else is data, never code: no tags, no anchors and aliases (ten lines of
them unfold to gigabytes), no merge keys, no key twice; numbers and words as in YAML 1.2, so that
`on` and `no` stay words and 1e-3 is a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sim.base.errors import UserError, expected, unknown

BYTES, DEPTH, NODES = 100_000, 12, 5_000
"""Largest file, deepest nesting, and most keys and values: a scenario with 11 drivers needs 10 kB,
4 levels and 400. Hostile ones of 1 MB took half a minute to read."""

SUFFIXES = (".yaml", ".yml")

UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]|\$\{|[\ud800-\udfff]")
"""What no text holds: what terminals obey, what Hydra would look up, and half characters."""

Key = tuple[str | int, ...]
_SCALARS: dict[str, Callable[[str], Any]] = {
    "str": str,
    "int": int,
    "float": lambda text: float(text.lower().replace(".inf", "inf").replace(".nan", "nan")),
    "bool": lambda text: text == "true",
    "null": lambda _: None,
}


class _Loader(yaml.SafeLoader):
    """Resolves plain words as YAML 1.2's core schema does."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - yaml's own way to extend it


for _name, _form, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", ["n", "~", ""]),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan",
        "-+.0123456789",
    ),
):
    _pattern = re.compile(rf"^(?:{_form})$")
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", _pattern, list(_first))


@dataclass(frozen=True)
class Document:
    """What a file says, and where.

    Attributes:
        path: The file.
        values: Plain dicts, lists, words and numbers.
        lines: The line of each key, by its path from the top.
    """

    path: Path
    values: dict[str, Any]
    lines: dict[Key, int]

    def place(self, *key: str | int) -> str:
        """File and line of a key, or of the nearest key above it."""
        while key and key not in self.lines:
            key = key[:-1]
        return f"{self.path}:{self.lines.get(key, 1)}"

    @contextmanager
    def at(self, *key: str | int) -> Iterator[None]:
        """Errors raised inside are told with file and line of this key."""
        try:
            yield
        except UserError as error:
            raise UserError(f"{self.place(*key)}: {error}") from None

    def check_keys(self, known: Iterable[str], *key: str | int) -> None:
        """Raise `UserError` for a key at the top, or below `key`, that is not known."""
        names = list(known)
        for name in self.mapping(*key):
            if name not in names:
                raise unknown("key", name, names, where=self.place(*key, name))

    def mapping(self, *key: str | int) -> dict[str, Any]:
        """The mapping at a key, {} if it is not there; raises `UserError` for anything else."""
        found: dict[str, Any] = self._of(dict, "a mapping of names to values", {}, *key)
        return found

    def sequence(self, *key: str | int) -> list[Any]:
        """The list at a key, [] if it is not there; raises `UserError` for anything else."""
        found: list[Any] = self._of(list, "a list", [], *key)
        return found

    def text(self, *key: str | int, default: str | None = None) -> str:
        """The word at a key; raises `UserError` for anything else or if it is needed."""
        if default is None and self._find(key) is None:
            raise UserError(f"{self.place(*key)}: {_dotted(key)}: a value is needed, none came")
        return str(self._of(str, "text", default, *key))

    def whole(self, *key: str | int) -> int:
        """The whole number of at least 0 at a key; raises `UserError` for anything else."""
        value = self._of(int, "a whole number", None, *key)
        if value is None or value < 0:
            raise expected(
                _dotted(key), "a whole number of at least 0", value, where=self.place(*key)
            )
        return int(value)

    def _of(self, kind: type, wanted: str, default: Any, *key: str | int) -> Any:
        value = self._find(key)
        if value is None:
            return default
        if not isinstance(value, kind) or isinstance(value, bool):
            raise expected(_dotted(key), wanted, value, where=self.place(*key))
        return value

    def _find(self, key: Key) -> Any:
        value: Any = self.values
        for part in key:
            value = value.get(part) if isinstance(value, dict) else None
            if value is None:
                return None
        return value


def is_scenario_file(text: str) -> bool:
    """Whether a word on the command line names a file rather than something registered."""
    return text.endswith(SUFFIXES)


def read_document(path: Path) -> Document:
    """Read a YAML file of plain data.

    Raises:
        UserError: It cannot be read, is too large, too long or too deep, is no mapping, or uses
            a tag, an anchor, a merge key or one key twice; told with file and line.
    """
    text = _text(path)
    try:
        _check_events(path, text)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = 1 if mark is None else mark.line + 1
        why = " ".join(str(getattr(error, "problem", None) or error).split())
        raise UserError(f"{path}:{line}: cannot be read as YAML ({why})") from None
    if not isinstance(node, yaml.MappingNode):
        raise expected("content", "a mapping of keys to values", text[:40], where=f"{path}:1")
    lines: dict[Key, int] = {}
    return Document(path, _plain(path, node, (), lines), lines)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > BYTES:
            wanted = f"a file of at most {BYTES:,} bytes"
            raise expected("content", wanted, path.stat().st_size, where=str(path))
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UserError(f"{path}: cannot be read as text in UTF-8") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})") from None


def _check_events(path: Path, text: str) -> None:
    """Refuse what unfolds or builds objects before anything is built; nothing here recurses."""
    depth = nodes = 0
    for event in yaml.parse(text, Loader=_Loader):
        where = f"{path}:{event.start_mark.line + 1 if event.start_mark else 1}"
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise UserError(f"{where}: anchors and aliases (& and *) are not allowed")
        tag = getattr(event, "tag", None)
        if tag:
            raise UserError(f"{where}: tags are not allowed, got {tag!r}")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEPTH:
            raise UserError(f"{where}: nested deeper than {DEPTH} levels")
        nodes += isinstance(event, yaml.NodeEvent)
        if nodes > NODES:
            raise UserError(f"{where}: more than {NODES:,} keys and values")


def _plain(path: Path, node: yaml.Node, key: Key, lines: dict[Key, int]) -> Any:
    lines.setdefault(key, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(path, item, (*key, k), lines) for k, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        out: dict[str, Any] = {}
        for name, item in node.value:
            where = f"{path}:{name.start_mark.line + 1}"
            if not isinstance(name, yaml.ScalarNode) or name.value == "<<":
                raise UserError(f"{where}: keys are plain words")
            _check_text(name.value, where)
            if name.value in out:
                raise UserError(f"{where}: {_dotted((*key, name.value))}: this key stands twice")
            lines[(*key, name.value)] = name.start_mark.line + 1
            out[name.value] = _plain(path, item, (*key, name.value), lines)
        return out
    where = f"{path}:{node.start_mark.line + 1}"
    _check_text(node.value, where)
    kind = node.tag.rsplit(":", 1)[1]
    if kind == "int":
        _check_digits(node.value, where)
    return _SCALARS[kind](node.value)


def _check_text(text: str, where: str) -> None:
    found = UNFIT.search(text)
    if found:
        wanted = "no control characters, halves of characters or ${"
        raise expected("text", wanted, found.group(), where=where)


def _check_digits(text: str, where: str) -> None:
    """Refuse a whole number that 64 bits do not hold: no array could either."""
    if len(text) > 99 or not abs(int(text)) < 2**63 - 1:
        raise expected("number", "less than 2^63 - 1", text, where=where)


def _dotted(key: Key) -> str:
    return ".".join(str(part) for part in key) or "content"
