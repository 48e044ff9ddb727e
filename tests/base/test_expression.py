"""Conditions as text: what they mean, and that nothing else is read."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.base.errors import UserError
from sim.base.expression import LONGEST, parse_condition

X = np.array([-1.0, 0.0, 2.5, np.nan])
MANY = np.array([[1.0, 5.0], [2.0, 6.0], [3.0, 7.0], [4.0, 8.0]])
VALUES = {"x": X, "y": np.array([1.0, 0.0, 2.0, 1.0]), "many": MANY}


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("x > 0", X > 0),
        ("-1 <= x < 2.5", (X >= -1) & (X < 2.5)),
        ("not x > 0", ~(X > 0)),
        ("x > 0 or y == 0", (X > 0) | (VALUES["y"] == 0)),
        ("x > 0 and y > 1 or y == 0", ((X > 0) & (VALUES["y"] > 1)) | (VALUES["y"] == 0)),
        ("2 * x - y / 4 ** 2 != 0", 2 * X - VALUES["y"] / 16 != 0),
        (
            "max(x, y) >= abs(min(x, -y))",
            np.maximum(X, VALUES["y"]) >= abs(np.minimum(X, -VALUES["y"])),
        ),
        ("many[1] > 6 + many[0] - many[0]", MANY[:, 1] > 6),
        ("sqrt(exp(log(many[0]))) > 1.5", np.sqrt(MANY[:, 0]) > 1.5),
        ("x", X.astype(bool)),
        ("1 / y > 1e300", np.array([False, True, False, False])),
    ],
)
def test_a_condition_means_what_it_says(text: str, same: np.ndarray) -> None:
    condition = parse_condition(text, VALUES)
    assert condition.holds(VALUES).tolist() == same.tolist()
    assert condition.names <= set(VALUES)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("__import__('os').system('x')", "call at column 1"),
        ("x.real > 0", "attribute at column 1"),
        ("[x for x in y]", "listcomp at column 1"),
        ("(lambda: x)() > 0", "call at column 1"),
        ("x > (y := 3)", "namedexpr at column 6"),
        ("x if y else x", "ifexp at column 1"),
        ("x > 'a'", "constant at column 5"),
        ("f'{x}' > 0", "joinedstr at column 1"),
        ("many[x] > 0", "subscript at column 1"),
        ("many[0][0] > 0", "subscript at column 1"),
        ("max(x) > 0", "call at column 1"),
        ("abs(x, key=y) > 0", "call at column 1"),
        ("x is y", "compare at column 1"),
        ("x @ y > 0", "binop at column 1"),
        ("x + y", "a number, not a condition"),
        ("3", "a number, not a condition"),
        ("x > 0; y", "invalid syntax"),
        ("x >", "invalid syntax"),
        ("", "invalid syntax"),
        ("x > 0\x00", "null bytes"),
        ("z > 0", "unknown name 'z'"),
        ("xx > 0", "did you mean 'x'"),
        ("x > " + "0" * LONGEST, f"at most {LONGEST} characters"),
        ("x > 9" + "9" * 250 + "j", "constant at column 5"),
    ],
)
def test_anything_else_is_one_line_and_never_run(text: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_condition(text, VALUES, "file.yaml:3: constraints")
    assert said in str(caught.value)
    assert str(caught.value).startswith("file.yaml:3: constraints")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", [None, 3, ["x > 0"], True])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(UserError, match="condition: expected a condition as text"):
        parse_condition(value, VALUES)


def test_conditions_count_as_numbers_where_numbers_are_needed() -> None:
    values = {"x": np.array([1.0, 5.0, 9.0]), "hit": np.array([True, False, True])}
    for text, held in (
        ("(x > 2) - (x > 6) == 1", [False, True, False]),
        ("-(x > 2) < 0", [False, True, True]),
        ("-hit < 0", [True, False, True]),
        ("hit - hit == 0", [True, True, True]),
        ("(x > 2) + (x > 6) > 1", [False, False, True]),
        ("sqrt(x > 2) == 1", [False, True, True]),
    ):
        assert parse_condition(text, values).holds(values).tolist() == held


@pytest.mark.parametrize(
    ("text", "said"), [("1 < 2", "speaks of nothing"), ("x > 3and x < 4", "invalid decimal")]
)
def test_mistakes_that_python_lets_pass_are_told(text: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        parse_condition(text, VALUES)


def test_one_of_several_is_asked_for_by_number() -> None:
    with pytest.raises(UserError, match=r"one of many\[0\] to many\[1\]"):
        parse_condition("many > 0", VALUES).holds(VALUES)
    with pytest.raises(UserError, match="a number below 2, got 2"):
        parse_condition("many[2] > 0", VALUES).holds(VALUES)
    with pytest.raises(UserError, match="x alone"):
        parse_condition("x[0] > 0", VALUES).holds(VALUES)


@given(st.text(alphabet="xy0.5+-*/()<>=! andormin,[]", max_size=40))
@settings(max_examples=300, derandomize=True, deadline=None)
def test_any_text_is_either_a_condition_or_one_line(text: str) -> None:
    try:
        condition = parse_condition(text, ["x", "y"])
    except UserError as error:
        told = str(error)
    else:
        told = str(condition.holds({"x": X, "y": X}).tolist())
    assert "\n" not in told
