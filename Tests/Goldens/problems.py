"""What a golden case is, and the problem that its name draws.

All inputs are drawn from numpy's PCG64 and stored, so nothing depends on PyTorch's random streams.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch

import draws
from oracle import Batch, KinkWatch, Loop, Network, Tensors

SEED = 20
SINGLE_TOLERANCE = 2e-5

ROLE_SUFFIXES = {
    "kernels": (".kernel",),
    "atoms": (".atoms",),
    "atoms-delta": (".atoms_delta",),
    "coefficients": (".coefficients",),
    "bases": (".bases",),
    "unique": (".unique",),
    "layer-factors": (".layer-factor",),
    "core": (".core",),
    "factors": (".out-factor", ".in-factor", ".left", ".right"),
    "spatial-factors": (".height-factor", ".width-factor"),
    "singular": (".singular",),
    "summary": (".summary",),
    "locations": (".locations",),
    "lora": (".down", ".up"),
    "adapter": (".adapter", "alignment.matrix"),
    "context": ("context.vector",),
    "generators": (".norm",),
    "norm": (".scale", ".shift"),
    "head": ("head.weight", "head.bias"),
}


@dataclass(frozen=True)
class Case:
    """One golden: network, episode and inner loop."""

    name: str
    learner: str = "maml"
    family: str = "standard"
    form: str = "pool"
    filters: int = 6
    atoms: int = 6
    share: str = "none"
    ways: int = 5
    shots: int = 1
    queries: int = 2  # per class
    side: int = 16
    channels: int = 1
    steps: int = 1
    order: str = "second"
    adapt: str = "all"
    head: str = "parameters"  # where a task's head starts
    tied: bool = False  # one rate for all steps
    elementwise: bool = False  # one rate for every number, the same in all steps
    step_norms: bool = False  # normalisations have a scale and a shift for every step
    step_weights: str = ""  # "equal", or "annealed:25/100": after so many of so many updates; none: the last step alone
    weights: tuple[float, ...] = ()  # the numbers that these are
    options: tuple[str, ...] = ()  # the family's own, name=value
    single_tolerance: float = SINGLE_TOLERANCE  # of the oracle itself in 32 bits

    def option(self, name: str) -> str | None:
        """The value of one of the family's own options, if it is given."""
        return dict(pair.split("=") for pair in self.options).get(name)

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """Parameters of a size at which signals and gradients neither vanish nor explode."""
        raise NotImplementedError

    def network(self, parameters: Tensors) -> Network:
        """What the shapes of the parameters do not tell."""
        raise NotImplementedError

    def notes(self) -> dict[str, str]:
        """Text for the file's header beside what every case has."""
        notes = {"options": ",".join(self.options)} if self.options else {}
        if self.head != "parameters":
            notes["head-start"] = self.head
        if self.tied:
            notes["tie-rates"] = "on"
        if self.elementwise:
            notes["elementwise-rates"] = "on"
        if self.step_norms:
            notes["step-norms"] = "on"
        if self.step_weights:
            notes |= {"step-weights": self.step_weights, "weights": ",".join(map(repr, self.weights))}
        return notes

    @property
    def loop(self) -> Loop:
        """The inner loop and the weights of its steps."""
        return Loop(self.steps, self.order, self.head, self.weights, self.elementwise, self.step_norms)

    @property
    def single_directions(self) -> int | None:
        """How many of the tensors are checked alone; None for all."""
        return None


@dataclass(frozen=True)
class Problem:
    """Inputs of the oracle."""

    net: Network
    parameters: Tensors
    rates: Tensors
    support: Batch
    query: Batch
    loop: Loop


def draw_batch(rng: np.random.Generator, case: Case, templates: np.ndarray, per_class: int) -> Batch:
    """Noisy copies of the class templates [ways,C,H,W]: by class for prototypes, shuffled for MAML."""
    labels = np.repeat(np.arange(case.ways), per_class)
    if case.learner == "maml":
        labels = rng.permutation(labels)
    images = templates[labels] + rng.standard_normal((len(labels), *templates.shape[1:]))
    return Batch(torch.from_numpy(images), torch.from_numpy(labels.astype(np.int64)))


def draw_problem(case: Case, attempt: int) -> Problem:
    """The attempt-th draw of a case, always the same."""
    rng = np.random.default_rng([SEED, attempt, *case.name.encode()])
    parameters = {path: torch.from_numpy(array) for path, array in case.draw(rng).items()}
    shapes = {
        path: tuple(parameters[path].shape) if case.elementwise else (1 if case.tied else case.steps,)
        for path in adapted_paths(case, parameters)
    }
    rates = {path: torch.from_numpy(rng.uniform(0.02, 0.1, shape)) for path, shape in shapes.items()}
    templates = rng.standard_normal((case.ways, case.channels, case.side, case.side))
    support = draw_batch(rng, case, templates, case.shots)
    query = draw_batch(rng, case, templates, case.queries)
    return Problem(case.network(parameters), parameters, rates, support, query, case.loop)


def location_gains(parameters: Tensors, lengths: dict[str, int]) -> dict[str, float]:
    """The gains of all learned locations, by the length of a filter of each convolution."""
    return {
        f"{path}.location_gain": draws.location_gain(len(parameters[f"{path}.summary"]) - length)
        for path, length in lengths.items()
        if f"{path}.locations" in parameters
    }


def difference_scales(case: Case, parameters: Tensors) -> dict[str, float]:
    """The scale over the rank of every low-rank difference, where it is not 1."""
    scales = {
        f"{path.removesuffix('.up')}.difference_scale": float(case.option("scale") or 1) / tensor.shape[1]
        for path, tensor in parameters.items()
        if path.endswith(".up")
    }
    return {path: scale for path, scale in scales.items() if scale != 1}


def adapted_paths(case: Case, parameters: Tensors) -> list[str]:
    """Paths of the tensors the inner loop changes."""
    if case.learner == "prototypical":
        return []
    roles = ROLE_SUFFIXES if case.adapt == "all" else case.adapt.split("+")
    suffixes = tuple(suffix for role in roles for suffix in ROLE_SUFFIXES[role])
    fixed = ROLE_SUFFIXES["norm"] if case.step_norms else ()
    return [path for path in parameters if path.endswith(suffixes) and not path.endswith(fixed)]


def watched(problem: Problem) -> tuple[Problem, KinkWatch]:
    """The same problem with a fresh watch on its activations."""
    watch = KinkWatch()
    return replace(problem, net=replace(problem.net, watch=watch)), watch
