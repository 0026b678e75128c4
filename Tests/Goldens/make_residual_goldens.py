"""Makes the golden cases of residual networks under cases/, as make_goldens.py does for Conv-4. See README.md.

    python make_residual_goldens.py [--only NAME] [--output DIR]
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import torch

import make_goldens
import residual
from make_goldens import JOINT_DIRECTIONS, SEED, Case, Problem
from oracle import Network, Result, Tensors

SINGLE_DIRECTIONS = 6  # of the many tensors of a residual network, those checked alone

make_goldens.ROLE_SUFFIXES |= {
    "kernels": (".kernel",),
    "atoms": (".atoms",),
    "atoms-delta": (".atoms_delta",),
    "norm": (".scale", ".shift"),
}


@dataclass(frozen=True)
class ResidualCase(Case):
    """A residual network of one family, its episode and inner loop."""

    backbone: str = "resnet12"
    filters: int = 2
    ways: int = 3
    queries: int = 1
    channels: int = 3  # of one channel alone a projection only sees the scale, which its norm takes away
    delta: bool = False

    @property
    def features(self) -> int:
        """Inputs of the linear head."""
        shape = residual.SHAPES[self.backbone]
        return int(self.filters * shape.ratios[-1]) * shape.expansion


CASES = (
    ResidualCase("resnet12-standard-all-1"),
    ResidualCase("resnet12-acdc-block-atoms-head-2", family="acdc", share="block", steps=2, adapt="atoms+head"),
    ResidualCase("resnet12-acdc-delta-1", family="acdc", atoms=4, delta=True, adapt="atoms-delta+head"),
    ResidualCase(
        "resnet18-acdc-stage-1", backbone="resnet18", family="acdc", share="stage", adapt="atoms+coefficients+head"
    ),
    ResidualCase(
        "resnet18-imagenet-acdc-net-1",
        backbone="resnet18-imagenet",
        side=40,
        family="acdc",
        share="net",
        atoms=10,
        adapt="atoms+head",
    ),
    ResidualCase("resnet20-norm-head-2", backbone="resnet20", side=9, steps=2, adapt="norm+head"),
)


def draw_parameters(rng: np.random.Generator, case: ResidualCase) -> Tensors:
    """Parameters of a size at which signals and gradients neither vanish nor explode."""
    stem, blocks = residual.skeleton(residual.SHAPES[case.backbone], case.filters, case.channels)
    convs = list(residual.every_conv(stem, blocks))
    arrays: dict[str, np.ndarray] = {}
    for i, conv in enumerate(convs):
        if case.family == "acdc" and i > 0 and conv.side > 1:
            draw_atoms(rng, case, conv, convs[1:], arrays)
        elif f"{conv.path}.kernel" not in arrays:
            size = (conv.outputs, conv.inputs, conv.side, conv.side)
            arrays[f"{conv.path}.kernel"] = rng.standard_normal(size) * np.sqrt(2 / (conv.inputs * conv.side**2))
        arrays[f"{conv.norm}.scale"] = 1 + 0.1 * rng.standard_normal(conv.outputs)
        arrays[f"{conv.norm}.shift"] = 0.1 * rng.standard_normal(conv.outputs)
    arrays["head.weight"] = rng.standard_normal((case.ways, case.features)) / np.sqrt(case.features)
    arrays["head.bias"] = 0.1 * rng.standard_normal(case.ways)
    return {path: torch.from_numpy(array) for path, array in arrays.items()}


def draw_atoms(
    rng: np.random.Generator,
    case: ResidualCase,
    conv: residual.Conv,
    convs: list[residual.Conv],
    arrays: dict[str, np.ndarray],
) -> None:
    """Atoms of one convolution, and its coefficients unless another one that shares them had them drawn."""
    atoms = rng.standard_normal((case.atoms, conv.side, conv.side))
    arrays[f"{conv.path}.atoms"] = atoms / np.sqrt((atoms**2).sum(axis=(1, 2), keepdims=True))
    if case.delta:
        arrays[f"{conv.path}.atoms_delta"] = 0.1 * rng.standard_normal(atoms.shape)
    index = {"none": 0, "block": 1, "stage": 2, "net": 3}[case.share]
    owner = residual.coefficient_paths(conv)[index]
    if owner in arrays:
        return
    users = [other for other in convs if other.side > 1 and residual.coefficient_paths(other)[index] == owner]
    outputs, inputs = max(user.outputs for user in users), max(user.inputs for user in users)
    size = (outputs, inputs, case.atoms)
    arrays[owner] = rng.standard_normal(size) * np.sqrt(2 / (inputs * case.atoms))


def draw_problem(case: ResidualCase, attempt: int) -> Problem:
    """The attempt-th draw of a case, always the same."""
    rng = np.random.default_rng([SEED, attempt, *case.name.encode()])
    parameters = draw_parameters(rng, case)
    paths = make_goldens.adapted_paths(case, parameters)
    rates = {path: torch.from_numpy(rng.uniform(0.02, 0.1, case.steps)) for path in paths}
    templates = rng.standard_normal((case.ways, case.channels, case.side, case.side))
    support = make_goldens.draw_batch(rng, case, templates, case.shots)
    query = make_goldens.draw_batch(rng, case, templates, case.queries)
    net = Network(body=partial(residual.body, case.backbone, case.filters))
    return Problem(net, parameters, rates, support, query, case.order)


def directions(original, rng: np.random.Generator, result: Result) -> list[tuple[Tensors, Tensors]]:
    """Through everything at once, and through some tensors alone."""
    pairs = original(rng, result)
    single = pairs[JOINT_DIRECTIONS:]
    return pairs[:JOINT_DIRECTIONS] + single[:: max(1, len(single) // SINGLE_DIRECTIONS)]


def metadata(original, case: ResidualCase, problem: Problem, margin: float) -> dict[str, str]:
    """The header's text, with the backbone and the family's further setting."""
    return original(case, problem, margin) | {"backbone": case.backbone, "delta": "on" if case.delta else "off"}


if __name__ == "__main__":
    make_goldens.CASES = CASES
    make_goldens.draw_problem = draw_problem
    make_goldens.directions = partial(directions, make_goldens.directions)
    make_goldens.metadata = partial(metadata, make_goldens.metadata)
    make_goldens.main()
