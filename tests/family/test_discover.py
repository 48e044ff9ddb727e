"""Families of installed packages: a broken package is named, and stops nobody else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BROKEN = (
    ("raises", "raise RuntimeError('no such sensor')\n", "no such sensor"),
    ("wants", "import no_such_package_at_all\n", "no_such_package_at_all"),
    ("leaves", "import sys\nsys.exit(3)\n", ""),
    (
        "halfway",
        "from sim.base.dist import Constant\nfrom sim.family import Family, quantity, register\n"
        '@register("half_a_package")\nclass Half(Family):\n    """Half. lane"""\n'
        '    speed = quantity(Constant(1.0), unit="mps", source="made up", status="engineering")\n',
        "",
    ),
)


@pytest.mark.parametrize(("module", "text", "told"), BROKEN)
def test_a_broken_package_is_named_and_the_rest_is_listed(
    module: str, text: str, told: str, tmp_path: Path
) -> None:
    (tmp_path / f"family_that_{module}.py").write_text(text)
    info = tmp_path / f"pack_{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: pack-{module}\nVersion: 1.0\n")
    entry = f"[closecall.families]\nmine = family_that_{module}\n"
    (info / "entry_points.txt").write_text(entry)
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli.main", "list"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(tmp_path)))},
    )
    assert done.returncode == 0, done.stderr
    assert "cut_in" in done.stdout
    assert "half_a_package" not in done.stdout
    assert f"pack-{module}" in done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
