"""What code is at work: results kept from earlier runs may only be used by the same code."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("sim", "scenarios")
ENGINE = ("sim.base", "sim.laws", "sim.world", "sim.family", "sim.reference", "sim.sampling")
"""What the bytes of a simulated episode depend on besides the family's own file."""


@cache
def code_digest(packages: tuple[str, ...] = PACKAGES) -> str:
    """Digest of all Python files of some packages, of all of Closecall by default.

    >>> len(code_digest(ENGINE)), code_digest(ENGINE) == code_digest()
    (16, False)
    """
    digest = hashlib.sha256()
    for name in packages:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            continue
        root = Path(spec.origin).parent
        for path in sorted(root.rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
