"""Tables as people have them: what is told by their first rows, which columns become inputs."""

import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core import Config, Dataset
from nn_core.data.cells import kind_of
from nn_core.data.csv_file import open_csv
from nn_core.data.datasets import from_table, load
from nn_core.errors import RequestError

PEOPLE = (
    ",name,born,member,height,weight,city\n"
    "0,Ann,1980-05-01,True,1.70,60,Bern\n"
    "1,Bob,1990-01-30,False,1.80,,Basel\n"
    "2,Cid,1985-12-24,True,,75,Bern\n"
    "3,Dee,1970-07-07,True,1.60,55,Chur\n"
    "4,Eva,1999-09-09,False,1.75,70,Basel\n"
)


@pytest.fixture
def mine(tmp_path):
    """Load the data of a text as a file."""

    def load_text(text, name="mine.csv", **settings):
        path = tmp_path / name
        content = text if isinstance(text, bytes) else text.encode()
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        for option in ("x", "y", "drop", "features"):
            if isinstance(settings.get(option), str):
                settings[option] = tuple(settings[option].split())
        return load(Config(data=str(path), **settings))

    return load_text


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "2.5", "-3e2"], "number"),
        (["1", "2", "x"], "number"),  # one fault in numbers is worth a message
        (["x", "y", "1"], "text"),
        (["True", "false", ""], "truth"),
        (["2020-01-31", "NA", "1999-12-01 10:30"], "date"),
        (["31.12.2020", "1/2/99"], "date"),
        (["", "NA", "null"], "empty"),
        (["a"], "text"),
        (["1"] * 96 + ["x"] * 4, "number"),
        (["1"] * 90 + ["x"] * 10, "text"),
    ],
)
def test_what_a_column_holds(cells, kind):
    assert kind_of(cells) == kind


def test_numbers_are_inputs_and_the_rest_is_left_out_and_named(mine):
    data = mine(PEOPLE, y="weight")
    assert (data.x_names, data.y_name, data.dropped) == (("height",), "weight", 2)
    assert data.notes == (
        "left out: the first column, which has no name",
        "left out: name, city (text)",
        "left out: member (True and False)",
        "left out: born (dates)",
        "2 rows with missing cells dropped (lines 3, 4)",
    )


@pytest.mark.parametrize(
    ("name", "start", "inputs"),
    [
        ("Unnamed: 0", 0, ("a",)),
        ("Id", 1, ("a",)),
        ("PassengerId", 1, ("a",)),
        ("index", 5, ("index", "a")),  # goes up by 1, but doesn't count from the first row
        ("x", 0, ("x", "a")),
    ],
)
def test_a_column_that_counts_the_rows_is_no_input_unless_named(mine, name, start, inputs):
    rows = [f"{at},{at % 3},{'uv'[at % 2]}" for at in range(start, start + 9)]
    text = "\n".join([f"{name},a,kind", *rows])
    assert mine(text).x_names == inputs
    assert mine(text, x=(name,)).x_names == (name,)
    columns = {name: list(range(start, start + 9)), "a": [1, 2, 3] * 3, "y": [1.0, 2, 3] * 3}
    assert Dataset.from_columns(columns).x_names == inputs


def test_what_counts_the_rows_is_an_input_where_there_is_no_other(mine):
    assert mine("index,y\n0,3\n1,5\n2,7\n").x_names == ("index",)


def test_names_of_rows_and_dates_are_no_target_unless_named(mine):
    """A table of cars, its names last and gaps written as the UCI repository writes them."""
    rows = [f"{at},{'?' if at == 3 else at * at},{at % 3},car {at}" for at in range(30)]
    text = "\n".join(["mpg,horsepower,origin,car name", *rows])
    data = mine(text)
    assert (data.y_name, data.x_names, data.dropped) == ("origin", ("mpg", "horsepower"), 1)
    assert data.notes == (
        "target: origin, the last column that can be one",
        "left out: car name (nearly every text another)",
        "1 row with missing cells dropped (line 5)",
    )
    assert len(mine(text, y="car?name").classes) == 29
    assert mine("a,b,day\n1,2,2020-01-01\n2,5,2020-01-02\n").y_name == "b"


def test_columns_without_a_name_that_hold_nothing_are_left_out(mine):
    data = mine("x,y,,\n1,2,,\n2,4,,\n")
    assert (data.x_names, data.y_name, data.rows) == (("x",), "y", 2)


