"""Numbers too large to be squared and added up: refused with their place, however they came."""

import json

import numpy as np
import pytest

from nn_core import Config, Dataset, Timeline, Trainer, datasets
from nn_core.data.csv_file import read_table
from nn_core.data.datasets import load
from nn_core.data.schema import Schema
from nn_core.errors import RequestError
from nn_core.storage import session


@pytest.mark.parametrize("scale", [True, False])
@pytest.mark.parametrize("missing", ["refuse", "drop"])
def test_a_file_is_refused_with_row_and_column(tmp_path, scale, missing):
    path = tmp_path / "large.csv"
    path.write_text("speed,way\n1,2\n3,-1e308\n4,1\n", encoding="utf-8")
    with pytest.raises(RequestError, match=r"line 3, column 'way': -1e308 is not between -1e\+150"):
        load(Config(data=str(path), scale=scale, missing=missing))
    path.write_text("speed,way\n1,2\n3,-1e150\n4,1\n", encoding="utf-8")
    assert read_table(path).values[1, 1] == -1e150


@pytest.mark.parametrize("value", [1e151, -1.7e308, np.inf, np.nan])
def test_a_data_set_is_refused_with_row_and_column(value):
    x = np.ones((4, 2))
    x[2, 1] = value
    with pytest.raises(RequestError, match=r"row 3, column 'b': \S+ is not between"):
        Dataset(x, np.ones((4, 1)), Schema.of_numbers(("a", "b")))


@pytest.mark.parametrize("point", [(1e308, 1e308), (0.0, -1e151)])
@pytest.mark.parametrize("scale", [True, False])
def test_a_point_is_refused(point, scale):
    timeline = Timeline(Trainer.from_config(Config(scale=scale)))
    with pytest.raises(RequestError, match="is not between"):
        timeline.do("add_point", x=point[0], y=point[1])
    assert timeline.trainer.data.rows == 20
    assert not timeline.events


def test_noise_is_refused():
    with pytest.raises(RequestError, match="two numbers from 0 to 1e100"):
        Config(noise=(1e308, 1e308))
    assert np.isfinite(datasets.noisy(noise=(1e100, 1e100)).y).all()


def test_a_session_file_is_refused(tmp_path):
    timeline = Timeline(Trainer.from_config(Config()))
    timeline.do("add_point", x=1.0, y=2.0)
    said = json.loads(session.dumps(timeline))
    del said["checksum"]
    said["events"][0]["arguments"]["x"] = 1e308
    path = tmp_path / "large.json"
    path.write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(RequestError, match=r"large.json: .*1e\+308 is not between"):
        session.open_session(path)


@pytest.mark.parametrize("size", [1e-310, 5e-324, 1e-151])
def test_a_column_too_narrow_to_be_scaled_is_refused_in_one_line(tmp_path, size):
    path = tmp_path / "small.csv"
    path.write_text(f"x,y\n0,1\n{size},2\n0,4\n", encoding="utf-8")
    with pytest.raises(RequestError, match=r"column 'x' varies by .* only; it can’t be scaled"):
        load(Config(data=str(path), scale=True))


def test_a_narrow_column_is_scaled_like_a_wide_one():
    narrow = datasets.standardised(Dataset(np.array([[1e-140], [3e-140], [2e-140]]), np.eye(3, 1)))
    wide = datasets.standardised(Dataset(np.array([[1.0], [3.0], [2.0]]), np.eye(3, 1)))
    np.testing.assert_allclose(narrow.x, wide.x, atol=1e-12)
