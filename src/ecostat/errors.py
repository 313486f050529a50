"""What an analysis says when it cannot answer: a named reason, never a silent number."""


class EcostatError(ValueError):
    """An analysis cannot give an answer from this input; the message says why in one sentence."""


class TooFewPoints(EcostatError):
    """Fewer distinct places than the figure needs."""


class TooFewData(EcostatError):
    """Too few surveys, sites, years or detections for the model asked for."""


class NotConverged(EcostatError):
    """The optimiser stopped without an optimum, and an estimate would mislead."""


class Separation(EcostatError):
    """A covariate predicts the outcome perfectly: the estimate runs off to infinity."""


class Infeasible(EcostatError):
    """No answer satisfies every target and constraint; the message names one that cannot hold."""
