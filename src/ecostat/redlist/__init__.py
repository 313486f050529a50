"""IUCN Red List categories from evidence, with the reasons and what would change them."""

from ecostat.redlist.assessment import Assessment, Change, classify
from ecostat.redlist.criteria import Finding
from ecostat.redlist.dossier import Dossier, assess
from ecostat.redlist.evidence import Evidence
from ecostat.redlist.reductions import Reduction, reduction
from ecostat.redlist.regional import Regional, regional

__all__ = [
    "Assessment",
    "Change",
    "Dossier",
    "Evidence",
    "Finding",
    "Reduction",
    "Regional",
    "assess",
    "classify",
    "reduction",
    "regional",
]