def test_texts_become_an_input_for_each_of_them(mine):
    data = mine(PEOPLE, x="city height", y="weight")
    assert data.x_names == ("city=Basel", "city=Bern", "city=Chur", "height")
    np.testing.assert_array_equal(data.x, [[0, 1, 0, 1.7], [0, 0, 1, 1.6], [1, 0, 0, 1.75]])
    np.testing.assert_array_equal(data.schema.encoded(data.raw_columns), data.x)


def test_all_takes_texts_and_truths_and_drop_leaves_columns_out(mine):
    data = mine(PEOPLE, x="all", drop="name", y="weight")
    assert data.x_names == ("member", "height", "city=Basel", "city=Bern", "city=Chur")
    assert data.x[:, 0].tolist() == [1, 1, 0]
    assert "left out: born (dates)" in data.notes


def test_wildcards_choose_and_drop(mine):
    text = "pixel_0,pixel_1,pixel_2,pixel_9,digit\n1,2,7,4,5\n2,3,7,6,7\n"
    data = mine(text, x="pixel_*", drop="*_9", y="digit")
    assert data.x_names == ("pixel_0", "pixel_1")
    assert data.notes == ("left out: pixel_2 (7 in every row)",)
    with pytest.raises(RequestError, match=r"there is no column 'voxel_\*'; there are pixel_0"):
        mine(text, x="voxel_*")


def test_a_name_with_a_comma_is_quoted(mine):
    text = '"price, net",area\n1,2\n2,4\n'
    assert mine(text, x=("price, net",), y="area").x_names == ("price, net",)


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("x;y\n1,5;2\n2,5;3\n", ("semicolons between cells", "decimal commas")),
        ("x;y\n1.5;2\n2.5;3\n", ("semicolons between cells",)),
        ("x\ty\n1.5\t2\n2.5\t3\n", ("tabs between cells",)),
        ('x;y\r\n"1,5";2\r\n2,5;3\r\n', ("semicolons between cells", "decimal commas")),
        ("\ufeffx,y\r\n1.5,2\r\n2.5,3\r\n", ()),
    ],
)
def test_the_separator_is_told_by_the_header_and_said(mine, text, notes):
    data = mine(text)
    assert (data.x.tolist(), data.y.tolist()) == ([[1.5], [2.5]], [[2], [3]])
    assert data.notes == notes


def test_a_header_that_has_another_separator_in_a_name(mine):
    assert mine("length (m, cm);y\n1;2\n2;4\n").x_names == ("length (m, cm)",)


def test_beside_decimal_commas_a_point_is_refused(mine):
    with pytest.raises(RequestError, match=r"line 3, column 'x': '1\.23' is not a number; decim"):
        mine("x;y\n1,5;2\n1.23;3\n3,5;4\n")


def test_beside_decimal_commas_points_before_three_digits_are_of_thousands(mine):
    """A column of 19.686 beside 3,5 was text, and left out."""
    data = mine("x;y\n" + "3,5;1\n19.686;2\n-1.234,5;3\n" * 4)
    assert data.x[:3].tolist() == [[3.5], [19686], [-1234.5]]
    assert "numbers read without thousands separators" in data.notes


def test_where_some_points_cannot_be_of_thousands_the_column_is_text_and_why_is_said(mine):
    data = mine("x;z;y\n" + "3,5;1,5;1\n19.68;2,5;2\n19.686;1;3\n" * 4)
    assert data.x_names == ("z",)
    assert "points beside decimal commas: text in x" in data.notes
    assert "left out: x (text)" in data.notes


def test_a_compressed_file_is_read(mine, tmp_path):
    assert mine("x,y\n1,2\n2,4\n", "mine.csv.gz").y.tolist() == [[2], [4]]
    path = tmp_path / "mine.csv.gz"
    path.write_bytes(path.read_bytes()[:25])
    with pytest.raises(RequestError, match="this is not a whole gzip file"):
        load(Config(data=str(path)))


def test_only_chosen_columns_are_parsed(mine):
    text = "a,b,note,y\n1,2,fine,3\n4,x,bad,5\n"
    assert mine(text, x="a", y="y").x.tolist() == [[1], [4]]
    with pytest.raises(RequestError, match="line 3, column 'b': 'x' is not a number"):
        mine(text, x="a b", y="y")


