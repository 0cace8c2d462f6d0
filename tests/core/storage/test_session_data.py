"""The data of a session: a small file's rows are in it, a large one's hash."""

import numpy as np
import pytest
from sessions import bits, csv, reopened
from timelines import of_config

from nn_core.errors import RequestError
from nn_core.storage.session import dumps, open_session
from nn_core.storage.session_data import EMBEDDED


@pytest.mark.parametrize("scale", [False, True])
def test_a_small_file_of_data_is_embedded(tmp_path, scale):
    path = csv(tmp_path / "mine.csv", 12)
    timeline = of_config(data=str(path), scale=scale)
    timeline.advance(20)
    text = dumps(timeline)
    path.unlink()
    (tmp_path / "run.json").write_text(text)
    opened = open_session(tmp_path / "run.json")
    assert bits(opened) == bits(timeline)
    np.testing.assert_array_equal(opened.trainer.data.raw_y, timeline.trainer.data.raw_y)
    assert opened.trainer.data.y_name == "distance"


def test_of_a_large_file_the_hash_is_stored_and_checked(tmp_path):
    path = csv(tmp_path / "large.csv", EMBEDDED // 2 + 1)
    timeline = of_config(data=str(path))
    timeline.advance(3)
    saved = tmp_path / "elsewhere" / "run.json"
    saved.parent.mkdir()
    saved.write_text(dumps(timeline))
    assert saved.stat().st_size < 2000
    assert bits(open_session(saved)) == bits(timeline)
    content = path.read_text()
    path.rename(saved.parent / "large.csv")  # they may have moved together
    assert bits(open_session(saved)) == bits(timeline)
    (saved.parent / "large.csv").write_text(content.replace("1", "2", 1))
    with pytest.raises(RequestError, match=r"large\.csv has changed since it was saved"):
        open_session(saved)
    (saved.parent / "large.csv").unlink()
    with pytest.raises(RequestError, match=r"large\.csv is not there, nor beside the file"):
        open_session(saved)


def test_a_large_file_that_has_changed_since_it_was_read_is_embedded(tmp_path):
    path = csv(tmp_path / "large.csv", EMBEDDED // 2 + 1)
    timeline = of_config(data=str(path))
    csv(path, 5)
    assert bits(reopened(timeline, tmp_path)) == bits(timeline)
