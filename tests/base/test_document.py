"""Files of plain data: read as written, refused with file and line, and never run."""

from pathlib import Path

import pytest

from sim.base.document import BYTES, read_document
from sim.base.errors import UserError

GOOD = """\
# a comment
name: on
ratio: 1e-3
list: [no, yes, 010, .5, -3, +4.5e2, .inf, ~, null, true, 0x1F, 12:30, 2026-01-02, "7"]
deep:
  a: {b: [1, [2]]}
"""


def write(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "file.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_words_and_numbers_are_those_of_yaml_1_2(tmp_path: Path) -> None:
    document = read_document(write(tmp_path, GOOD))
    assert document.values["name"] == "on"
    assert document.values["ratio"] == 1e-3
    assert document.values["list"] == [
        "no", "yes", 10, 0.5, -3, 450.0, float("inf"), None, None, True, "0x1F", "12:30",
        "2026-01-02", "7",
    ]  # fmt: skip
    assert document.values["deep"] == {"a": {"b": [1, [2]]}}
    assert document.place("ratio").endswith("file.yaml:3")
    assert document.place("deep", "a", "b", 1, 0).endswith(":6")
    assert document.place("deep", "nobody").endswith(":5")


BOMB = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi")
)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (BOMB, 1, "anchors and aliases"),
        ("a: 1\nb: *c\n", 2, "anchors and aliases"),
        ("a: !!python/object/apply:os.system ['echo']\n", 1, "tags are not allowed"),
        ("a: 1\nb: !!set {x}\n", 2, "tags are not allowed"),
        ("a: !own 3\n", 1, "tags are not allowed"),
        ("a: 1\na: 2\n", 2, "a: this key stands twice"),
        ("a:\n  b: 1\n  b: 2\n", 3, "a.b: this key stands twice"),
        ("<<: {a: 1}\n", 1, "keys are plain words"),
        ("[1, 2]: 3\n", 1, "keys are plain words"),
        ("- 1\n- 2\n", 1, "a mapping of keys to values"),
        ("just words\n", 1, "a mapping of keys to values"),
        ("", 1, "a mapping of keys to values"),
        ("a: [1, 2\nb: 3\n", 2, "cannot be read as YAML"),
        ("a: 1\n---\nb: 2\n", 2, "cannot be read as YAML"),
        ('a: "\\ud800"', 1, "halves of characters"),
        ('a: "\\x1b[31m"', 1, "no control characters"),
        ("b: 1\na: [x, '${oc.env:HOME}']", 2, "got '${'"),
        ('"a\\0": 1', 1, "no control characters"),
        ("a: " + "9" * 40, 1, "less than 2^63 - 1"),
        ("a: \x07", 1, "cannot be read as YAML"),
        ("a: " + "[" * 5000, 1, "nested deeper"),
        ("a: " + "[" * 13 + "]" * 13, 1, "nested deeper"),
        ("a: " + "9" * 5000, 1, "less than 2^63 - 1"),
        ("a: [" + "1," * 40_000 + "1]", 1, "more than 5,000 keys and values"),
        ("".join(f"k{k}: 1\n" for k in range(9_000)), 2500, "more than 5,000 keys and values"),
    ],
)
def test_traps_are_told_with_file_and_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(UserError) as caught:
        read_document(path)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        read_document(tmp_path / "missing.yaml")
    with pytest.raises(UserError, match="cannot be read"):
        read_document(tmp_path)
    with pytest.raises(UserError, match="UTF-8"):
        read_document(write(tmp_path, b"a: \xff\xfe\x00"))
    with pytest.raises(UserError, match="at most 100,000 bytes"):
        read_document(write(tmp_path, b"a: " + b"x" * BYTES))


def test_typed_reading_names_the_key_and_its_line(tmp_path: Path) -> None:
    document = read_document(write(tmp_path, "a: 1\nb: [1]\nc: {d: x}\ne: true\n"))
    assert document.whole("a") == 1
    assert document.mapping("c") == {"d": "x"}
    assert document.mapping("nothing") == {}
    assert document.text("c", "d") == "x"
    with pytest.raises(UserError, match=r":2: b: expected a mapping of names to values, got \[1\]"):
        document.mapping("b")
    with pytest.raises(UserError, match=":4: e: expected a whole number, got True"):
        document.whole("e")
    with pytest.raises(UserError, match=":1: name: a value is needed"):
        document.text("name")
    with pytest.raises(UserError, match=":3: key: unknown name 'c', did you mean 'cc'"):
        document.check_keys(["a", "b", "cc", "e"])
