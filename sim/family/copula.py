"""Quantities that vary together: a Gaussian copula between coordinates of the unit cube."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from sim.base.errors import UserError, expected
from sim.family.quantity import Quantity
from sim.family.space import EDGE
from sim.family.terms import Correlation

Floats = NDArray[np.float64]


class Copula:
    """The map from independent to dependent coordinates, and back.

    In standard-normal space it is the Cholesky factor of the correlations: the first of the
    quantities keeps its coordinate, and a density of independent points stays exact.
    Source: Nataf 1962; Liu and Der Kiureghian, Probabilistic Engineering Mechanics 1 (1986) 105.

    Attributes:
        at: The k coordinates that take part.
        factor: (k, k) lower triangular.
    """

    def __init__(self, quantities: Sequence[Quantity], pairs: Sequence[Correlation], where: str):
        """Prepare the map.

        Raises:
            UserError: A name is no scene-wide quantity with a density, a correlation is not
                inside (-1, 1), or together they contradict each other.
        """
        place = {q.name: k for k, q in enumerate(quantities)}  # scene-wide ones stand first
        names = sorted({name for a, b, _ in pairs for name in (a, b)}, key=place.__getitem__)
        self.at = np.array([place[name] for name in names], dtype=np.int64)
        matrix = np.eye(len(names))
        for a, b, rho in pairs:
            if not -1.0 < rho < 1.0 or a == b:
                raise expected(f"{where}: {a}, {b}", "two quantities and a number in (-1, 1)", rho)
            i, j = names.index(a), names.index(b)
            matrix[i, j] = matrix[j, i] = rho
        try:
            self.factor: Floats = np.asarray(np.linalg.cholesky(matrix), np.float64)
        except np.linalg.LinAlgError:
            raise UserError(f"{where}: {', '.join(names)}: contradict each other") from None

    def apply(self, u: Floats) -> Floats:
        """Dependent coordinates (n, d) of independent ones (n, d)."""
        return self._mapped(u, self.factor)

    def undo(self, u: Floats) -> Floats:
        """Independent coordinates (n, d) of dependent ones (n, d)."""
        return self._mapped(u, np.asarray(np.linalg.inv(self.factor), np.float64))

    def _mapped(self, u: Floats, factor: Floats) -> Floats:
        if not len(self.at):
            return u
        out = u.copy()
        out[:, self.at] = np.clip(ndtr(ndtri(u[:, self.at]) @ factor.T), EDGE, 1.0 - EDGE)
        return out
