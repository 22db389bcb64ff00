"""The schema of what else a guild chooses of its notifications."""

NOTICES: tuple[str, ...] = (
    # The code of the language in which it is told of what nobody asked for; where there is none, Discord says which.
    "ALTER TABLE notices ADD COLUMN language TEXT",
)
