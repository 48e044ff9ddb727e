"""A variant of a family as a file of plain data: the logical level between family and draw.

It names a base family and what differs from it:

    closecall: logical/1
    name: cut_in_wet
    base: cut_in
    title: A cut-in on a wet road
    distributions:
      gap: [lognormal, 7.0, 0.6]
      speed: 25
    correlations: [[speed, gap, 0.4]]
    constraints: ["gap > 0.2 * speed"]
    expect:
      danger: [0.1, 0.6]
      never: ["collided and gap > 60"]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from sim.base.document import Document, is_scenario_file, read_document
from sim.base.errors import UserError, expected
from sim.base.store import plain, write_text
from sim.family.check import check_dense
from sim.family.core import Family
from sim.family.discover import load_families
from sim.family.quantity import UNITS
from sim.family.terms import NAME, Correlation, Terms
from sim.family.trial import impossible

LOGICAL = "logical/1"
KEYS = (
    "closecall",
    "name",
    "base",
    "title",
    "distributions",
    "correlations",
    "constraints",
    "expect",
    "fitted",
)
EXPECT = ("danger", "always", "never")


def load_variant(path: Path | str) -> Family:
    """The family that a logical scenario file describes.

    Constraints add to those of the base; distributions, correlations and expectations replace
    its own. Expectations of the base are not kept: they hold for its distributions.

    Raises:
        UserError: The file is no such file, or what it says does not fit its base; told in one
            line with file, line and key.
    """
    document = read_document(Path(path))
    check_header(document, LOGICAL)
    document.check_keys(KEYS)
    family = described_variant(document, base_family(document), _name(document))
    if "correlations" in document.values:
        with document.at("correlations"):
            check_dense(family)
    wrong = impossible(family)
    if wrong is not None:
        with document.at("distributions", wrong.quantity):
            raise UserError(f"distributions.{wrong.quantity}: {wrong.why}")
    return family


def described_variant(document: Document, base: Family, name: str) -> Family:
    """The variant of a base that a file describes; raises `UserError` as `load_variant`."""
    document.check_keys(EXPECT, "expect")
    family = with_distributions(base, document, "distributions")
    terms = Terms(
        name=name,
        title=document.text("title", default=""),
        danger=_danger(document),
        constraints=(*base.terms.constraints, *_texts(document, "constraints")),
        correlations=_correlations(document, base.terms.correlations),
        always=_texts(document, "expect", "always"),
        never=_texts(document, "expect", "never"),
        fitted=document.mapping("fitted"),
    )
    return _checked(family, terms, document)


def save_variant(family: Family, path: Path | str, *, comment: str = "") -> Path:
    """Write a family as a logical scenario file that `load_variant` reads back.

    Args:
        family: A variant, or a family with other distributions.
        path: The file; its folder is made.
        comment: Lines above the content.
    """
    content = {"closecall": LOGICAL, "name": family.terms.name, "base": family.name}
    return write_yaml(content | description(family), Path(path), comment)


def description(family: Family) -> dict[str, Any]:
    """In what a family differs from its class, in the keys of a logical scenario file."""
    terms, usual = family.terms, type(family)()
    out = {
        "title": terms.title,
        "distributions": family.replaced,
        "correlations": [list(pair) for pair in terms.correlations],
        "constraints": [text for text in terms.constraints if text not in usual.terms.constraints],
        "expect": {key: terms.written[key] for key in EXPECT if key in terms.written},
        "fitted": dict(terms.fitted),
    }
    kept = {"correlations"} if usual.terms.correlations else set()  # [] takes the base's away
    return {key: value for key, value in out.items() if value or key in kept}


def variant_text(base: Family, terms: Terms) -> str:
    """A logical scenario file to start from: nothing differs yet, and all that can is shown."""
    lines = [
        f"# A variant of {base.name}: take away a # to change a line.",
        "# A distribution is a list; a number pins the quantity. See: closecall describe "
        f"{base.name}",
        f"closecall: {LOGICAL}",
        f"name: {terms.name}",
        f"base: {base.name}",
        f"title: {terms.title}",
        "distributions:",
    ]
    for k, q in enumerate(base.quantities):
        shown = yaml.dump(plain(q.dist.spec), Dumper=_Dumper, width=1000).strip().split("\n")[0]
        lines.append(f"  {'# ' if k else ''}{q.name}: {shown}  # {UNITS[q.unit]}; {q.source}")
    first = base.quantities[0].name
    low = base.quantities[0].dist.support[0]
    lines += [
        f'constraints: ["{first} >= {low:g}"]',
        "expect:",
        f"  danger: {list(terms.danger or (0.0, 1.0))}",
        f'  # never: ["collided and {first} < {low:g}"]',
        "# correlations: [[one_quantity, another, 0.4]]",
    ]
    return "\n".join(lines) + "\n"


def check_header(document: Document, wanted: str) -> None:
    """Raise `UserError` unless the file says that it is of this kind."""
    found = document.values.get("closecall")
    if found != wanted:
        raise expected("closecall", wanted, found, where=document.place("closecall"))


def check_name(name: str) -> None:
    """Raise `UserError` unless a family may be called so."""
    if not NAME.fullmatch(name):
        raise expected("name", "small letters, digits and _, a letter first", name)


def family_named(name: str) -> Family:
    """The registered family of that name; raises `UserError` where it is none, or a file."""
    if is_scenario_file(name):
        raise UserError("base: a variant stands on a family, not on a variant")
    return load_families()[name]()


def base_family(document: Document) -> Family:
    """The registered family that a file builds on."""
    name = document.text("base")
    with document.at("base"):
        return family_named(name)


def with_distributions(base: Family, document: Document, key: str) -> Family:
    """The base with the distributions of a file, each checked at its line."""
    family = base
    for name, spec in document.mapping(key).items():
        with document.at(key, name):
            family = family.with_overrides({name: spec})
    return family


def write_yaml(content: Mapping[str, Any], path: Path, comment: str = "") -> Path:
    """Write plain data, short lists on one line."""
    head = "".join(f"# {line}\n" for line in comment.splitlines())
    text = yaml.dump(plain(content), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return write_text(head + text, path)


class _Dumper(yaml.SafeDumper):
    """Lists as people write them: gap: [lognormal, 9.57, 0.97]."""


_Dumper.add_representer(
    list, lambda dumper, value: dumper.represent_sequence("tag:yaml.org,2002:seq", value, True)
)


def _checked(family: Family, terms: Terms, document: Document) -> Family:
    """The variant; what does not fit together is told at the line of its own key."""
    for key, single in (
        (("constraints",), {"constraints": terms.constraints}),
        (("correlations",), {"correlations": terms.correlations}),
        (("expect", "danger"), {"danger": terms.danger}),
        (("expect", "always"), {"always": terms.always}),
        (("expect", "never"), {"never": terms.never}),
    ):
        with document.at(*key):
            replace(family, variant=Terms(name=terms.name, **single))
    return replace(family, variant=terms)


def _name(document: Document) -> str:
    name = document.text("name")
    with document.at("name"):
        check_name(name)
        if name in load_families():
            raise UserError(f"name: a family is called {name!r} already; choose another name")
    return name


def _texts(document: Document, *key: str) -> tuple[str, ...]:
    for k, text in enumerate(document.sequence(*key)):
        if not isinstance(text, str):
            raise expected(".".join(key), "conditions as text", text, where=document.place(*key, k))
    return tuple(document.sequence(*key))


def _danger(document: Document) -> tuple[float, float] | None:
    band = document.sequence("expect", "danger")
    if not band:
        return None
    if len(band) != 2 or not all(_is_number(x) for x in band):
        where = document.place("expect", "danger")
        raise expected("expect.danger", "two shares, [least, greatest]", band, where=where)
    return float(band[0]), float(band[1])


def _correlations(document: Document, usual: tuple[Correlation, ...]) -> tuple[Correlation, ...]:
    """Those of the file, the base's where it says nothing; an empty list takes them away."""
    if "correlations" not in document.values:
        return usual
    out = []
    for k, entry in enumerate(document.sequence("correlations")):
        sound = isinstance(entry, list) and len(entry) == 3 and _is_number(entry[2])
        if not sound or not all(isinstance(name, str) for name in entry[:2]):
            wanted = "[quantity, quantity, number]"
            where = document.place("correlations", k)
            raise expected("correlations", wanted, entry, where=where)
        out.append((entry[0], entry[1], float(entry[2])))
    return tuple(out)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
