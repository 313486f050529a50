"""How small a breeding population is to its genes: effective size, inbreeding, risk of a breed."""

from ecostat.genetics.linkage import LdSize, ld_effective_size
from ecostat.genetics.risk import Risk, eaap_risk, fao_risk, reproductive_risk
from ecostat.genetics.size import effective_size, effective_size_over, inbreeding_after, inbreeding_rate

__all__ = [
    "LdSize",
    "Risk",
    "eaap_risk",
    "effective_size",
    "effective_size_over",
    "fao_risk",
    "inbreeding_after",
    "inbreeding_rate",
    "ld_effective_size",
    "reproductive_risk",
]
