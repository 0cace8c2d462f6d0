"""Settings that runs of property tests begin with, where more than one file draws from them."""

WITH_CLASSES = (
    {
        "data": "above",
        "rows": 30,
        "loss": "cross-entropy",
        "features": ("x1", "x1*x2"),
        "model": "mlp",
        "hidden": (2,),
        "validation": 0.2,
        "class_weight": "balanced",
    },
    {"data": "penguins", "scale": True, "model": "mlp", "hidden": (3,), "batch_size": 90},
)
