"""What code is at work: results kept from earlier runs may only be used by the same code."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("sim", "scenarios")


@cache
def code_digest() -> str:
    """Digest of all Python files of Closecall, 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for name in PACKAGES:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            continue
        root = Path(spec.origin).parent
        for path in sorted(root.rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
