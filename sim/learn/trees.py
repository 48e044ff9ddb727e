"""Fitted tree ensembles as flat arrays: a kernel that scores codes three times as fast.

On 550,000 rows of 63 features, one thread, with the coding: 40 boosted trees of 8 leaves 0.35
instead of 1.6 s, 200 of 31 leaves 1.2 instead of 5.5 s, 100 extremely randomised trees 0.8
instead of 2.0 s. Scikit-learn reads 8-byte thresholds from rows of 252 bytes; here a row of codes
is one cache line, a node one word, and six rows descend at once, as each step of one row waits
for the step before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier

from sim.base.jit import njit
from sim.learn.transforms import CODES, MISSING

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BLOCK = 4096
"""Rows that go through all trees before the next ones do: their codes take 256 kB."""
_FEATURE, _THRESHOLD, _SHIFT = 32, 48, 56
"""Where a node's word holds what is asked; the lowest 32 bits are its left child."""


class Forest(NamedTuple):
    """The nodes of all trees, a tree's root first, each right child just after the left one.

    Attributes:
        node: (N,) left child, feature, threshold and shift in one word; a leaf is its own child.
        value: (N,) what a leaf adds.
        root: (T,) where each tree begins.
    """

    node: Ints
    value: Floats
    root: Ints


class _Tree(NamedTuple):
    """One tree as scikit-learn numbers it, (n,) each; children of a leaf are 0."""

    feature: NDArray[Any]
    threshold: NDArray[Any]
    missing_left: NDArray[Any]
    left: NDArray[Any]
    right: NDArray[Any]
    value: NDArray[Any]


def is_forest(model: object) -> bool:
    """Whether `forest_danger` can score a fitted model of two classes."""
    kinds = (HistGradientBoostingClassifier, ExtraTreesClassifier)
    return isinstance(model, kinds) and len(model.classes_) == 2


def flatten(model: Any) -> Forest:
    """The trees of a fitted HistGradientBoosting or ExtraTrees classifier of two classes."""
    nodes: list[Ints] = []
    values: list[Floats] = []
    roots: list[int] = []
    end = 0
    for tree in _trees(model):
        roots.append(end)
        order, left = _siblings_adjacent(tree.left.astype(np.int64), tree.right.astype(np.int64))
        nodes.append(_words(tree, order, left, end))
        values.append(tree.value[order].astype(np.float64))
        end += len(order)
    return Forest(np.concatenate(nodes), np.concatenate(values), np.array(roots, dtype=np.int64))


def forest_danger(model: Any, forest: Forest, codes: NDArray[np.uint8]) -> Floats:
    """(n,) the model's `predict_proba` of danger for rows of codes, to the last digits."""
    total = _totals(codes, forest.node, forest.value, forest.root)
    danger: Floats
    if isinstance(model, HistGradientBoostingClassifier):
        danger = expit(total + model._baseline_prediction[0, 0])
    else:
        danger = total / len(forest.root)
    return danger


def _trees(model: Any) -> Iterator[_Tree]:
    if isinstance(model, HistGradientBoostingClassifier):
        for (predictor,) in model._predictors:
            n = predictor.nodes
            left, right = (np.where(n["is_leaf"], 0, n[side]) for side in ("left", "right"))
            asked = n["feature_idx"], n["num_threshold"], n["missing_go_to_left"]
            yield _Tree(*asked, left, right, n["value"])
        return
    for estimator in model.estimators_:
        t = estimator.tree_
        left, right = (np.maximum(side, 0) for side in (t.children_left, t.children_right))
        yield _Tree(t.feature, t.threshold, t.missing_go_to_left, left, right, t.value[:, 0, 1])


@njit
def _siblings_adjacent(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Nodes breadth first, and where in this order each node's left child is; leaves point here."""
    order = np.zeros(len(left), np.int64)
    child = np.zeros(len(left), np.int64)
    end = 1
    for i in range(len(left)):
        node = order[i]
        if left[node] == 0:
            child[i] = i
            continue
        child[i] = end
        order[end], order[end + 1] = left[node], right[node]
        end += 2
    return order, child


def _words(tree: _Tree, order: Ints, left: Ints, start: int) -> Ints:
    """The nodes as words.

    A code goes left if code + shift, in one byte, is at most threshold + shift: what is missing
    is the byte's largest number, which a shift of 1 turns into the smallest. Nothing exceeds the
    threshold of a leaf, so a row stays there.
    """
    leaf = tree.left[order] == 0
    shift = np.where(leaf, 0, tree.missing_left[order]).astype(np.int64)
    # codes are whole numbers; a threshold beyond all of them parts what is missing from the rest
    threshold = np.floor(np.minimum(tree.threshold[order], CODES - 1)).astype(np.int64) + shift
    feature = np.where(leaf, 0, tree.feature[order]).astype(np.int64)
    word: Ints = (left + start) | feature << _FEATURE | shift << _SHIFT
    return word | np.where(leaf, MISSING, threshold) << _THRESHOLD


@njit
def _child(node: Ints, codes: NDArray[np.uint8], row: int, k: int) -> int:
    word = node[k]
    code = (codes[row, (word >> _FEATURE) & 0xFFFF] + (word >> _SHIFT)) & 0xFF
    right: bool = code > ((word >> _THRESHOLD) & 0xFF)
    return int(word & 0xFFFFFFFF) + right


@njit
def _leaf(node: Ints, codes: NDArray[np.uint8], row: int, root: int) -> int:
    k = root
    while True:
        below = _child(node, codes, row, k)
        if below == k:
            return k
        k = below


@njit
def _totals(codes: NDArray[np.uint8], node: Ints, value: Floats, roots: Ints) -> Floats:
    """Sum of each row's leaves, tree by tree as scikit-learn adds them up."""
    out = np.zeros(len(codes))
    for start in range(0, len(codes), BLOCK):
        end = min(len(codes), start + BLOCK)
        for root in roots:
            i = start
            while i + 6 <= end:
                a = b = c = d = e = f = root
                moved = True
                while moved:
                    a2, b2 = _child(node, codes, i, a), _child(node, codes, i + 1, b)
                    c2, d2 = _child(node, codes, i + 2, c), _child(node, codes, i + 3, d)
                    e2, f2 = _child(node, codes, i + 4, e), _child(node, codes, i + 5, f)
                    moved = ((a2 ^ a) | (b2 ^ b) | (c2 ^ c) | (d2 ^ d) | (e2 ^ e) | (f2 ^ f)) != 0
                    a, b, c, d, e, f = a2, b2, c2, d2, e2, f2
                out[i] += value[a]
                out[i + 1] += value[b]
                out[i + 2] += value[c]
                out[i + 3] += value[d]
                out[i + 4] += value[e]
                out[i + 5] += value[f]
                i += 6
            while i < end:
                out[i] += value[_leaf(node, codes, i, root)]
                i += 1
    return out
