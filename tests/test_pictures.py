"""Every picture that a test is compared with belongs to one."""

from pathlib import Path

import pytest
from pytest_textual_snapshot import SVGImageExtension
from syrupy.location import PyTestLocation


def test_every_picture_belongs_to_a_test(request: pytest.FixtureRequest) -> None:
    """Of those whose file is run; syrupy tells it only where one process runs them all."""
    config = request.config
    used: dict[Path, set[str]] = {}
    for item in request.session.items:
        if isinstance(item, pytest.Function):
            place = SVGImageExtension.get_location(test_location=PyTestLocation(item), index=0)
            used.setdefault(item.path, set()).add(Path(place).name)
    is_partial = config.option.keyword or any("::" in each for each in config.args)
    for picture in Path(__file__).parent.rglob("__snapshots__/*/*"):
        tests = picture.parents[2] / f"{picture.parent.name}.py"
        assert tests.exists(), f"{picture} is of no file of tests"
        assert is_partial or picture.name in used.get(tests, {picture.name}), picture
