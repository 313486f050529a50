"""Whether fits speak of the same data, without which no criterion compares them."""

from collections.abc import Sequence

from ecostat.errors import EcostatError
from ecostat.fit import Fit, ModelFit


def same_data(models: Sequence[Fit]) -> None:
    """Refuses fits of different responses: other visits, other distances, or records left out by one."""
    for model in models:
        if not isinstance(model, Fit):
            raise EcostatError(f"models must be fits, not {type(model).__name__}.")
    first = models[0]
    for other in models[1:]:
        if first.n != other.n:
            raise EcostatError(
                f"These models rest on {first.n} and {other.n} units: leave the same records out of both."
            )
        known = [m.response for m in (first, other) if isinstance(m, ModelFit) and m.response]
        if len(set(known)) > 1 or (len(known) == 1 and type(first) is not type(other)):
            raise EcostatError(
                "AIC compares models of the same data; these were fitted to different ones (or to different "
                "visits, truncation or bands)."
            )
