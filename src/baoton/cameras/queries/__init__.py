"""What other apps and the pages ask of camera traps."""

from baoton.cameras.queries.packing import package_of
from baoton.cameras.queries.pages import (
    agreement,
    at_desk,
    clock_check,
    file_of,
    kappa,
    on_deployment,
    shift_of,
)
from baoton.cameras.queries.rates import of_species, seen_by

__all__ = [
    "agreement",
    "at_desk",
    "clock_check",
    "file_of",
    "kappa",
    "of_species",
    "on_deployment",
    "package_of",
    "seen_by",
    "shift_of",
]
