"""Sentences on the screen, and what makes them true.

Every sentence that can be said is listed once, as a pattern, with what makes it true, worked out
anew from the numbers that it is about.  A sentence that isn't there fails.
"""

import re

N = r"([+−]?\d+(?:\.\d+)?(?:e−?\d+)?)"


def number(text):
    return float(text.replace("−", "-"))


def says(text, value):
    """Whether a number as it is written is the value, to its last digit."""
    mantissa, _, exponent = text.replace("−", "-").partition("e")
    unit = 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    return abs(number(text) - value) <= 0.5001 * unit


class Claims:
    """What can be said, by pattern, in which <N> is a number, and what else was named likewise."""

    def __init__(self, **named):
        self._named = {"N": N, **named}
        self._functions = {}

    def __call__(self, pattern):
        """Register what makes a sentence true: a function of what it is about and of the groups."""
        for name, part in self._named.items():
            pattern = pattern.replace(f"<{name}>", part)

        def register(function):
            self._functions[re.compile(pattern)] = function
            return function

        return register

    @property
    def names(self):
        """Those of all claims."""
        return {of.__name__ for of in self._functions.values()}

    def assert_true(self, text, *about):
        """See that every sentence of a text is known, and true; the names of the claims made."""
        made = []
        while text:
            found = [(pattern.match(text), of) for pattern, of in self._functions.items()]
            found = [(match, of) for match, of in found if match]
            assert found, f"nobody knows what makes this true: {text}"
            assert len(found) == 1, [of.__name__ for _, of in found]
            match, of = found[0]
            of(*about, *match.groups())
            made.append(of.__name__)
            text = text[match.end() :].lstrip()
        return made
