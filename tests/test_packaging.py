"""Tests what an installed copy holds."""

import subprocess
import sys
import zipfile
from pathlib import Path

from faqbot import __version__

from .conftest import ROOT


def test_the_wheel_carries_the_knowledge_base(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    subprocess.run(
        [*command, "-d", str(tmp_path)], cwd=ROOT, check=True, capture_output=True
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        shipped = {name: archive.read(name) for name in names if name.endswith(".yaml")}
    kept = {
        f"faqbot/{path.relative_to(ROOT).as_posix()}": path.read_bytes()
        for path in (ROOT / "knowledge").rglob("*.yaml")
    }
    assert kept
    assert shipped == kept
    assert "faqbot/py.typed" in names
    assert f"faqbot-{__version__}" in wheel.name


def test_no_python_file_stands_in_the_knowledge_folder() -> None:
    assert not list((ROOT / "knowledge").rglob("*.py"))
