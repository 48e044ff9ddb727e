"""Marks that several test files share."""

import pytest

from sim.base.jit import JIT_DISABLED

compiled = pytest.mark.skipif(JIT_DISABLED, reason="plain Python does 1,000 agent-steps a second")
