"""The ways the program can refuse to start or go on: each error's text is one sentence for the operator."""


class ConfigError(Exception):
    """The configuration can't be used: exit status 2."""


class RunError(Exception):
    """The program can't go on: exit status 1."""
