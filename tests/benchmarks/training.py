"""The speed of a training step: against PyTorch, its own arithmetic, and itself unrecorded."""

import io
import itertools
import os
from collections.abc import Iterator
from typing import Any

import numpy as np
from measure import Bar, Row, Run, Skipped, Timings, at_least, at_most, interleave

from nn_core.config.experiments import EXPERIMENTS
from nn_core.data.datasets import Dataset, load, noisy_quadratic
from nn_core.data.functions import TARGETS
from nn_core.models import MLP, Model, Quadratic, RectifiedLines
from nn_core.run.timeline import Timeline
from nn_core.training.trainer import Trainer

RATE = 0.01
EAGER = "PyTorch eager as the lesson writes it"
OPTIMIZERS = {"sgd": "SGD", "adam": "Adam"}  # ours and PyTorch's
PRECISIONS = ("float32", "float64")


def lesson_data(rows: int) -> Dataset:
    """The lesson's 20 points, or as noisy a quadratic on more."""
    if rows == 20:
        return noisy_quadratic()
    x = np.linspace(-2.0, 2.0, rows)[:, None]
    random = np.random.default_rng(0)
    y = TARGETS["lesson"].function(x) * (1 + random.normal(0, 0.15, x.shape)) + random.normal(
        0, 1.5, x.shape
    )
    return Dataset(x, y)


def load_torch() -> Any:
    """PyTorch with the threads it would take by itself; None where it isn't installed."""
    try:
        import torch
    except ImportError:
        return None
    torch.set_num_threads(len(os.sched_getaffinity(0)))  # nn_core asked for one, for NumPy
    return torch


# --- the lesson's own models ------------------------------------------------------------------


def lesson() -> Iterator[Row | Skipped]:
    """The quadratic and the double ReLU against the lesson's code."""
    torch = load_torch()
    if torch is None:
        yield Skipped("the lesson's models against PyTorch", "PyTorch is not installed")
        return
    from lesson import mk_double_relu, mk_quad

    for name, rows, model, make, bar in (
        ("quadratic, 20 rows", 20, Quadratic(), mk_quad, at_least(40)),
        ("quadratic, 2000 rows", 2000, Quadratic(), mk_quad, at_least(20)),
        ("quadratic, 2000 rows, float32", 2000, Quadratic(dtype="float32"), mk_quad, at_least(20)),
        ("double ReLU, 20 rows", 20, RectifiedLines(), mk_double_relu, at_least(30)),
    ):
        data = lesson_data(rows)
        start = model.flat.tolist()
        twin = model.astype(str(model.flat.dtype))
        timeline = Timeline(Trainer(twin, data, loss="mae", learning_rate=RATE))
        timings = interleave({
            "trainer": Trainer(model, data, loss="mae", learning_rate=RATE).run,
            "timeline": timeline.advance,
            "recorded": eager(torch, make, start, data, prints=False),
            "printed": eager(torch, make, start, data, prints=True),
        })  # fmt: skip
        what = f"step of the {name}"
        for ours, way in (("trainer", "Trainer.run"), ("timeline", "Timeline.advance")):
            for theirs, how, held in (
                ("recorded", "loss and history kept", bar),
                ("printed", "loss only printed", None),
            ):
                yield timings.speed_up(f"{what}, {way}", f"{EAGER}, {how}", ours, theirs, held)


def eager(torch: Any, make: Any, start: list[float], data: Dataset, prints: bool) -> Run:
    """The lesson's loop.  It keeps losses and parameters, or prints the loss and keeps nothing."""
    from lesson import mae

    x, y = torch.from_numpy(data.x).float(), torch.from_numpy(data.y)  # as the lesson's are
    params = torch.tensor(start).requires_grad_()

    def loss_of(params: Any) -> Any:
        f = make(*params)
        return mae(f(x), y)

    def keep(steps: int) -> object:
        losses, history = [], []
        for _ in range(steps):
            loss = loss_of(params)
            loss.backward()
            with torch.no_grad():
                params.sub_(params.grad * RATE)
                params.grad.zero_()
            losses.append(loss.item())
            history.append(params.detach().clone())
        return losses, history

    def print_only(steps: int) -> object:
        out = io.StringIO()
        for i in range(steps):
            loss = loss_of(params)
            loss.backward()
            with torch.no_grad():
                params.sub_(params.grad * RATE)
                params.grad.zero_()
            print(f"step={i}; loss={loss:.2f}", file=out)
        return out

    return print_only if prints else keep


# --- networks ---------------------------------------------------------------------------------


