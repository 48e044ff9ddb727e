"""The page stands alone, names everything that was run and lets no name become markup."""

from __future__ import annotations

import copy
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import report_example

from sim.report import comparisons, extras, names, plots
from sim.report.findings import BASE_ARM, POOLED, Findings
from sim.report.page import page, write

VOID = {"meta", "br", "img", "link", "input", "hr"}


@pytest.fixture(scope="module")
def summary() -> dict[str, Any]:
    return report_example.summary()


@pytest.fixture(scope="module")
def text(summary: dict[str, Any]) -> str:
    return page(summary)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages without charts, which take most of their time."""
    for chart in ("share_curve", "size_curve", "arms"):
        monkeypatch.setattr(plots, chart, lambda *_: None)


class Tags(HTMLParser):
    """Every tag and attribute, and whether each tag that opens is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        for name, value in attrs:
            if name.split(":")[-1] in ("src", "href", "srcset", "data", "action"):
                self.links.append(value or "")
            if name == "id":
                self.ids.append(value or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_page_needs_no_network_and_no_script(text: str) -> None:
    tags = Tags(text)
    assert "script" not in tags.names
    assert "link" not in tags.names
    assert all(link.startswith("#") for link in tags.links)
    assert "http://" not in text
    assert "https://" not in text
    assert "@import" not in text
    assert len(text.encode()) < 1_500_000


def test_ids_are_unique_and_every_reference_has_its_target(text: str) -> None:
    ids = Tags(text).ids
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(ids)


def test_every_arm_is_named(text: str, summary: dict[str, Any]) -> None:
    for arm in {row["arm"] for row in summary["results"]}:
        assert f"<code>{arm}</code>" in text


def test_page_tells_hours_events_cost_and_origin(text: str) -> None:
    assert "field-style" in text
    for number in ("20.4", "176", "146", "560.2", "1,180"):
        assert number in text


def test_sections_stand_in_the_order_of_the_questions(text: str) -> None:
    titles = re.findall("<h2>([^<]*)</h2>", text)
    assert titles[:7] == [
        "Each site",
        "What it rests on",
        "How much is enough",
        "Which families",
        "What the recipe was, and on what it was chosen",
        "What it cost",
        "By kind, speed and deceleration, chosen recipes",
    ]


def test_conflicts_stand_beside_every_number_of_the_answer(text: str) -> None:
    header = text[: text.index("</header>")]
    rows = re.findall(r"<tr><td>.*?</td>", header)
    assert len(rows) == 12  # four metrics for all conflicts, for crossing ones, at the same site
    assert all("conflicts" in row for row in rows)
    assert sum("48 conflicts" in row for row in rows) == 4


def test_a_small_site_is_marked_and_has_no_interval(text: str) -> None:
    rows = [row for row in text.split("<tr>") if row.startswith("<td>creek<")]
    assert len(rows) == 2
    for row in rows:
        assert "listed, not averaged" in row
        assert "only 4" in row
        assert "in 2 effective blocks of driving" in row
        assert "interval not identified" in row
        assert "nan" not in row


def test_what_was_left_out_is_counted_with_its_first_examples(text: str) -> None:
    row = next(row for row in text.split("<tr>") if row.startswith("<td>braking<"))
    assert "<b>harbour/2</b>: vehicles slow down" in row
    assert "harbour/3" not in row
    assert "and 2 more" in row
    assert row.count('<td class="n">5</td>') == 3
    assert "3,500" in row
    assert "2 training recordings of a group that is tested too" in text
    assert "What the examination is worth" in text


@pytest.mark.usefixtures("bare")
def test_recipes_name_the_chosen_detector_and_a_fall_back(summary: dict[str, Any]) -> None:
    chosen = names.detector(report_example.CHOSEN)
    told = page(summary)
    assert f"<b>{chosen}</b><small>chosen</small>" in told
    assert "Chosen on 61 validation conflicts: recordings with class weights" in told
    assert "528 conflicts" in told
    changed = copy.deepcopy(summary)
    for recipe in changed["recipes"]:
        recipe |= {"weight": 0.0, "fell_back": recipe["arm"] == "best_simulated"}
    told = page(changed)
    assert "validation saw no gain, so the arm with simulation is the one without" in told
    assert "fell back: no gain seen" in told
    for recipe in changed["recipes"]:
        recipe |= {"validated_on_conflicts": 0, "fell_back": False}
    assert "Validation holds too few conflicts to choose" in page(changed)


def test_speed_bands_rise(text: str) -> None:
    assert text.index("speed &lt; 5 m/s") < text.index("speed 5-15 m/s")


def test_comparisons_beyond_the_limit_are_left_out_and_counted(
    summary: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    findings = Findings.of(summary)
    monkeypatch.setattr(comparisons, "MAX_CELLS", len(findings.differences))
    assert "comparisons.parquet" not in comparisons.comparisons(findings)
    monkeypatch.setattr(comparisons, "MAX_CELLS", 500)
    few = comparisons.comparisons(findings)
    assert 0 < len(re.findall('<td class="n">(?!<span class="none">)', few)) <= 500
    assert f"of the {len(findings.differences):,} comparisons of" in few
    assert "Best with simulation</td><td>Best without simulation" in few


def test_charts_follow_the_colours_of_the_page(text: str) -> None:
    assert "#0102" not in text
    assert "currentColor" in text
    assert "var(--simulation)" in text


@pytest.mark.usefixtures("bare")
def test_names_from_data_stay_text(summary: dict[str, Any]) -> None:
    nasty = "<script>alert('1')</script>&\""
    changed = copy.deepcopy(summary)
    for row in [*changed["results"], *changed["comparisons"]]:
        row["site"] = nasty if row["site"] == "harbour" else row["site"]
        row["arm"] = nasty if row["arm"] == "real_jitter" else row["arm"]
    logs = changed["logs"]
    logs["test"][nasty] = logs["test"].pop("harbour")
    logs["test"][nasty]["kinds"] = {nasty: 91}
    logs["train"]["unit"] = nasty
    for found in logs["left_out"]["examined"]:
        found |= {"recording": nasty, "reason": nasty, "check": nasty}
    for group in changed["families"]["groups"]:
        group |= {"name": nasty, "families": [nasty]}
    for row in [*changed["sizes"], *changed["families"]["variants"]]:
        row["name"] = nasty
        row["detector"] = nasty
    for recipe in changed["recipes"]:
        recipe |= {"cure": nasty, "balance": nasty, "capacity": nasty}
    changed["settings"] = {nasty: nasty}
    changed["audit"] = {nasty: {nasty: nasty}}
    changed["cost"] = {nasty: 3.0}
    text = page(changed)
    assert "<script" not in text
    assert "script" not in Tags(text).names
    assert "&lt;script&gt;" in text


@pytest.mark.usefixtures("bare")
def test_optional_parts_may_be_absent(summary: dict[str, Any]) -> None:
    without = {k: v for k, v in summary.items() if k not in ("audit", "cost", "settings")}
    assert "Audit" not in page(without)
    one = [row for row in summary["sizes"] if row["regime"] == "new_site"]
    assert "Same site, gradient-boosted trees" not in page({**without, "sizes": one})
    for name in ("recipes", "sizes", "families"):
        without.pop(name)
    told = page(without)
    assert "Families were not valued in this study." in told
    assert "Sizes of the simulated set were not tried in this study." in told


def test_a_single_size_and_regime_still_make_a_page(summary: dict[str, Any]) -> None:
    kept = copy.deepcopy(summary)
    for part in ("results", "comparisons"):
        kept[part] = [
            r for r in kept[part] if r["fraction"] in (None, 1.0) and r["regime"] == "new_site"
        ]
    text = page(kept)
    assert "share of the recordings" not in text
    assert "nothing was tested in this study" in text


def test_numbers_of_the_chart_are_those_of_the_summary(summary: dict[str, Any]) -> None:
    findings = Findings.of(summary)
    table = plots._share_table(findings, "recall_at_30_fah", "new_site")
    row = table[(table["arm"] == BASE_ARM) & (table["x"] == 0.25)].iloc[0]
    wanted = next(
        r
        for r in summary["results"]
        if (r["arm"], r["detector"], r["fraction"]) == (BASE_ARM, "chosen", 0.25)
        and (r["regime"], r["site"], r["metric"]) == ("new_site", POOLED, "recall_at_30_fah")
        and (r["kind"], r["slice"]) == (None, None)
    )
    assert row["mean"] == pytest.approx(100 * wanted["mean"])
    assert row["high"] == pytest.approx(100 * wanted["high"])


def test_the_axis_of_a_chart_fits_its_data() -> None:
    far = pd.DataFrame({"mean": [80.0], "low": [76.0], "high": [84.0]})
    low, high = plots._domain([far])
    assert 70 < low < 76
    assert 84 < high < 90
    near = pd.DataFrame({"mean": [5.0], "low": [1.0], "high": [9.0]})
    assert plots._domain([near])[0] == 0.0


@pytest.mark.usefixtures("bare")
def test_undefined_scores_are_dashes(summary: dict[str, Any]) -> None:
    holes = copy.deepcopy(summary)
    for row in holes["results"]:
        if row["metric"] == "lead_time_s" or row["arm"] == "physics_thw":
            row["mean"] = row["low"] = row["high"] = None
    assert 'class="none"' in page(holes)


def test_shares_of_cost_add_up(summary: dict[str, Any]) -> None:
    text = extras.cost(summary).replace("\N{NO-BREAK SPACE}", " ")
    assert "everything else" in text
    assert "100 %" in text


def test_write_into_a_folder(tmp_path: Path, summary: dict[str, Any]) -> None:
    path = write(summary, out=tmp_path)
    assert path == tmp_path / "report.html"
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("form", "named", "says", "silent"),
    [
        ("rear_end", "rear-end conflicts", "collision to the lead under 3 s", "post-encroachment"),
        ("crossing", "the crossing form", "post-encroachment time under 1 s", "to the lead under"),
        (
            "either",
            "rear-end conflicts and conflicts in the plane",
            "under 1.5 s",
            "nothing like it",
        ),
    ],
)
@pytest.mark.usefixtures("bare")
def test_the_form_of_conflict_is_told_in_words(
    summary: dict[str, Any], form: str, named: str, says: str, silent: str
) -> None:
    told = page({**summary, "conflict": {"form": form}})
    assert named in told[told.index("This rests on") :][:100]
    assert says in told
    assert silent not in told


@pytest.mark.usefixtures("bare")
def test_how_many_conflicts_of_each_kind_is_told(summary: dict[str, Any]) -> None:
    kinds = {"train": {"crossing": 3, "lead": 2}, "test": {"encroachment": 7}}
    told = page({**summary, "logs": {**summary["logs"], "kinds": kinds}})
    assert "7 by post-encroachment time to test on" in told
    assert "3 with crossing traffic and 2 with the lead to train on" in told


@pytest.mark.usefixtures("bare")
def test_thresholds_that_are_not_the_usual_ones_are_told(summary: dict[str, Any]) -> None:
    changed = {"form": "crossing", "ttc_2d_s": 2.0, "pet_s": 1.5, "from_s": 1.0}
    told = page({**summary, "conflict": changed})
    for text in ("velocity under 2 s", "post-encroachment time under 1.5 s", "within 1 to 3 s"):
        assert text in told


def test_a_summary_that_names_no_form_rests_on_the_lead(text: str) -> None:
    assert "This rests on rear-end conflicts in field-style logs" in text


def test_few_recordings_with_simulation_are_compared_in_pairs(summary: dict[str, Any]) -> None:
    told = page(summary)
    assert "paired difference +0.080" in told.replace("\N{MINUS SIGN}", "-")
    del summary["fewer_recordings"]
    assert "(the difference is not identified)" in page(summary)
