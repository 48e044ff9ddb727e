"""A table of named things that fills itself where the things are defined."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

from sim.base.errors import unknown

T = TypeVar("T")


class Registry(Mapping[str, T], Generic[T]):
    """Names to registered things, in sorted order.

    >>> laws: Registry[type] = Registry("law")
    >>> @laws.register("idm")
    ... class Idm: ...
    >>> list(laws)
    ['idm']
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._things: dict[str, T] = {}

    def register(self, name: str) -> Callable[[T], T]:
        """A decorator that enters what it decorates under `name`.

        Raises:
            ValueError: Another thing already has that name.
        """

        def enter(thing: T) -> T:
            if name in self._things:
                raise ValueError(f"{self.kind} {name!r} is registered twice")
            self._things[name] = thing
            return thing

        return enter

    def discard(self, name: str) -> None:
        """Forget the thing called `name`, if there is one."""
        self._things.pop(name, None)

    def __getitem__(self, name: str) -> T:
        """The thing called `name`; raises `UserError` with the nearest name."""
        try:
            return self._things[name]
        except KeyError:
            raise unknown(self.kind, name, self._things) from None

    def __contains__(self, name: object) -> bool:
        return name in self._things

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._things))

    def __len__(self) -> int:
        return len(self._things)
