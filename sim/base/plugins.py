"""What users add by name: registered at run time, in an installed package, or module:function."""

from __future__ import annotations

import importlib
import pickle
import sys
import traceback
import warnings
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Generic, TypeVar

import cloudpickle

from sim.base.errors import UserError, expected, unknown
from sim.base.registry import Registry

T = TypeVar("T")


class Plugins(Generic[T]):
    """A registry that also finds what others wrote, in each process by the name alone.

    A name is that of an entry of the registry, of an entry point of installed packages, or
    `module:function`, for which modules in the current directory are found as well, after those
    installed.
    """

    def __init__(self, registry: Registry[T], group: str, accept: Callable[[str, object], T]):
        """Find things for a registry.

        Args:
            registry: Of what is known by a plain name; entry points are entered when first needed.
            group: Of the entry points.
            accept: Turns what a name led to into an entry; raises `UserError` if it is none.
        """
        self.registry, self.group, self.accept = registry, group, accept
        self._by_path: dict[str, T] = {}
        self._searched = False

    def names(self) -> list[str]:
        """All plain names, sorted."""
        self._load_entry_points()
        return list(self.registry)

    def resolve(self, name: str, *, where: str = "") -> T:
        """What a name stands for.

        Args:
            name: Of an entry or an entry point, or `module:function`.
            where: The setting that holds it, for the message.

        Raises:
            UserError: There is no such thing, or its module cannot be imported.
        """
        where = where or self.registry.kind
        if name in self.registry:
            return self.registry[name]
        if is_path(name):
            if name not in self._by_path:
                self._by_path[name] = self.accept(where, _imported(name, where))
            return self._by_path[name]
        if name not in self.names():
            raise UserError(f"{unknown(where, name, self.registry)}, or module:function")
        return self.registry[name]

    def shipped(self, names: Iterable[str]) -> dict[str, bytes]:
        """What other processes need to know the same names: entries made at run time, pickled.

        Raises:
            UserError: An entry cannot be pickled, not even with the code of its functions.
        """
        out = {}
        for name in names:
            if name not in self.registry or is_ours(self.registry[name]):
                continue
            try:
                out[name] = cloudpickle.dumps(self.registry[name])
            except Exception as error:  # whatever a user's closure holds
                raise UserError(
                    f"{self.registry.kind} {name!r} cannot be sent to other processes "
                    f"({type(error).__name__}: {error}): use workers=1 or module:function"
                ) from None
        return out

    def install(self, shipped: Mapping[str, bytes]) -> None:
        """Enter what another process shipped, but for names that are known here."""
        for name, content in shipped.items():
            if name not in self.registry:
                entry = pickle.loads(content)  # importing its module may have entered it
                if name not in self.registry:
                    self.registry.register(name)(entry)

    def _load_entry_points(self) -> None:
        if self._searched:
            return
        self._searched = True
        for point in entry_points(group=self.group):
            try:
                entry = self.accept(point.name, point.load())
                if point.name not in self.registry:  # its module may have entered it itself
                    self.registry.register(point.name)(entry)
            except (Exception, SystemExit) as error:
                warnings.warn(
                    f"package {_package(point)}: {point.name!r} of {self.group} is left out, as "
                    f"it cannot be loaded ({type(error).__name__}: {error})",
                    stacklevel=2,
                )


def is_path(name: str) -> bool:
    """Whether a name has the form module:function.

    >>> is_path("my_module:make"), is_path("hgb"), is_path("a:b:c")
    (True, False, False)
    """
    module, colon, attribute = name.partition(":")
    parts = [*module.split("."), *attribute.split(".")]
    return bool(colon) and all(part.isidentifier() for part in parts)


def in_one_line(error: BaseException) -> str:
    """An error inside a user's code, with the file and line of its last step there."""
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}: {error.msg}"
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {' '.join(str(error).split())}{place}"


def _imported(name: str, where: str) -> object:
    module_name, _, attribute = name.partition(":")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)  # for good: what the function imports when called lies there too
    importlib.invalidate_caches()
    try:
        found: object = importlib.import_module(module_name)
    except (Exception, SystemExit) as error:
        missing = error.name if isinstance(error, ModuleNotFoundError) else None
        if missing and f"{module_name}.".startswith(f"{missing}."):
            wanted = "module:function of a module installed or in the current directory"
            raise expected(where, wanted, name) from None
        raise UserError(f"{where}: {name}: {in_one_line(error)}") from error
    for part in attribute.split("."):
        if not hasattr(found, part):
            place = getattr(found, "__file__", None) or module_name
            raise expected(where, f"a function of {place}", attribute)
        found = getattr(found, part)
    return found


def is_ours(entry: object) -> bool:
    """Whether the function behind an entry is part of Closecall."""
    function = getattr(entry, "function", entry)
    return str(getattr(function, "__module__", type(entry).__module__)).startswith("sim.")


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else point.value
