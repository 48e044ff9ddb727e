"""What docstrings tell: a summary, the meaning of each argument or attribute, a source."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

SECTION = re.compile(r"^(Args|Attributes|Returns|Raises|Source):[ ]*(.*)$")


def sections(docstring: str) -> dict[str, str]:
    """The text of each section by its name; what comes before the first one is `""`.

    >>> sections("What.\\n\\nArgs:\\n    v: Speed.\\n\\nSource: a book.")["Source"]
    'a book.'
    """
    found: dict[str, list[str]] = {"": []}
    now = ""
    for line in inspect.cleandoc(docstring).splitlines():
        head = SECTION.match(line)
        if head:
            now = head[1]
            found[now] = [head[2]] if head[2] else []
        elif now == "Source" and not line:
            now = ""  # a paragraph of its own ends it
        else:
            found[now].append(line)
    return {name: "\n".join(lines).strip("\n") for name, lines in found.items()}


def summary(docstring: str) -> str:
    """The first paragraph on one line."""
    return one_line(inspect.cleandoc(docstring).split("\n\n")[0])


def entries(docstring: str, section: str) -> dict[str, str]:
    """The entries of a section, one line each; several names of one entry each get it.

    >>> entries("What.\\n\\nArgs:\\n    v, u: Speeds\\n        [m/s].", "Args")
    {'v': 'Speeds [m/s].', 'u': 'Speeds [m/s].'}
    """
    text = sections(docstring).get(section, "")
    found = {}
    for entry in re.split(r"\n(?=\w)", inspect.cleandoc(text)):
        names, _, meaning = entry.partition(":")
        for name in names.split(","):
            found[name.strip()] = one_line(meaning)
    return found


def one_line(text: str) -> str:
    """Lines joined."""
    return " ".join(text.split())


def module_docs(path: Path) -> tuple[str, list[str]]:
    """The docstring of a module, and those of its public functions, without importing it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    public = [f for f in functions if not f.name.startswith("_")]
    docs = [ast.get_docstring(f) for f in public]
    return ast.get_docstring(tree) or "", [doc for doc in docs if doc]
