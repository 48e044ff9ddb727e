"""Tables of authoring: events, distributions, and what expectations may speak of."""

from __future__ import annotations

from sim.base.dist import DISTS, Given
from sim.family import EVENTS, OUTCOMES
from tools.docs.docstrings import summary
from tools.docs.fill import table


def events() -> str:
    """What counts as danger, by the name that a family gives."""
    rows = [(f"`{name}`", event.says) for name, event in EVENTS.items()]
    return table(("`event`", "danger is"), rows)


def distributions() -> str:
    """Every distribution, with an example of its written form."""
    rows = [
        (f"`{_written(dist.example)}`", summary(dist.__doc__ or ""))
        for dist in (*DISTS.values(), Given)
    ]
    return table(("written", "is"), rows)


def expectations() -> str:
    """What became of the ego, for `always` and `never`."""
    return table(("name", "is"), [(f"`{name}`", says) for name, says in OUTCOMES.items()])


def _written(spec: object) -> str:
    if isinstance(spec, list | tuple):
        return f"[{', '.join(_written(part) for part in spec)}]"
    return str(spec)
