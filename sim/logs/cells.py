"""Columns of a table as numbers: ids as they are, lanes, and sizes by kind where none is given."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.errors import expected
from sim.world.state import SIZES_M

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_EXACT = 2.0**53
"""Whole numbers beyond this share their float64 with a neighbour."""
_SIZES = {kind.name.lower(): size for kind, size in SIZES_M.items()}


def numbers(column: pd.Series, *, where: Path, row0: int = 0) -> Floats:
    """A column as float64.

    Args:
        column: Named as the user knows it.
        where: The file, for the message.
        row0: Line of the first row in the file.

    Raises:
        UserError: Something in it is neither a number nor empty.
    """
    try:
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    except (ValueError, TypeError):
        bad = pd.to_numeric(column, errors="coerce").isna() & column.notna()
        at = int(np.argmax(bad.to_numpy()))
        raise expected(
            str(column.name), f"a number in row {at + row0}", column.iloc[at], where=str(where)
        ) from None


def track_ids(column: pd.Series, path: Path) -> Ints:
    """Identities of road users, digit by digit as they are.

    Text that is no number, and numbers beyond 64 bits, are numbered 0, 1, ... in order of
    appearance.

    Raises:
        UserError: An id is missing or a fraction, or a float64 too large to be exact.
    """
    if column.isna().any():
        at = int(np.argmax(column.isna().to_numpy()))
        raise expected(str(column.name), f"an id in row {at + 2}", "nothing", where=str(path))
    if pd.api.types.is_signed_integer_dtype(column.dtype):
        return column.to_numpy(dtype=np.int64)
    if pd.api.types.is_float_dtype(column.dtype):
        ids: Ints = _whole(column, path)
        if np.abs(ids).max(initial=0) >= _EXACT:
            raise expected(
                str(column.name), "ids as integers or text", "floats above 2^53", where=str(path)
            )
        return ids
    text = column.astype(str)
    if text.str.fullmatch(r"-?[0-9]{1,18}|[0-8][0-9]{18}").all():
        ids = text.to_numpy(dtype=np.int64)
        if len(np.unique(ids)) == text.nunique():  # "007" is not "7"
            return ids
    return pd.factorize(text)[0].astype(np.int64)


def lanes(column: pd.Series, path: Path) -> Ints:
    """Numbers of lanes, -1 where empty.

    Raises:
        UserError: One is no whole number.
    """
    values = column.astype(object).where(column.notna(), -1)
    return _whole(pd.Series(values, name=str(column.name)), path)


def sizes(table: pd.DataFrame, names: tuple[str, str], path: Path) -> tuple[pd.DataFrame, int]:
    """Lengths and widths, the usual ones of their kind where a file has 0 or nothing.

    Args:
        table: Columns `length_m`, `width_m` as read, `kind` and `track_id`.
        names: What the file calls length and width.
        path: The file, for messages.

    Returns:
        The table, and how many of its rows got a size that is not the file's.

    Raises:
        UserError: A size is negative or infinite, or the file holds none at all.
    """
    bare = np.zeros(len(table), dtype=bool)
    out = table
    for axis, (ours, theirs) in enumerate(zip(("length_m", "width_m"), names)):
        size = table[ours].to_numpy(dtype=float)
        wrong = (size < 0.0) | np.isinf(size)
        if wrong.any():
            at = int(np.argmax(wrong))
            told = f"{size[at]:g} m in track {table['track_id'].iloc[at]}"
            raise expected(theirs, "sizes above 0 m", told, where=str(path))
        none = ~(size > 0.0)
        if none.all():
            raise expected(theirs, "sizes above 0 m", "none in any row", where=str(path))
        usual = table["kind"].map({name: pair[axis] for name, pair in _SIZES.items()})
        out = out.assign(**{ours: np.where(none, usual.to_numpy(dtype=float), size)})
        bare |= none
    return out, int(bare.sum())


def _whole(column: pd.Series, path: Path) -> Ints:
    values = numbers(column, where=path, row0=2)
    whole = np.isfinite(values) & (values == np.round(values))
    if not whole.all():
        bad = float(values[~whole][0])
        raise expected(str(column.name), "whole numbers", bad, where=str(path))
    return values.astype(np.int64)
