"""The errors that a person can cause, each with a message fit to be shown as it is."""


class RequestError(ValueError):
    """Something was asked for that can't be carried out.

    The message is one line that says what, where, and what would be right.
    """


class UnsuitedError(RequestError):
    """The data have more columns, or more outputs, than this model takes."""
