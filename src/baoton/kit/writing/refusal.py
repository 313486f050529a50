"""What a person may not do just now, said so that he knows why."""


class NotNow(ValueError):
    """It cannot be done as things stand; the message says why, for the person who asked."""