def test_a_row_of_another_length_is_found_though_its_columns_are_not_chosen(mine):
    with pytest.raises(RequestError, match="line 4 has 4 cells; the header has 3"):
        mine("a,b,y\n1,2,3\n4,5,6\n1,5,2,7\n", x="a", y="y")


def test_a_quoted_cell_may_hold_a_line_end(mine):
    text = 'note,x,y\n"two\nlines",1,2\nplain,2,4\n"z",3,bad\nw,4,5\n'
    with pytest.raises(RequestError, match="line 5, column 'y': 'bad' is not a number"):
        mine(text)


# --- missing cells -------------------------------------------------------------------------------


def test_missing_cells_are_filled_with_the_mean_of_the_training_rows(mine):
    text = "x,c,y,hold\n1,u,1,\n,u,2,\n3,,3,\n,v,4,test\n100,v,5,test\n"
    data = mine(text, x="x c", y="y", missing="mean", test_column="hold")
    assert data.x.tolist() == [[1, 1, 0], [2, 1, 0], [3, 1, 0]]
    assert data.validation.x.tolist() == [[2, 0, 1], [100, 0, 1]]
    assert "3 missing cells filled" in data.notes


def test_a_missing_target_is_dropped_even_where_inputs_are_filled(mine):
    data = mine("x,y\n1,2\n2,\n,3\n3,4\n", missing="mean")
    assert (data.rows, data.dropped) == (3, 1)


# --- targets -------------------------------------------------------------------------------------


def test_a_target_of_texts_is_classes_in_the_order_of_the_alphabet(mine):
    data = mine("x,kind\n1,z\n2,a\n3,m\n4,a\n")
    assert data.classes == ("a", "m", "z")
    assert data.y.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0], [1, 0, 0]]
    assert data.labels.tolist() == [2, 0, 1, 0]


def test_two_classes_are_one_output_the_second(mine):
    data = mine("x,ok\n1,True\n2,False\n3,True\n")
    assert (data.classes, data.y.tolist()) == (("False", "True"), [[1], [0], [1]])


def test_numbers_are_classes_by_size_where_they_are_asked_for():
    data = Dataset.from_columns({"x": [1, 2, 3], "y": [10, 9, 10]}, classes=True)
    assert (data.classes, data.labels.tolist()) == (("9", "10"), [1, 0, 1])


def test_several_targets_are_several_outputs(mine):
    data = mine("a,b,c\n1,2,3\n4,6,5\n", y="b c")
    assert (data.x.tolist(), data.y.tolist()) == ([[1], [4]], [[2, 3], [6, 5]])
    assert data.y_name == "b, c"


@pytest.mark.parametrize(
    ("text", "settings", "fault"),
    [
        ("x,kind\n1,a\n2,a\n", {}, "column 'kind' is a in every row; at least two classes"),
        ("x,kind,y\n1,a,1\n2,b,2\n", {"y": "kind y"}, "'kind' holds classes; they are learnt al"),
        ("x,day\n1,2020-01-01\n2,2020-01-02\n", {}, "the target 'day' holds dates"),
        (
            "d,y\n2020-01-01,1\n2020-01-02,2\n",
            {"x": "d"},
            "'d' holds dates; they can’t be an input",
        ),
        (
            "t,y\na,1\nb,2\n",
            {},
            "no column of numbers is left as an input; name some of t with --x",
        ),
        ("x,y\n1,2\n2,3\n", {"features": "x1"}, "features are made of two columns of numbers"),
        ("x,y,z\n1,2,3\n2,3,4\n", {"test_column": "x", "y": "z"}, None),
        ("x,y,z\n3,2,3\n2,3,4\n", {"test_column": "x", "y": "z"}, "'x' holds back no row"),
    ],
)
def test_what_cannot_be_learnt_and_why(mine, text, settings, fault):
    if fault is None:
        assert mine(text + "4,5,6\n3,2,1\n", **settings).validation.rows == 1
    else:
        with pytest.raises(RequestError, match=fault):
            mine(text, **settings)


# --- rows held back ------------------------------------------------------------------------------


