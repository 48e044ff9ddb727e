"""What users are told: one line, no longer than needed, that no terminal obeys."""

from sim.base.errors import expected, safe, unknown

STEERS = "a\x1b[2Jb\u202ec"


def test_names_of_unknown_origin_are_shown_and_not_obeyed() -> None:
    told = str(unknown("episode", STEERS, [STEERS, "b\nc", "ü 1"]))
    assert told.isprintable()
    assert "a\\x1b[2Jb\\u202ec" in told
    assert "b\\nc" in told
    assert "ü 1" in told
    assert safe("ü 1: 'x'") == "ü 1: 'x'"


def test_many_or_long_names_are_cut() -> None:
    told = str(unknown("site", "x" * 5000, [f"{k:04d}" for k in range(5000)]))
    assert len(told) < 1000
    assert told.endswith("0059, and 4940 more")
    assert len(str(expected("n", "a number", "9" * 5000))) < 200
