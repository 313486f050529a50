"""What a fit warns of: results that stand, with something to know about them."""


class Boundary(UserWarning):
    """A parameter sits at the edge of its range; its standard error is unknown and given as NaN."""


class Truncated(UserWarning):
    """An upper limit of a sum (K) is too low for the fitted model: raise it and fit again."""


class Dropped(UserWarning):
    """Records without the values the model needs were left out; the message counts them."""


class Unfinished(UserWarning):
    """The search stopped close to a top without reaching it: `converged` is False and the message says how
    far away it is."""
