"""Makes the float64 golden cases under cases/, one safetensors file each. See README.md.

    python make_goldens.py [--only NAME] [--output DIR]

All inputs are drawn from numpy's PCG64 and stored, so nothing depends on PyTorch's random streams. A draw where some
activation lies nearer than KINK_MARGIN to a ReLU or pool kink, or where a gradient cancels so far that the oracle in
32 bits errs by more than SINGLE_TOLERANCE, is discarded and the next one taken. Before a case is written, its gradient
is checked against central differences.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save

import oracle
from oracle import Batch, KinkWatch, Network, Result, Tensors

SEED = 20
ATTEMPTS = 4000
KINK_MARGIN = 3e-5
JOINT_DIRECTIONS = 4
DIFFERENCE_STEPS = (1e-5, 3e-6, 1e-6, 3e-7)
DIFFERENCE_TOLERANCE = 1e-6
SINGLE_TOLERANCE = 2e-5
ROUNDING = 1e-12
SLOPE_FLOOR = 1e-4  # of the whole gradient; a slope below is compared with this: an inner shift's is zero

ROLE_SUFFIXES = {
    "kernels": (".conv.kernel",),
    "atoms": (".conv.atoms",),
    "coefficients": (".coefficients",),
    "bases": (".bases",),
    "unique": (".unique",),
    "layer-factors": (".layer-factor",),
    "core": (".core",),
    "factors": (".out-factor", ".in-factor", ".conv.left", ".conv.right"),
    "spatial-factors": (".height-factor", ".width-factor"),
    "singular": (".conv.singular",),
    "summary": (".conv.summary",),
    "locations": (".conv.locations",),
    "norm": (".norm.scale", ".norm.shift"),
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
    options: tuple[str, ...] = ()  # the family's own, name=value

    @property
    def features(self) -> int:
        """Inputs of the linear head."""
        return self.filters * (self.side // 16) ** 2 if self.form == "pool" else self.filters

    def has_atoms(self, layer: int) -> bool:
        """Whether the layer's kernel is a product; with one tensor for the whole net, the stem stays standard."""
        return self.family == "acdc" and not (self.share == "net" and layer == 1)

    @property
    def shared_filters(self) -> int:
        """Filters of a shared basis: half the channels."""
        return self.filters // 2

    @property
    def ranks(self) -> tuple[int, ...]:
        """Tucker ranks: all three layers, half the channels, all of space."""
        return (3, self.filters // 2, self.filters // 2, 3, 3)
    def option(self, name: str) -> str:
        """The value of one of the family's own options."""
        return dict(pair.split("=") for pair in self.options)[name]


@dataclass(frozen=True)
class Problem:
    """Inputs of the oracle."""

    net: Network
    parameters: Tensors
    rates: Tensors
    support: Batch
    query: Batch
    order: str


CASES = (
    Case("standard-all-1", filters=8, side=20, ways=3, shots=2),
    Case("standard-all-5", channels=3, ways=3, steps=5),
    Case("acdc-atoms-head-1", family="acdc", filters=8, side=20, adapt="atoms+head"),
    Case("acdc-atoms-head-5", family="acdc", ways=4, channels=3, steps=5, adapt="atoms+head"),
    Case("acdc-shared-atoms-head-2", family="acdc", share="net", filters=8, steps=2, adapt="atoms+head"),
    Case("standard-first-order-2", side=20, ways=4, steps=2, order="first"),
    Case("standard-strided-2", form="strided", filters=8, side=20, steps=2),
    Case("standard-head-2", steps=2, adapt="head"),
    Case("standard-norm-head-2", channels=3, ways=3, steps=2, adapt="norm+head"),
    Case("svd-singular-head-2", family="svd", options=("rank=4",), steps=2, adapt="singular+head"),
    Case("svd-all-1", family="svd", options=("rank=3",), channels=3, ways=3, shots=2),
    Case("fsnet-summary-head-2", family="fsnet", options=("compression=3",), steps=2, adapt="summary+head"),
    Case(
        "fsnet-locations-head-2",
        family="fsnet",
        options=("compression=3", "locations=learned"),
        steps=2,
        ways=4,
        adapt="locations+head",
    ),
    Case("prototypical-standard", learner="prototypical", side=20, ways=3, shots=2, steps=0),
    Case("dsb-unique-norm-head-1", family="dsb", filters=8, side=20, adapt="unique+norm+head"),
    Case("dsb-unique-norm-head-3", family="dsb", channels=3, ways=3, steps=3, adapt="unique+norm+head"),
    Case("dsb-bases-linear-2", family="dsb", ways=3, steps=2, adapt="bases+coefficients", options=("norm=none",)),
    Case("tnet-layer-spatial-head-1", family="tnet", filters=8, side=20, adapt="layer-factors+spatial-factors+head"),
    Case("tnet-layer-spatial-head-3", family="tnet", ways=4, steps=3, adapt="layer-factors+spatial-factors+head"),
    Case("tnet-core-factors-strided-2", family="tnet", form="strided", steps=2, adapt="core+factors+head"),
    Case("prototypical-dsb", learner="prototypical", family="dsb", ways=3, shots=2, steps=0),
    Case("prototypical-tnet", learner="prototypical", family="tnet", ways=3, shots=2, steps=0),
    Case("prototypical-acdc", learner="prototypical", family="acdc", filters=8, ways=4, shots=2, steps=0),
)


def draw_parameters(rng: np.random.Generator, case: Case) -> Tensors:
    """Parameters of a size at which signals and gradients neither vanish nor explode."""
    arrays: dict[str, np.ndarray] = {}
    for layer in oracle.LAYERS:
        arrays |= draw_layer(rng, case, layer, case.channels if layer == 1 else case.filters)
    if case.share == "net":
        arrays["shared.coefficients"] = draw_coefficients(rng, case, case.filters)
    if case.family == "dsb":
        arrays[f"{oracle.SHARED}.bases"] = draw_filters(rng, case.shared_filters, case.filters)
    if case.family == "tnet":
        arrays |= draw_tucker(rng, case)
    if case.learner == "maml":
        arrays["head.weight"] = rng.standard_normal((case.ways, case.features)) / np.sqrt(case.features)
        arrays["head.bias"] = 0.1 * rng.standard_normal(case.ways)
    return {path: torch.from_numpy(array) for path, array in arrays.items()}


def draw_layer(rng: np.random.Generator, case: Case, layer: int, channels: int) -> dict[str, np.ndarray]:
    """Convolution and normalisation of one layer."""
    conv, norm = f"layer{layer}.conv", f"layer{layer}.norm"
    arrays = {}
    if case.family == "dsb" and layer > 1:
        arrays |= draw_mixture(rng, case, conv)
    elif case.family == "tnet" and layer > 1:
        arrays[f"{conv}.layer-factor"] = draw_factor(rng, case.ranks[0])
    elif case.has_atoms(layer):
        atoms = rng.standard_normal((case.atoms, 3, 3))
        arrays[f"{conv}.atoms"] = atoms / np.sqrt((atoms**2).sum(axis=(1, 2), keepdims=True))
        if case.share == "none":
            arrays[f"{conv}.coefficients"] = draw_coefficients(rng, case, channels)
    elif case.family == "svd" and layer > 1:
        arrays |= draw_factors(rng, case, conv, channels)
    elif case.family == "fsnet" and layer > 1:
        arrays |= draw_summary(rng, case, conv, channels)
    else:
        arrays[f"{conv}.kernel"] = rng.standard_normal((case.filters, channels, 3, 3)) * np.sqrt(2 / (9 * channels))
    arrays[f"{norm}.scale"] = 1 + 0.1 * rng.standard_normal(case.filters)
    arrays[f"{norm}.shift"] = 0.1 * rng.standard_normal(case.filters)
    return arrays


def draw_factors(rng: np.random.Generator, case: Case, conv: str, channels: int) -> dict[str, np.ndarray]:
    """Leading singular factors of a He kernel, moved a little so that nothing is exactly orthonormal or in order."""
    matrix = rng.standard_normal((case.filters, 9 * channels)) * np.sqrt(2 / (9 * channels))
    left, values, right = np.linalg.svd(matrix, full_matrices=False)
    rank = int(case.option("rank"))
    left = left[:, :rank] + 0.05 * rng.standard_normal((case.filters, rank))
    right = right[:rank] + 0.05 * rng.standard_normal((rank, 9 * channels))
    return {
        f"{conv}.left": left,
        f"{conv}.singular": rng.permutation(values[:rank]),
        f"{conv}.right": right.reshape(rank, channels, 3, 3),
    }


def draw_summary(rng: np.random.Generator, case: Case, conv: str, channels: int) -> dict[str, np.ndarray]:
    """A summary, and locations that keep clear of whole positions, where their derivative jumps."""
    length = 9 * channels
    summary = max(length + case.filters - 1, int(np.ceil(case.filters * length / float(case.option("compression")))))
    arrays = {f"{conv}.summary": rng.standard_normal(summary) * np.sqrt(2 / length)}
    if "locations=learned" in case.options:
        spare = summary - length
        starts = rng.integers(0, spare, case.filters) + rng.uniform(0.3, 0.7, case.filters)
        arrays[f"{conv}.locations"] = -np.log(spare / starts - 1) / location_gain(spare)
    return arrays


def draw_coefficients(rng: np.random.Generator, case: Case, channels: int) -> np.ndarray:
    """Coefficients [O,C,m]."""
    shape = (case.filters, channels, case.atoms)
    return rng.standard_normal(shape) * np.sqrt(2 / (channels * case.atoms))


def draw_filters(rng: np.random.Generator, count: int, channels: int) -> np.ndarray:
    """Filters [count,C,3,3] of about unit length."""
    return rng.standard_normal((count, channels, 3, 3)) / np.sqrt(9 * channels)


def draw_mixture(rng: np.random.Generator, case: Case, conv: str) -> dict[str, np.ndarray]:
    """What one layer adds to shared filters: one filter of its own, coefficients, and unless linear an inner norm."""
    rank = 1 + case.shared_filters
    arrays = {
        f"{conv}.unique": draw_filters(rng, 1, case.filters),
        f"{conv}.coefficients": rng.standard_normal((case.filters, rank)) * np.sqrt(2 / rank),
    }
    if "norm=none" not in case.options:
        arrays[f"{conv}.norm.scale"] = 1 + 0.1 * rng.standard_normal(rank)
        arrays[f"{conv}.norm.shift"] = 0.1 * rng.standard_normal(rank)
    return arrays


def draw_factor(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """A factor with rows of about unit length."""
    return rng.standard_normal(shape) / np.sqrt(shape[-1])


def draw_tucker(rng: np.random.Generator, case: Case) -> dict[str, np.ndarray]:
    """The core and the factors that layers share; with rows of unit length kernels have the core's variance."""
    _, b, d, e, f = case.ranks
    arrays = {
        "core": rng.standard_normal(case.ranks) * np.sqrt(2 / (9 * case.filters)),
        "out-factor": draw_factor(rng, case.filters, b),
        "in-factor": draw_factor(rng, case.filters, d),
        "height-factor": draw_factor(rng, 3, e),
        "width-factor": draw_factor(rng, 3, f),
    }
    return {f"{oracle.SHARED}.{name}": array for name, array in arrays.items()}


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
    parameters = draw_parameters(rng, case)
    rates = {path: torch.from_numpy(rng.uniform(0.02, 0.1, case.steps)) for path in adapted_paths(case, parameters)}
    templates = rng.standard_normal((case.ways, case.channels, case.side, case.side))
    support = draw_batch(rng, case, templates, case.shots)
    query = draw_batch(rng, case, templates, case.queries)
    return Problem(Network(case.form, location_gains(case, parameters)), parameters, rates, support, query, case.order)


def location_gain(spare: int) -> float:
    """What learned locations are multiplied by: a unit in the middle of the summary is two positions."""
    return 8 / spare


def location_gains(case: Case, parameters: Tensors) -> dict[str, float]:
    """The gains of all layers whose locations are learned."""
    convs = [path.removesuffix(".locations") for path in parameters if path.endswith(".locations")]
    lengths = {conv: len(parameters[f"{conv}.summary"]) for conv in convs}
    return {f"{conv}.location_gain": location_gain(lengths[conv] - 9 * case.filters) for conv in convs}


def adapted_paths(case: Case, parameters: Tensors) -> list[str]:
    """Paths of the tensors the inner loop changes."""
    if case.learner == "prototypical":
        return []
    roles = ROLE_SUFFIXES if case.adapt == "all" else case.adapt.split("+")
    suffixes = tuple(suffix for role in roles for suffix in ROLE_SUFFIXES[role])
    return [path for path in parameters if path.endswith(suffixes)]


def solve(problem: Problem, learner: str) -> Result:
    """The oracle's answer."""
    if learner == "prototypical":
        return oracle.prototypical(problem.net, problem.parameters, problem.support, problem.query)
    return oracle.maml(problem.net, problem.parameters, problem.rates, problem.support, problem.query, problem.order)


def watched(problem: Problem) -> tuple[Problem, KinkWatch]:
    """The same problem with a fresh watch on its activations."""
    watch = KinkWatch()
    return replace(problem, net=replace(problem.net, watch=watch)), watch


def single(problem: Problem) -> Problem:
    """The same problem in 32 bits."""

    def narrow(content: Tensors) -> Tensors:
        return {path: tensor.float() for path, tensor in content.items()}

    support, query = (Batch(batch.images.float(), batch.labels) for batch in (problem.support, problem.query))
    parameters, rates = narrow(problem.parameters), narrow(problem.rates)
    return replace(problem, parameters=parameters, rates=rates, support=support, query=query)


def single_error(problem: Problem, learner: str, result: Result) -> float:
    """The largest relative error of a gradient by the oracle itself in 32 bits; large where a sum nearly cancels."""
    rounded = solve(single(problem), learner)
    pairs = [(rounded.gradient[path], exact) for path, exact in result.gradient.items()]
    pairs += [(rounded.rate_gradient[path], exact) for path, exact in result.rate_gradient.items()]
    return max(float((a.double() - b).norm() / b.norm()) for a, b in pairs if b.norm() > ROUNDING)


def find_problem(case: Case) -> tuple[Problem, Result, float]:
    """The first draw that 32 bits can solve and whose activations all keep clear of kinks; solution and kink margin."""
    for attempt in range(ATTEMPTS):
        problem = draw_problem(case, attempt)
        observed, watch = watched(problem)
        result = solve(observed, case.learner)
        if watch.margin > KINK_MARGIN and single_error(problem, case.learner, result) < SINGLE_TOLERANCE:
            return problem, result, watch.margin
    raise RuntimeError(f"{case.name}: none of {ATTEMPTS} draws is clear of kinks and of cancellation")


def outer_loss(problem: Problem, learner: str, constants: list[Tensors]) -> float:
    """The function whose gradient the oracle states: for the first order, the inner gradients are constants."""
    if learner == "prototypical":
        return oracle.prototypical_loss(problem.net, problem.parameters, problem.support, problem.query).item()
    if problem.order == "first":
        adapted = problem.parameters
        for step, gradients in enumerate(constants):
            adapted = oracle.descend(adapted, problem.rates, gradients, step)
    else:
        parameters = oracle.leaves(problem.parameters)
        adapted = oracle.adapt(problem.net, parameters, problem.rates, problem.support, "first").parameters
    return oracle.classification_loss(problem.net, adapted, problem.query).item()


def moved(problem: Problem, direction: Tensors, rate_direction: Tensors, step: float) -> Problem:
    """The problem with parameters and rates a step along a direction."""
    return replace(
        problem,
        parameters={p: x + step * direction[p] if p in direction else x for p, x in problem.parameters.items()},
        rates={p: x + step * rate_direction[p] if p in rate_direction else x for p, x in problem.rates.items()},
    )


def difference(problem: Problem, learner: str, constants: list[Tensors], along: tuple[Tensors, Tensors]) -> float:
    """Central difference of the outer loss, by the largest step that crosses no kink on either side."""
    centre, reference = watched(problem)
    outer_loss(centre, learner, constants)
    for step in DIFFERENCE_STEPS:
        ahead, ahead_watch = watched(moved(problem, *along, step))
        behind, behind_watch = watched(moved(problem, *along, -step))
        change = outer_loss(ahead, learner, constants) - outer_loss(behind, learner, constants)
        if reference.same_pattern(ahead_watch) and reference.same_pattern(behind_watch):
            return change / (2 * step)
    raise RuntimeError("every difference step crosses a kink")


def draw_direction(rng: np.random.Generator, gradient: Tensors) -> Tensors:
    """Random sizes with the gradient's signs, so that the slope along it does not cancel to nearly nothing."""
    return {p: torch.from_numpy(np.abs(rng.standard_normal(tuple(g.shape)))) * g.sign() for p, g in gradient.items()}


def unit(direction: Tensors, rate_direction: Tensors) -> tuple[Tensors, Tensors]:
    """The pair scaled to norm one."""
    squares = [float((x**2).sum()) for group in (direction, rate_direction) for x in group.values()]
    norm = sum(squares) ** 0.5
    return {p: x / norm for p, x in direction.items()}, {p: x / norm for p, x in rate_direction.items()}


def directions(rng: np.random.Generator, result: Result) -> list[tuple[Tensors, Tensors]]:
    """Unit directions through everything at once, and through each tensor alone."""
    pairs = []
    for _ in range(JOINT_DIRECTIONS):
        pairs.append((draw_direction(rng, result.gradient), draw_direction(rng, result.rate_gradient)))
    pairs += [(draw_direction(rng, {path: g}), {}) for path, g in result.gradient.items()]
    pairs += [({}, draw_direction(rng, {path: g})) for path, g in result.rate_gradient.items()]
    return [unit(*pair) for pair in pairs]


def slope(result: Result, direction: Tensors, rate_direction: Tensors) -> float:
    """The derivative along a direction that the stated gradient implies."""
    parts = [(result.gradient, direction), (result.rate_gradient, rate_direction)]
    return sum(float((gradient[p] * x).sum()) for gradient, along in parts for p, x in along.items())


def check_gradient(case: Case, problem: Problem, result: Result) -> float:
    """The largest relative difference between stated slopes and central differences; raises if too large."""
    constants: list[Tensors] = []
    if case.order == "first":
        parameters = oracle.leaves(problem.parameters)
        constants = oracle.adapt(problem.net, parameters, problem.rates, problem.support, "first").gradients
    floor = SLOPE_FLOOR * sum(float((g**2).sum()) for g in result.gradient.values()) ** 0.5
    worst = 0.0
    for along in directions(np.random.default_rng(SEED), result):
        stated = slope(result, *along)
        error = abs(difference(problem, case.learner, constants, along) - stated)
        error /= max(abs(stated), floor)
        if error > DIFFERENCE_TOLERANCE:
            paths = [*along[0], *(f"rate:{path}" for path in along[1])]
            raise RuntimeError(f"{case.name}: slope {stated:.3e} is off by {error:.1e} along {paths}")
        worst = max(worst, error)
    return worst


def tensors(problem: Problem, result: Result) -> Tensors:
    """Everything a case file holds, by name."""
    groups = {
        "parameters": problem.parameters,
        "rates": problem.rates,
        "gradient": result.gradient,
        "gradient.rates": result.rate_gradient,
        "adapted": result.adapted,
    }
    named = {f"{group}/{path}": tensor for group, content in groups.items() for path, tensor in content.items()}
    named |= {"support.images": problem.support.images, "support.labels": problem.support.labels}
    named |= {"query.images": problem.query.images, "query.labels": problem.query.labels}
    named["loss"] = result.loss
    return {name: tensor.contiguous() for name, tensor in named.items()}


def metadata(case: Case, problem: Problem, margin: float) -> dict[str, str]:
    """Text for the file's header; a list is joined by commas."""
    return {
        "learner": case.learner,
        "family": case.family,
        "form": case.form,
        "filters": str(case.filters),
        "atoms": str(case.atoms if case.family == "acdc" else 0),
        "share": case.share,
        "ways": str(case.ways),
        "shots": str(case.shots),
        "queries": str(case.queries),
        "image-size": str(case.side),
        "channels": str(case.channels),
        "inner-steps": str(case.steps),
        "order": case.order,
        "adapt": case.adapt if problem.rates else "none",
        "adapted": ",".join(problem.rates),
        "kink-margin": f"{margin:.3g}",
    } | ({"options": ",".join(case.options)} if case.options else {})


def serialise(content: Tensors, notes: dict[str, str]) -> bytes:
    """A safetensors file that is the same at every making: the library leaves the order of the notes to chance."""
    data = save(content, metadata=notes)
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    text = json.dumps({**header, "__metadata__": notes}, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + data[start:]


def main() -> None:
    """Make, check and write the cases."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--only", choices=[case.name for case in CASES], help="make a single case")
    arguments.add_argument("--output", type=Path, default=Path(__file__).parent / "cases")
    options = arguments.parse_args()
    torch.set_num_threads(1)
    options.output.mkdir(parents=True, exist_ok=True)
    for case in CASES:
        if options.only in (None, case.name):
            problem, result, margin = find_problem(case)
            error = check_gradient(case, problem, result)
            path = options.output / f"{case.name}.safetensors"
            path.write_bytes(serialise(tensors(problem, result), metadata(case, problem, margin)))
            print(f"{case.name:26} {path.stat().st_size:7} bytes   kink margin {margin:.1e}   differences {error:.1e}")


if __name__ == "__main__":
    main()
