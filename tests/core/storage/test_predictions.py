"""Predictions for another file's rows: in their order, in its units, from its columns by name."""

import numpy as np
import pytest

from nn_core import Config, Trainer
from nn_core.errors import RequestError
from nn_core.live.file_requests import PredictFile
from nn_core.storage.predictions import beside, predictions_of

TABLE = "size,place,kind\n1,u,a\n2,v,b\n3,u,a\n5,v,b\n4,v,a\n"


@pytest.fixture
def trained(tmp_path):
    """A trainer that has learnt a table a little, and a function that writes another file."""

    def make(text=TABLE, **settings):
        path = tmp_path / "mine.csv"
        path.write_text(text)
        config = Config(
            model="mlp", hidden=(4,), data=str(path), loss="mse", scale=True, **settings
        )
        trainer = Trainer.from_config(config)
        trainer.run(20)
        return trainer

    def new(text):
        path = tmp_path / "new.csv"
        path.write_text(text)
        return path

    return make, new


def test_classes_are_named_with_their_probabilities(trained):
    make, new = trained
    trainer = make(x=("size", "place"))
    text, rows, gaps = predictions_of(trainer, new("other,place,size\nz,v,7\nz,u,\nz,u,1\n"))
    lines = text.splitlines()
    assert (rows, gaps) == (3, 1)
    assert lines[0] == "kind,p(a),p(b)"
    assert lines[2] == ",,"  # a cell is missing
    kind, *chances = lines[1].split(",")
    raw = np.array([[7.0, 1.0]])
    logit = trainer.model.predict(trainer.data.schema.encoded(raw))[0, 0]
    second = 1 / (1 + np.exp(-logit))
    np.testing.assert_allclose(np.array(chances, float), [1 - second, second], atol=1e-12)
    assert kind == ("b" if second > 0.5 else "a")


def test_numbers_are_in_the_units_of_the_file_and_gaps_are_filled_as_in_training(trained):
    make, new = trained
    text = "a,b,c\n1,10,200\n2,30,500\n,20,400\n4,15,100\n"
    trainer = make(text, y=("b", "c"), missing="mean")
    lines = predictions_of(trainer, new("a\n2\n\n7\n")).text.splitlines()
    assert lines[0] == "b,c"
    data = trainer.data
    wanted = data.y_scaling.undo(trainer.model.predict(data.schema.encoded(np.array([[2.0], [7]]))))
    found = np.array([line.split(",") for line in lines[1:]], float)
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("size\n1\n", "there is no column 'place'; there are size"),
        ("size,place\n1,w\n", "column 'place' has 'w', which the rows to train on don’t have"),
        ("size,place\nbig,u\n1,u\n2,v\n", "line 2, column 'size': 'big' is not a number"),
    ],
)
def test_rows_that_do_not_fit_are_refused(trained, text, fault):
    make, new = trained
    with pytest.raises(RequestError, match=fault):
        predictions_of(make(x=("size", "place")), new(text))


@pytest.mark.parametrize(
    ("rows", "name"),
    [("new.csv", "new.predictions.csv"), ("new.tsv.gz", "new.predictions.csv"),
     ("a.b.csv", "a.b.predictions.csv"), ("new", "new.predictions.csv")],
)  # fmt: skip
def test_predictions_are_written_beside_the_rows(tmp_path, rows, name):
    assert beside(tmp_path / rows) == tmp_path / name


def test_a_person_on_the_screen_gets_what_the_command_line_writes(
    laboratory, tmp_path, trained, monkeypatch
):
    make, new = trained
    make()
    monkeypatch.chdir(tmp_path)
    new("size,place\n7,v\n,u\n1,u\n")
    with laboratory(model="mlp", hidden=(4,), data="mine.csv", loss="cross-entropy") as lab:
        said = lab.ask(PredictFile("new.csv")).outcome.sentence
        assert said == (
            "Predictions for 3 rows in new.predictions.csv; 1 without, for want of a cell."
        )
        written = (tmp_path / "new.predictions.csv").read_text()
        config = lab.snapshot.config
        assert written == predictions_of(Trainer.from_config(config), tmp_path / "new.csv").text
        assert "there is no such file" in lab.ask(PredictFile("none.csv")).complaint
        new("place\nu\n")
        assert "there is no column 'size'" in lab.ask(PredictFile("new.csv")).complaint
        assert (tmp_path / "new.predictions.csv").read_text() == written
