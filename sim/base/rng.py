"""Counter-based random streams: a number depends on its key only, never on who asked before.

In the shell a stream is a numpy generator on Philox; in kernels it is a hash of the key
(splitmix64's finaliser, Steele, Lea and Flood 2014), so that a draw needs no state and any
scenario can be run alone, in any order and on any thread, with the same bits.
"""

from __future__ import annotations

import zlib

import numpy as np

from sim.base.jit import JIT_DISABLED, F, njit

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)


def purpose(name: str) -> int:
    """A stable number for the purpose of a stream, the same in every process."""
    return zlib.crc32(name.encode())


def stream(seed: int, episode: int, name: str) -> np.random.Generator:
    """The generator for one purpose in one episode.

    >>> a = stream(1, 7, "sensor").random(); b = stream(1, 7, "sensor").random()
    >>> bool(a == b), bool(a == stream(1, 8, "sensor").random())
    (True, False)
    """
    words = np.random.SeedSequence([seed, episode, purpose(name)])
    return np.random.Generator(np.random.Philox(words))


def _wrapping(function: F) -> F:
    """Let 64-bit products wrap silently in plain Python too, as they do when compiled."""
    return np.errstate(over="ignore")(function) if JIT_DISABLED else function


@_wrapping
@njit
def mix(key: np.uint64, word: np.uint64) -> np.uint64:
    """Fold one more 64-bit word into a key."""
    z = key + _GOLDEN * (word + np.uint64(1))
    z = (z ^ (z >> np.uint64(30))) * _MIX1
    z = (z ^ (z >> np.uint64(27))) * _MIX2
    return z ^ (z >> np.uint64(31))


@njit
def uniform(key: np.uint64, word: np.uint64) -> float:
    """A number in (0, 1), never 0 or 1, from a key and one more word."""
    bits = mix(key, word) >> np.uint64(12)
    return (float(bits) + 0.5) * 2.220446049250313e-16


@njit
def normal(key: np.uint64, word: np.uint64) -> float:
    """A standard normal number by Box and Muller, from two words of the key."""
    u = uniform(key, np.uint64(2) * word)
    v = uniform(key, np.uint64(2) * word + np.uint64(1))
    return float(np.sqrt(-2.0 * np.log(u)) * np.cos(2.0 * np.pi * v))
