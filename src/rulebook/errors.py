"""Every refusal of the rulebook carries a sentence an officer can read on the page."""


class RulebookError(Exception):
    """A refusal with its Vietnamese sentence in `sentence`; `str()` gives the same sentence."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class UnknownName(RulebookError, LookupError):
    """The rulebook has never heard of this parameter, instrument, province, plan or unit."""


class NotInForce(RulebookError):
    """The rulebook knows the thing, but nothing of it is in force on the day asked about."""


class NotVerified(RulebookError):
    """A value exists but was not read in a legal text, so it may not be stated as the law."""


class NotAScientificName(RulebookError, ValueError):
    """The text given cannot be read as a scientific name."""


class NoCalendar(RulebookError):
    """The public holidays of a year that is needed are not known."""


class BadData(RulebookError, ValueError):
    """A file of the rulebook is not in the shape its reader expects."""


class BadFacts(RulebookError, ValueError):
    """A fact of a case is no amount, no day or no choice the decision tables know."""
