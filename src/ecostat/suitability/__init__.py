"""Where a species could live: Maxent, a random forest and a GLM, and honest measures of how well they do."""

from ecostat.suitability.blocks import Blocks, spatial_blocks
from ecostat.suitability.maxent import Maxent, MaxentFit
from ecostat.suitability.measures import (
    Boyce,
    Mess,
    Tss,
    auc,
    boyce,
    mess,
    tss,
)
from ecostat.suitability.rivals import ForestFit, Glm, GlmFit, RandomForest
from ecostat.suitability.validate import Validation, validate

__all__ = [
    "Blocks",
    "Boyce",
    "ForestFit",
    "Glm",
    "GlmFit",
    "Maxent",
    "MaxentFit",
    "Mess",
    "RandomForest",
    "Tss",
    "Validation",
    "auc",
    "boyce",
    "mess",
    "spatial_blocks",
    "tss",
    "validate",
]
