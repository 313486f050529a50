"""Maximum likelihood the same way everywhere: one optimiser, one information matrix, one set of refusals."""

from ecostat.likelihood.cautions import Boundary, Dropped, Truncated, Unfinished
from ecostat.likelihood.designs import blocks, constants, design, labels, standard
from ecostat.likelihood.information import covariance
from ecostat.likelihood.model import Model, digest
from ecostat.likelihood.parts import Data, Design, Part, Predictor, part
from ecostat.likelihood.prediction import Prediction, predict
from ecostat.likelihood.random import Random
from ecostat.likelihood.resampling import Bootstrap, bootstrap
from ecostat.likelihood.search import (
    Hessian,
    LogLik,
    Optimum,
    Search,
    Start,
    climb,
    differenced,
    maximise,
    peak,
    sentence,
)

__all__ = [
    "Bootstrap",
    "Boundary",
    "Data",
    "Design",
    "Dropped",
    "Hessian",
    "LogLik",
    "Model",
    "Optimum",
    "Part",
    "Prediction",
    "Predictor",
    "Random",
    "Search",
    "Start",
    "Truncated",
    "Unfinished",
    "blocks",
    "bootstrap",
    "climb",
    "constants",
    "covariance",
    "design",
    "differenced",
    "digest",
    "labels",
    "maximise",
    "part",
    "peak",
    "predict",
    "sentence",
    "standard",
]
