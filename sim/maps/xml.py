"""Map files are XML from anywhere: read without entities, told in one line what is wrong."""

from __future__ import annotations

import math
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import parse

from sim.base.errors import UserError, expected


def read_xml(path: Path, top: str | None = None) -> Element:
    """The topmost element of an XML file.

    Args:
        path: The file.
        top: What it must be called, if anything.

    Raises:
        UserError: The file cannot be read, is not well-formed, has a document type or entities,
            or another element at the top.
    """
    try:
        root: Element = parse(path, forbid_dtd=True).getroot()
    except OSError as error:
        raise UserError(f"{path}: expected a file, got {error.strerror or 'none'}") from error
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        told = " ".join(str(error).split()) or type(error).__name__
        raise expected("XML", "a whole, plain document", told, where=str(path)) from error
    if top is not None and root.tag != top:
        raise expected("XML", f"a {top} element at the top", root.tag, where=str(path))
    return root


def number(element: Element, name: str, where: str, default: str | None = None) -> float:
    """An attribute that is a finite number.

    Raises:
        UserError: It is missing and has no default, or is no finite number.
    """
    text = element.get(name, default)
    try:
        value = float(text or "nan")
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise expected(f"{element.tag} {name}", "a finite number", text, where=where)
    return value