def test_another_file_is_validated_on_by_the_names_of_its_columns(mine, tmp_path):
    test = tmp_path / "test.csv"
    test.write_text("kind,more,x,c\nb,1,7,v\na,2,8,u\n,3,9,u\n")
    text = "x,c,kind\n1,u,a\n2,v,b\n3,u,a\n"
    data = mine(text, x="x c", test=str(test), scale=True)
    held = data.validation
    np.testing.assert_allclose(held.raw_x, [[7, 0, 1], [8, 1, 0]])
    assert held.labels.tolist() == [1, 0]
    test.write_text("x,c,kind\n7,v,q\n")
    with pytest.raises(RequestError, match="column 'kind' has 'q', which the rows to train on don"):
        mine(text, x="x c", test=str(test))
    test.write_text("x,kind\n7,a\n")
    with pytest.raises(RequestError, match="there is no column 'c'; there are x, kind"):
        mine(text, x="x c", test=str(test))
    with pytest.raises(RequestError, match="one of validation, test and test column"):
        mine(text, test=str(test), validation=0.5)


# --- from Python ---------------------------------------------------------------------------------


class Frame:
    """What pandas and polars have in common."""

    def __init__(self, **columns):
        self._columns = columns
        self.columns = list(columns)

    def __getitem__(self, name):
        return type("Column", (), {"to_numpy": lambda _: np.array(self._columns[name])})()


def test_columns_from_python_are_taken_as_a_file_would_be():
    columns = {"a": [1, 2, None, 4], "b": ["u", "v", "u", None], "y": np.arange(4.0)}
    data = Dataset.from_columns(columns, x=["a", "b"], missing="mean")
    assert data.x_names == ("a", "b=u", "b=v")
    np.testing.assert_allclose(data.x[:, 0], [1, 2, 7 / 3, 4])
    frame = Frame(a=[1.0, 2.0], s=["x", "y"], t=[True, False])
    assert Dataset.from_columns(frame, y="t").x_names == ("a",)
    assert Dataset.from_columns(frame, x="s", y="a").x.tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        ({}, "there is no column"),
        ({"a": [1, 2], "y": [1]}, "columns have 1, 2 rows; they need as many each"),
        ({"a": [1, float("inf")], "y": [1, 2]}, "row 2, column 'a': inf is not a finite number"),
        ({"a": [1, "x"], "y": [1, 2]}, "column 'a' holds neither numbers nor texts alone"),
        ({"a": np.ones((2, 2)), "y": [1, 2]}, r"column 'a' has the shape \(2, 2\)"),
    ],
)
def test_columns_from_python_that_are_none(columns, fault):
    with pytest.raises(RequestError, match=fault):
        Dataset.from_columns(columns)


# --- hostile tables ------------------------------------------------------------------------------

CELLS = st.sampled_from(
    [
        "1",
        "2.5",
        "NA",
        "",
        "a",
        "b,",
        '"',
        "True",
        "2020-01-01",
        "é",
        "\x1b[2J",
        "1'000",
        "5 %",
        "$",
        "-",
        "−3",
        "1.000,5",
        "CHF",
        "sep=;",
        "|",
    ]
)


@given(
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=8),
    separator=st.sampled_from([",", ";", "\t"]),
)
def test_any_table_is_data_or_one_clear_line(tmp_path_factory, rows, separator):
    path = tmp_path_factory.mktemp("csv") / "any.csv"
    path.write_text("\n".join(separator.join(row) for row in [["a", "b", "c"], *rows]))
    for settings in ({}, {"x": ("all",), "missing": "mean"}, {"scale": True}):
        try:
            data = load(Config(data=str(path), **settings))
        except RequestError as error:
            said = str(error)
        else:
            said = data.source
            assert np.isfinite(data.x).all()
            assert np.isfinite(data.y).all()
        assert said.isprintable()


def test_300_columns_of_which_one_is_constant(tmp_path):
    random = np.random.default_rng(0)
    values = random.normal(size=(50, 300))
    values[:, 7] = 1.0
    path = tmp_path / "wide.csv"
    names = ",".join(f"c{at}" for at in range(300))
    np.savetxt(path, values, "%.17g", ",", header=names, comments="")
    data = load(Config(data=str(path)))
    assert data.x.shape == (50, 298)
    assert data.notes == ("left out: c7 (1 in every row)",)
    np.testing.assert_array_equal(
        from_table(open_csv(path).read(["c3", "c1"])).x[:, 0], values[:, 3]
    )
