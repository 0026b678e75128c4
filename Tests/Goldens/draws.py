"""Random parameters of one convolution, at a size at which signals and gradients neither vanish nor explode.

Every function returns arrays by path, or one array; sizes are given by the caller, formulas stand in families.py.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

Arrays = dict[str, np.ndarray]


def kernel(rng: Generator, outputs: int, inputs: int, side: int) -> np.ndarray:
    """A kernel [O,C,k,k] of the He variance."""
    return rng.standard_normal((outputs, inputs, side, side)) * np.sqrt(2 / (side * side * inputs))


def atoms(rng: Generator, count: int, side: int) -> np.ndarray:
    """Atoms [m,k,k] of unit length."""
    drawn = rng.standard_normal((count, side, side))
    return drawn / np.sqrt((drawn**2).sum(axis=(1, 2), keepdims=True))


def coefficients(rng: Generator, outputs: int, inputs: int, count: int) -> np.ndarray:
    """Coefficients [O,C,m] of atoms."""
    return rng.standard_normal((outputs, inputs, count)) * np.sqrt(2 / (inputs * count))


def context(rng: Generator, norms: dict[str, int], length: int) -> Arrays:
    """The vector of a task, and what turns it into scales and shifts of normalisations of so many channels by path."""
    arrays = {"context.vector": 0.3 * rng.standard_normal(length)}
    for path, channels in norms.items():
        arrays[f"context.{path}"] = rng.standard_normal((2 * channels, length)) / np.sqrt(length)
    return arrays


def step_norms(rng: Generator, arrays: Arrays, steps: int) -> Arrays:
    """What the scale and shift of every normalisation among the arrays become after each inner step."""
    return {
        f"{path}.step{step}": array + 0.1 * rng.standard_normal(array.shape)
        for path, array in arrays.items()
        if path.endswith((".scale", ".shift"))
        for step in range(1, steps + 1)
    }


def filters(rng: Generator, count: int, inputs: int, side: int) -> np.ndarray:
    """Filters [count,C,k,k] of about unit length."""
    return rng.standard_normal((count, inputs, side, side)) / np.sqrt(side * side * inputs)


def mixture(
    rng: Generator, path: str, outputs: int, inputs: int, side: int, unique: int, shared: int, norm: bool
) -> Arrays:
    """What one convolution adds to shared filters: filters of its own, coefficients, and perhaps an inner norm."""
    rank = unique + shared
    arrays = {
        f"{path}.unique": filters(rng, unique, inputs, side),
        f"{path}.coefficients": rng.standard_normal((outputs, rank)) * np.sqrt(2 / rank),
    }
    if norm:
        arrays |= normalisation(rng, f"{path}.norm", rank)
    return arrays


def factor(rng: Generator, *shape: int) -> np.ndarray:
    """A factor with rows of about unit length."""
    return rng.standard_normal(shape) / np.sqrt(shape[-1])


def tucker(rng: Generator, group: str, width: int, side: int, ranks: tuple[int, ...]) -> Arrays:
    """The core and the factors that convolutions share; with rows of unit length kernels have the core's variance."""
    _, b, d, e, f = ranks
    arrays = {
        "core": rng.standard_normal(ranks) * np.sqrt(2 / (side * side * width)),
        "out-factor": factor(rng, width, b),
        "in-factor": factor(rng, width, d),
        "height-factor": factor(rng, side, e),
        "width-factor": factor(rng, side, f),
    }
    return {f"{group}.{name}": array for name, array in arrays.items()}


def singular(rng: Generator, path: str, outputs: int, inputs: int, side: int, rank: int) -> Arrays:
    """Leading singular factors of a He kernel, moved a little so that nothing is exactly orthonormal or in order."""
    length = side * side * inputs
    left, values, right = np.linalg.svd(kernel(rng, outputs, inputs, side).reshape(outputs, length), full_matrices=False)
    rank = min(rank, len(values))
    left = left[:, :rank] + 0.05 * rng.standard_normal((outputs, rank))
    right = right[:rank] + 0.05 * rng.standard_normal((rank, length))
    return {
        f"{path}.left": left,
        f"{path}.singular": rng.permutation(values[:rank]),
        f"{path}.right": right.reshape(rank, inputs, side, side),
    }


def summary(
    rng: Generator, path: str, outputs: int, inputs: int, side: int, compression: float, learned: bool
) -> Arrays:
    """A summary, and locations that keep clear of whole positions, where their derivative jumps."""
    length = side * side * inputs
    size = max(length + outputs - 1, int(np.ceil(outputs * length / compression)))
    arrays = {f"{path}.summary": rng.standard_normal(size) * np.sqrt(2 / length)}
    if learned:
        spare = size - length
        starts = rng.integers(0, spare, outputs) + rng.uniform(0.3, 0.7, outputs)
        arrays[f"{path}.locations"] = -np.log(spare / starts - 1) / location_gain(spare)
    return arrays


def low_rank(rng: Generator, path: str, outputs: int, inputs: int, side: int, rank: int) -> Arrays:
    """A dense kernel and a difference of a rank, a few times smaller."""
    rank = min(rank, outputs, side * side * inputs)
    return {
        f"{path}.kernel": kernel(rng, outputs, inputs, side),
        f"{path}.down": filters(rng, rank, inputs, side),
        f"{path}.up": 0.3 * rng.standard_normal((outputs, rank)),
    }


def adapter(rng: Generator, path: str, outputs: int, inputs: int, side: int) -> Arrays:
    """A dense kernel and a matrix beside it, a few times smaller."""
    return {
        f"{path}.kernel": kernel(rng, outputs, inputs, side),
        f"{path}.adapter": 0.3 * rng.standard_normal((outputs, inputs)) / np.sqrt(inputs),
    }


def alignment(rng: Generator, features: int) -> Arrays:
    """A matrix behind the features, near the identity."""
    return {"alignment.matrix": np.eye(features) + 0.2 * rng.standard_normal((features, features)) / np.sqrt(features)}


def location_gain(spare: int) -> float:
    """What learned locations are multiplied by: a unit in the middle of the summary is two positions."""
    return 8 / spare


def normalisation(rng: Generator, path: str, channels: int) -> Arrays:
    """Scale and shift [channels]."""
    return {
        f"{path}.scale": 1 + 0.1 * rng.standard_normal(channels),
        f"{path}.shift": 0.1 * rng.standard_normal(channels),
    }


def head(rng: Generator, ways: int, features: int) -> Arrays:
    """The linear head."""
    return {
        "head.weight": rng.standard_normal((ways, features)) / np.sqrt(features),
        "head.bias": 0.1 * rng.standard_normal(ways),
    }
