"""What a run is saved as: how a name ends says which form, and each is written whole."""

import pytest
from timelines import of_config

from nn_core.disk import write_atomically
from nn_core.errors import RequestError
from nn_core.storage.export import losses_csv, write
from nn_core.storage.forms import FORMS, form_of, require_target
from nn_core.storage.scripts.numpy_script import numpy_script
from nn_core.storage.scripts.torch_script import torch_script
from nn_core.storage.session import open_session


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.suffix)
def test_each_form_is_written_whole_or_not_at_all(form, tmp_path):
    timeline = of_config()
    timeline.advance(3)
    path = tmp_path / f"run{form.suffix}"
    write_atomically(path, b"old")
    with pytest.raises(RequestError):
        write(timeline, tmp_path / "missing" / path.name, "<svg/>")
    assert write(timeline, path, "<svg/>") is form
    assert path.read_bytes() != b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_how_a_name_ends_says_what_is_saved(tmp_path):
    timeline = of_config()
    timeline.advance(3)
    write(timeline, tmp_path / "a.json")
    assert open_session(tmp_path / "a.json").state.step == 3
    write(timeline, tmp_path / "b.safetensors")
    assert of_config(load=str(tmp_path / "b.safetensors")).trainer.loss() == timeline.trainer.loss()
    for name, text in (
        ("c.py", numpy_script(timeline)), ("d.torch.py", torch_script(timeline)),
        ("e.csv", losses_csv(timeline)),
    ):  # fmt: skip
        write(timeline, tmp_path / name)
        assert (tmp_path / name).read_text() == text
    assert form_of(tmp_path / "net.torch.py").title == "PyTorch script"
    for path in (tmp_path / "run", tmp_path / "run.txt", tmp_path / "json"):
        with pytest.raises(RequestError, match=r"must end in \.json \.safetensors"):
            require_target(path)
    with pytest.raises(RequestError, match="there is no screen to make a picture of"):
        write(timeline, tmp_path / "f.svg")
