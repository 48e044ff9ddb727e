"""Progress of long work on standard error."""

from __future__ import annotations

import sys
from typing import Any

from tqdm import tqdm


class Progress:
    """A bar on standard error for each part of the work."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None
        self._what = ""

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, what: str, done: int, count: int) -> None:
        if self._bar is None or what != self._what or self._bar.total != count:
            self.__exit__()
            self._bar, self._what = tqdm(total=count, desc=what, file=sys.stderr), what
        self._bar.update(done - self._bar.n)