def networks() -> Iterator[Row | Skipped]:
    """Networks on a full batch against `nn.Sequential`."""
    torch = load_torch()
    if torch is None:
        yield Skipped("networks against PyTorch", "PyTorch is not installed")
        return
    for sizes, bars in (((1, 16, 1), (28, 20, 7)), ((1, 64, 64, 1), (12, 3.5, 1.2))):
        for rows, bar in zip((20, 200, 2000), bars, strict=True):
            data = lesson_data(rows)
            timings = _against_sequential(torch, sizes, data, {})
            yield from _by_precision(f"step of {_name(sizes)}, {rows} rows", timings, at_least(bar))


def adam() -> Iterator[Row | Skipped]:
    """Networks on a full batch under Adam against `nn.Sequential` under PyTorch's."""
    torch = load_torch()
    if torch is None:
        yield Skipped("networks under Adam against PyTorch", "PyTorch is not installed")
        return
    for sizes, rows, bar in (((1, 16, 1), 20, 30), ((1, 64, 64, 1), 200, 5)):
        settings = {"optimizer": "adam"}
        timings = _against_sequential(torch, sizes, lesson_data(rows), settings)
        what = f"step of {_name(sizes)}, {rows} rows, Adam"
        yield from _by_precision(what, timings, at_least(bar), "adam")


WIDE, BATCH = (2, 128, 128, 1), 32


def _wide_data() -> Dataset:
    x = np.random.default_rng(0).normal(size=(2000, 2))
    return Dataset(x, np.sin(x[:, :1]) * x[:, 1:])


def batches() -> Iterator[Row | Skipped]:
    """An epoch in small batches against the same in PyTorch."""
    torch = load_torch()
    if torch is None:
        yield Skipped("an epoch in batches against PyTorch", "PyTorch is not installed")
        return
    for optimizer, bar in (("sgd", 5), ("adam", 5.5)):
        settings = {"batch_size": BATCH, "optimizer": optimizer}
        timings = _against_sequential(torch, WIDE, _wide_data(), settings)
        title = f"epoch of {_name(WIDE)}, 2000 rows by {BATCH}, {OPTIMIZERS[optimizer]}"
        yield from _by_precision(title, timings, at_least(bar), optimizer)


def classes() -> Iterator[Row | Skipped]:
    """An epoch of the digits in small batches against the same in PyTorch."""
    torch = load_torch()
    if torch is None:
        yield Skipped("an epoch of digits against PyTorch", "PyTorch is not installed")
        return
    config = EXPERIMENTS["digits"].config
    data = load(config)
    sizes = (data.x.shape[1], *config.hidden, len(data.classes))
    for optimizer in OPTIMIZERS:
        settings = {"batch_size": BATCH, "optimizer": optimizer}
        timings = _against_sequential(torch, sizes, data, settings)
        title = f"epoch of digits, {_name(sizes)}, by {BATCH}, {OPTIMIZERS[optimizer]}"
        yield from _by_precision(title, timings, at_least(6), optimizer)


def _against_sequential(
    torch: Any, sizes: tuple[int, ...], data: Dataset, settings: dict[str, Any]
) -> Timings:
    """Time an epoch in either precision, and in PyTorch in its default one, float32."""
    runs: dict[str, Run] = {}
    loss = "cross-entropy" if data.classes else "mse"
    for dtype in PRECISIONS:
        model = MLP(sizes, dtype=dtype)
        trainer = Trainer(model, data, loss=loss, learning_rate=RATE, **settings)
        runs[dtype] = _epochs(trainer)
    batch_size, optimizer = settings.get("batch_size", data.rows), settings.get("optimizer", "sgd")
    runs["torch"] = sequential(torch, sizes, data, batch_size, OPTIMIZERS[optimizer])
    return interleave(runs)


def _epochs(trainer: Trainer) -> Run:
    steps = trainer.steps_per_epoch
    return lambda epochs: trainer.run(steps * epochs)


def _by_precision(
    what: str, timings: Timings, bar: Bar, optimizer: str = "sgd"
) -> Iterator[Row]:  # fmt: skip
    against = f"nn.Sequential + optim.{OPTIMIZERS[optimizer]}"
    for dtype in PRECISIONS:
        yield timings.speed_up(f"{what}, {dtype}", against, dtype, "torch", bar)


