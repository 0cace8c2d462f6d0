"""Other words by which people look for what can be done: the one table of them.

An entry stands under the name of its key, of its setting, or under its title in the palette; the
palette lists it where one of the words is typed, or begins so.  A setting's own short names, which
also work where it is given a value, stand with the setting.
"""

_SYNONYMS = {
    # keys
    "step": "redo",
    "step_back": "undo, previous, rewind",
    "jump": "jump, seek, go to step, time travel",
    "steps": "loss by step, table, history, print the losses, losses, list of steps, log",
    "run_or_pause": "play, train, fit the model, start, stop, go",
    "slower": "speed",
    "faster": "speed, quicker",
    "restart": "reset, again, start over, begin, clear",
    "next_mistake": "mistake, mistakes, wrong, misclassified, most wrong, worst, error, errors, "
    "residual, largest error, outlier, point",
    "enter": "edit, change value, set value",
    "lower": "perturb, wiggle, by hand",
    "raise": "perturb, wiggle, by hand",
    "rate_up": "too small, too slow, slow, bigger steps",
    "rate_down": "too large, too high, worse, overshoot, smaller steps",
    "zeroing": "zero_grad, accumulate, forgotten",
    "contest": "contest, exercise, game, play, challenge",
    "hint": "peek, cheat",
    "add_unit": "neuron, wider",
    "remove_unit": "neuron, narrower, prune, remove",
    "place_unit": "neuron, relu, kink, grow, dead unit, revive",
    "add_layer": "deeper, depth",
    "remove_layer": "shallower, depth",
    "switch_unit": "ablate, ablation, neuron, mute, drop, dropout, disable",
    "draw": "digit, handwriting, own, paint",
    "add_point": "row, outlier, new data",
    "remove_point": "row, remove, outlier",
    "view_fit": "curve, plot, graph of the data, most wrong, misclassified",
    "view_step": "backprop, backpropagation, autograd, chain rule, formula, equation, "
    "derivative, phases",
    "view_layer": "matrix, matrices, network, graph, architecture, weights, layers",
    "view_slope": "landscape, surface, loss surface, contour, heatmap, derivative, tangent",
    "view_ReLUs": "kinks, unit, units, neurons, features, filters",
    "view_health": "dead, vanish, vanishing, vanishing gradient, vanishing gradients, exploding, "
    "explode, stuck, saturated, histogram",
    "partner": "landscape, contour",
    "next_target": "output, label, several targets",
    "keep": "pin, hold, fork, branch",
    "kept_runs": "history, table, best, compare, comparison, results, swap, switch runs, branches",
    "save": "export, file, write, store, download",
    "check_gradient": "finite differences, verify, numerical, backprop, derivative",
    "arithmetic": "formula, equation, worked, by hand, terms",
    "measure": "accuracy, precision, recall, confusion, confusion matrix, confused, f1, variance, "
    "r2, r², rmse, score, errors, wrong, misclassified, test, evaluate, metrics, confused pairs",
    "lessons": "exercise, course, tutorial, introduction, intro, learn, homework, class, teach",
    "predict": "quiz, guess",
    "options": "settings, preferences, config, change, hyperparameters",
    "help": "keys, shortcuts, manual, glossary, terms, legend, explain, meaning",
    "redraw": "refresh, clear",
    "quit": "exit, close, leave, end",
    # settings
    "model": "architecture, network, kind",
    "hidden": "neuron, hidden layers, size, architecture",
    "activation": "nonlinear, dead, dead unit, revive, silent",
    "init": "initialization, initialize, start weights",
    "load": "pretrained, checkpoint",
    "data": "dataset, data set, import, function",
    "x": "input, inputs, columns, predictors, features",
    "y": "target, targets, output, label, labels, answer, class column",
    "features": "polynomial, product",
    "missing": "empty, nan, na, blank, bad cell",
    "scale": "standardise, standardize, normalise, normalize, z-score, raw",
    "noise": "outlier, random, noisy",
    "validation": "overfit, overfitting, held out, holdout, unseen, train test split, split",
    "test": "test set, unseen",
    "dtype": "float32, float64, precision, double, single",
    "learning_rate": "lr, eta, step size, alpha, rate",
    "schedule": "warmup, warm up, annealing, decay, lr decay, rate ahead, show rate",
    "epochs": "epoch, iterations, target, length, how long, passes",
    "patience": "early stopping, best, wait, overfit",
    "batch_size": "batch, minibatch, mini-batch, stochastic",
    "optimizer": "method, solver, algorithm",
    "clip": "explode, exploding, gradient clipping",
    "l1": "regularization, regularisation, lasso, sparse",
    "l2": "regularization, regularisation, ridge, weight decay, overfit, dropout",
    "loss": "criterion, objective, cost, bce, error",
    "class_weight": "imbalanced, weighted, rare",
    "pace": "speed, steps a second, delay",
    # everything else by its title
    "Find a learning rate": "finder, rate finder, learning rate finder, lr finder, rate, "
    "range test, best rate, step size, too large, too small, too slow, slow, worse",
    "Map two settings": "grid, sweep, search, heat map, heatmap, hyperparameters, momentum map",
    "Copy the command for this run": "share, clipboard, flags, url",
    "Cards that are due": "repeat, quiz, flashcards, leitner, anki",
    "Open the run of the lesson’s published table": "fast.ai, fastai, howard, notebook, bug, "
    "unzeroed, forgotten, zero, accumulate",
    "Open quadratic": "regression, curve fitting",
    "Open relu": "double relu",
    "Open stopping-distance": "cars, regression",
    "Open xor": "classification, classifier",
    "Open digits": "mnist, handwritten, images, pictures",
    "Open penguins": "iris, flowers, classification, classifier",
    "Resume the last run": "continue, go on, go back, run before, back to the run before, "
    "connection, lost, restore",
    "saved run": "resume, last run, earlier runs, run before, continue, go on, go back",
    "Open a table …": "file, own data, my file, tsv, excel, spreadsheet, load data, read data",
    "Predict for a file …": "inference, new rows, apply, csv, forecast, answers",
    "Load weights …": "model file, pretrained, checkpoint, import",
    "Load the weights that fit …": "transfer, pretrained, partial",
    "Load the weights that fit, and freeze them …": "transfer, fine-tune, finetune, pretrained",
    "Save session …": "json, save run",
    "Save weights …": "checkpoint, safetensors",
    "Export NumPy script …": "python, code, script, source, program, jupyter",
    "Export PyTorch script …": "python, torch, code, script, source, program, jupyter",
    "Export model …": "deploy, python, onnx",
    "Export picture …": "screenshot, image, print, svg",
    "Export losses …": "csv, history, log",
    "What a batch costs": "speed, benchmark, throughput",
    "best step": "best, early stopping, overfit, overfitting, lowest validation, least validation, "
    "least loss, where to stop",
    "reference": "parameters, fit, solution, answer, optimum, minimum",
    "table": "columns, classes, species, rows left out",
    "theme = dark": "dark mode, dark theme",
    "theme = light": "light mode, light theme, projector",
    "theme": "colour, colours, color, colors, appearance",
    "gradient": "gradient, gradients, derivative",
    "backward": "backprop, backpropagation, chain rule",
    "over-fitting": "overfit, generalisation, generalization, memorise",
    "saturated": "vanishing",
    "parameter": "parameter",
    "weight": "weight",
    "dead": "dead",
    "update": "optimizer.step",
    "diverged": "nan, explode, exploding, infinity, worse, too large, too high, overshoot, bounce",
    "cross-entropy": "bce, log loss",
}


def synonyms(name: str, own: str = "") -> str:
    """The words for what goes by this name, and `own` ones, with commas between."""
    return ", ".join(found for found in (own, _SYNONYMS.get(name, "")) if found)


def names() -> frozenset[str]:
    """All that the table has words for."""
    return frozenset(_SYNONYMS)
