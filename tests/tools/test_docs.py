"""The pages say what the code says: tables, examples, pictures, links."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pygame
import pytest

from sim.base.document import read_document
from sim.base.errors import UserError
from sim.family import load_variant
from sim.family.concrete import KEYS
from tools.docs.docstrings import entries, module_docs, sections, summary
from tools.docs.draw import draw
from tools.docs.examples import DOCS, examples, junction_scene, run
from tools.docs.fill import BETWEEN, filled, table
from tools.docs.pages import TABLES, WITH_TABLES, families_text, features_text
from tools.docs.scenes import PICTURES

ROOT = DOCS.parent
README = ROOT / "README.md"
MOST_BYTES = 60_000
YAML = re.compile(r"^```yaml\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
GOOGLE = """What it is,
told in two lines.

A formula.

Args:
    v: Own speed [m/s]; so
        it goes on: here.
    x, y: Place [m].

Returns:
    Nothing.

Source: A book,
chapter 2.

A last word.
"""


def text(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def test_the_page_of_families_is_what_the_families_say() -> None:
    assert families_text() == text("families"), "make docs"


@pytest.mark.parametrize("name", WITH_TABLES)
def test_tables_are_what_the_code_says(name: str) -> None:
    page = text(name)
    assert BETWEEN.search(page)
    assert filled(page, TABLES) == page, "make docs"


def test_every_table_stands_in_one_page() -> None:
    used = [match[2] for name in WITH_TABLES for match in BETWEEN.finditer(text(name))]
    assert sorted(used) == sorted(TABLES)


def test_features_are_what_the_code_says() -> None:
    assert features_text() == text("features"), "make docs"


@pytest.mark.parametrize("name", WITH_TABLES)
def test_examples_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = DOCS / f"{name}.md"
    assert examples(page)
    run(page)


def test_the_example_of_the_readme_runs() -> None:
    known: dict[str, Any] = {}
    exec(examples(README)[0].replace("n=100", "n=4"), known)
    assert len(known["table"].y) > 0


def test_the_family_of_the_readme_is_what_new_writes(tmp_path: Path) -> None:
    """In a process of its own: what is registered stays registered."""
    told = examples(README)[1].removeprefix("# scenarios/brake_check.py\n")
    assert len(told.splitlines()) < 60
    here = {**os.environ, "CLOSECALL_FAMILIES": "families"}
    (tmp_path / "families").mkdir()
    for words in (["new", "brake_check"], ["check", "brake_check", "n=400"]):
        command = [sys.executable, "-m", "sim.cli.main", *words]
        subprocess.run(command, cwd=tmp_path, env=here, check=True, capture_output=True)
    assert (tmp_path / "families" / "brake_check.py").read_text() == told


def test_the_files_of_the_page_on_authoring_are_read(tmp_path: Path) -> None:
    logical, concrete = YAML.findall(text("authoring"))
    path = tmp_path / "wet.yaml"
    path.write_text(logical)
    assert load_variant(path).terms.name == "wet_cut_in"
    path.write_text(concrete)
    assert set(read_document(path).values) <= set(KEYS)


def test_the_examples_of_the_page_on_detectors_run() -> None:
    """In a process of its own: what is registered stays registered."""
    code = (
        "from tools.docs.examples import DOCS, run; print(run(DOCS / 'detectors.md')['scores'][0])"
    )
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert 0.0 < float(done.stdout) < 1.0


def test_the_scene_of_the_engine_is_short_and_ends_both_ways() -> None:
    page = DOCS / "engine.md"
    assert len(examples(page)[0].splitlines()) < 25
    ends = run(page)["ends"]
    assert 0 < ends["collided"].sum() < len(ends)


def test_the_live_example_brakes_as_commanded() -> None:
    known = run(DOCS / "engine.md")
    live, ego = known["live"], known["ego"]
    live.reset()
    live.command(ego.slot, accel=-2.0)
    live.step(20)
    assert live.users.speed[:, ego.slot] == pytest.approx(13.0 - 4.0)


def test_links_lead_somewhere() -> None:
    for page in (README, ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md"))):
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            if "://" not in link:
                assert (page.parent / link).is_file(), f"{page.name}: {link}"


def test_every_road_is_pictured_and_no_picture_is_large() -> None:
    shown = {Path(link).stem for link in LINK.findall(text("roads")) if link.endswith(".png")}
    assert shown == set(PICTURES)
    for name in (*PICTURES, "junction_scene"):
        assert (DOCS / f"{name}.png").stat().st_size < MOST_BYTES


@pytest.mark.parametrize("name", ["road_on_ramp", "road_junction"])
def test_a_picture_is_the_same_again(name: str, tmp_path: Path) -> None:
    once, again = (draw(PICTURES[name](), tmp_path / f"{k}.png").read_bytes() for k in range(2))
    assert once == again


def test_a_picture_shows_its_road_users(tmp_path: Path) -> None:
    scene = junction_scene()
    sheet = pygame.image.load(draw(scene, tmp_path / "scene.png"))
    west, south, east, north = scene.window
    scale = sheet.get_width() / (east - west)
    assert sheet.get_height() == pytest.approx(scale * (north - south), abs=1.0)
    ego = scene.users[scene.users["track_id"] == 0].iloc[0]
    place = round(scale * (ego["x_m"] - west)), round(scale * (north - ego["y_m"]))
    assert sheet.get_at(place)[:3] == (86, 180, 233)


def test_docstrings_are_taken_apart() -> None:
    assert summary(GOOGLE) == "What it is, told in two lines."
    assert entries(GOOGLE, "Args") == {
        "v": "Own speed [m/s]; so it goes on: here.",
        "x": "Place [m].",
        "y": "Place [m].",
    }
    assert sections(GOOGLE)["Source"] == "A book,\nchapter 2."


def test_modules_are_read_without_being_imported(tmp_path: Path) -> None:
    path = tmp_path / "law.py"
    path.write_text(
        '"""About."""\nimport nothing\ndef f():\n    """One."""\ndef _g():\n    "No."\n'
    )
    assert module_docs(path) == ("About.", ["One."])


def test_bars_in_cells_do_not_end_them() -> None:
    assert table(("a", "b"), [("|v|", "x")]).splitlines()[2] == r"| \|v\| | x |"


def test_a_page_may_not_ask_for_a_table_that_nobody_makes() -> None:
    page = "<!-- table: laws -->\n<!-- end -->\n"
    assert filled(page, {"laws": lambda: "new"}) == "<!-- table: laws -->\nnew\n<!-- end -->\n"
    with pytest.raises(UserError, match="lawz"):
        filled(page.replace("laws", "lawz"), TABLES)
