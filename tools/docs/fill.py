"""Tables inside pages that are written by hand: what stands between two marks is made."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from sim.base.errors import unknown

Tables = Mapping[str, Callable[[], str]]
BETWEEN = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(text: str, tables: Tables) -> str:
    """A page with all its tables made anew.

    Args:
        text: The page, with `<!-- table: name -->` and `<!-- end -->` on lines of their own.
        tables: What makes each table, by name.

    Raises:
        UserError: The page asks for a table that nobody makes.

    >>> filled("<!-- table: one -->\\nold\\n<!-- end -->", {"one": lambda: "new"})
    '<!-- table: one -->\\nnew\\n<!-- end -->'
    """

    def made(match: re.Match[str]) -> str:
        begin, name, end = match.groups()
        if name not in tables:
            raise unknown("table", name, tables)
        return f"{begin}{tables[name]()}\n{end}"

    return BETWEEN.sub(made, text)


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table in Markdown.

    >>> print(table(("a", "b"), [("1", "x|y")]))
    | a | b |
    |---|---|
    | 1 | x\\|y |
    """
    lines = [[cell.replace("|", r"\|") for cell in row] for row in (head, *rows)]
    written = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join([written[0], "|" + "---|" * len(head), *written[1:]])