def sequential(
    torch: Any, sizes: tuple[int, ...], data: Dataset, batch_size: int, optimizer_name: str
) -> Run:
    """Epochs of a network in PyTorch; rows are shuffled where a batch isn't all of them."""
    x = torch.from_numpy(data.x).float()
    y = torch.from_numpy(data.y).float()
    criterion = torch.nn.MSELoss()
    if data.classes:  # PyTorch takes them by number
        y, criterion = y.argmax(dim=1), torch.nn.CrossEntropyLoss()
    layers: list[Any] = []
    for inputs, units in itertools.pairwise(sizes):
        layers += [torch.nn.Linear(inputs, units), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    optimizer = getattr(torch.optim, optimizer_name)(model.parameters(), lr=RATE)

    def step(x: Any, y: Any) -> None:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()

    def full(epochs: int) -> None:
        for _ in range(epochs):
            step(x, y)

    def in_batches(epochs: int) -> None:
        for _ in range(epochs):
            for rows in torch.randperm(len(x)).split(batch_size):
                step(x[rows], y[rows])

    return full if batch_size == data.rows else in_batches


def _name(sizes: tuple[int, ...]) -> str:
    return "-".join(map(str, sizes))


# --- a step's own parts -----------------------------------------------------------------------


def products() -> Iterator[Row]:
    """A wide network's step, and a smaller one's epoch, against the matrix products alone."""
    sizes, batch = (1, 1024, 1024, 1), 256
    data = lesson_data(2048)
    model = MLP(sizes, dtype="float32")
    trainer = Trainer(model, data, loss="mse", learning_rate=1e-3, batch_size=batch)
    runs = {"step": trainer.run, "products": matrix_products(sizes, batch)}
    timings = interleave(runs, seconds=0.1)
    yield timings.speed_up(
        f"step of {_name(sizes)}, batches of {batch}, float32",
        "its matrix products alone", "step", "products", at_least(0.93),
    )  # fmt: skip
    for dtype in PRECISIONS:
        data = _wide_data()
        trainer = Trainer(
            MLP(WIDE, dtype=dtype), data, loss="mse", learning_rate=RATE, batch_size=BATCH
        )
        full, rest = divmod(data.rows, BATCH)
        products = [matrix_products(WIDE, rows, dtype) for rows in (BATCH, rest)]
        runs = {"epoch": _epochs(trainer), "products": _in_batches(products, full)}
        yield interleave(runs).speed_up(
            f"epoch of {_name(WIDE)}, 2000 rows by {BATCH}, {dtype}",
            "its matrix products alone", "epoch", "products", at_least(0.55),
        )  # fmt: skip


def _in_batches(products: list[Run], full: int) -> Run:
    """Epochs of the products of so many full batches and of the rest."""

    def run(epochs: int) -> None:
        for _ in range(epochs):
            products[0](full)
            products[1](1)

    return run


def matrix_products(sizes: tuple[int, ...], batch: int, dtype: str = "float32") -> Run:
    """The products of a forward and a backward pass, into arrays of their own."""
    random = np.random.default_rng(0)

    def array(*shape: int) -> Any:
        return random.normal(size=shape).astype(dtype)

    calls = []
    for layer, (inputs, units) in enumerate(itertools.pairwise(sizes)):
        block, below, slope = (
            array(units, inputs + 1),
            array(inputs + 1, batch),
            array(units, batch),
        )
        weights = array(units, inputs)
        calls.append((block.dot, below, array(units, batch)))
        calls.append((slope.dot, below.T, array(units, inputs + 1)))
        if layer:
            calls.append((weights.T.dot, slope, array(inputs, batch)))

    def run(steps: int) -> None:
        for _ in range(steps):
            for dot, other, out in calls:
                dot(other, out)

    return run


def recording() -> Iterator[Row]:
    """What recording losses and gradient norms adds to a step."""
    subjects: tuple[tuple[str, type[Model] | None, tuple[int, ...], float], ...] = (
        ("quadratic, 20 rows", Quadratic, (), 1.2),
        ("double ReLU, 20 rows", RectifiedLines, (), 1.2),
        ("1-16-1, 20 rows", None, (1, 16, 1), 1.2),
        ("1-64-64-1, 20 rows", None, (1, 64, 64, 1), 1.05),
    )
    for name, kind, sizes, bar in subjects:

        def trainer(kind: Any = kind, sizes: tuple[int, ...] = sizes) -> Trainer:
            model = kind() if kind else MLP(sizes)
            loss = "mae" if kind else "mse"
            return Trainer(model, lesson_data(20), loss=loss, learning_rate=RATE)

        timings = interleave({
            "trainer": trainer().run,
            "timeline": Timeline(trainer()).advance,
            "bare": unrecorded(trainer()),
        })  # fmt: skip
        for ours, way in (("trainer", "Trainer.run"), ("timeline", "Timeline.advance")):
            yield timings.cost(
                f"recording history and gradient norms, {name}, {way}",
                "the same step without", ours, "bare", at_most(bar),
            )  # fmt: skip


def unrecorded(trainer: Trainer) -> Run:
    """The trainer's own passes and update in a loop that writes nothing down."""
    current, update, gradient = (
        trainer._batches.current(trainer.state),
        trainer._update,
        trainer._batch_gradient,
    )
    forward, measure, backward = current.forward, current.measure, current.backward

    def run(steps: int) -> None:
        for _ in range(steps):
            forward()
            measure()
            backward()
            update(gradient)

    return run


BENCHMARKS = {
    "lesson": lesson,
    "networks": networks,
    "adam": adam,
    "batches": batches,
    "classes": classes,
    "products": products,
    "recording": recording,
}
