"""Independent reference for MAML and prototypical networks on Conv-4, in functional PyTorch.

Everything is a dictionary of tensors by parameter path; the layout of the network (channels, atoms, ways) is read
from the shapes. The arithmetic follows the dtype of its inputs, float64 for reference values. Nothing is shared with
the Swift code, and batch normalisation is written out, so that the two can only agree by both being right.

Paths, for layers l = 1...4: layer{l}.conv stands for <path> and shared.stage1 for <group> in families.py; atoms without
coefficients of their own use the leading [:O,:C] slice of shared.coefficients [Omax,Cmax,m]. Beside the convolutions
there are layer{l}.norm.scale [O], layer{l}.norm.shift [O], head.weight [ways,features], head.bias [ways].
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor

import families
from families import Tensors, normalise

LAYERS = (1, 2, 3, 4)
SHARED = "shared.stage1"
CONSTANTS = (".coefficient_scale", ".location_gain", ".difference_scale")


@dataclass(frozen=True)
class Network:
    """What the shapes do not tell: the form of Conv-4, fixed numbers in kernels, and who watches the activations."""

    form: str = "pool"  # "pool": stride 1, max-pool 2, flatten; "strided": stride 2, global mean
    constants: Mapping[str, float] = field(default_factory=dict)  # by <path> and one of CONSTANTS
    watch: Callable[[Tensor, bool], None] | None = None  # sees each layer's pre-activations, and whether it pools
    body: Callable[[Network, Tensors, Tensor], Tensor] | None = None  # another body than Conv-4: see residual.py

    def __post_init__(self) -> None:
        if unknown := [path for path in self.constants if not path.endswith(CONSTANTS)]:
            raise ValueError(f"constants {sorted(unknown)}: expected paths that end in one of {CONSTANTS}")
        if self.form not in ("pool", "strided"):
            raise ValueError(f"form {self.form!r}: expected 'pool' or 'strided'")


@dataclass(frozen=True)
class Batch:
    """Images [N,C,H,W] and their labels [N], 0...ways-1."""

    images: Tensor
    labels: Tensor


@dataclass(frozen=True)
class Loop:
    """How the inner loop goes and what the outer loss makes of its steps."""

    steps: int = 0
    order: str = "second"  # or "first": the inner gradients are constants
    head: str = "parameters"  # where a task's head starts; "prototypes": at class means, "shared": at its mean row
    weights: tuple[float, ...] = ()  # what the query loss after each step counts; none: the last alone
    elementwise: bool = False  # every number has a rate, the same in all steps
    step_norms: bool = False  # after step t normalisations take the numbers at <path>.step{t}

    def __post_init__(self) -> None:
        if self.order not in ("first", "second"):
            raise ValueError(f"order {self.order!r}: expected 'first' or 'second'")
        if self.head not in ("parameters", "prototypes", "shared"):
            raise ValueError(f"head {self.head!r}: expected 'parameters', 'prototypes' or 'shared'")
        if self.weights and len(self.weights) != self.steps:
            raise ValueError(f"{len(self.weights)} weights for {self.steps} steps")


@dataclass(frozen=True)
class Adaptation:
    """All parameters where the task starts and after every inner step, and the gradients of the steps in between."""

    parameters: list[Tensors]
    gradients: list[Tensors]


@dataclass(frozen=True)
class Result:
    """Query loss [] after the last step, the outer loss' gradient by parameter and by rate, and what adapted."""

    loss: Tensor
    gradient: Tensors
    rate_gradient: Tensors
    adapted: Tensors


def kernel(net: Network, parameters: Tensors, layer: int, channels: int) -> Tensor:
    """The convolution kernel [O,C,3,3] of a layer whose family has one."""
    path = f"layer{layer}.conv"
    filters = parameters[f"layer{layer}.norm.scale"].shape[0]
    if f"{path}.kernel" in parameters:
        return families.dense_kernel(parameters, net.constants, path)
    if f"{path}.layer-factor" in parameters:
        return families.tucker_kernel(parameters, path, SHARED)
    if f"{path}.singular" in parameters:
        return families.singular_kernel(parameters, path)
    if f"{path}.summary" in parameters:
        return families.summary_kernel(parameters, net.constants, path, filters, channels, side=3)
    if f"{path}.coefficients" in parameters:
        coefficients = parameters[f"{path}.coefficients"]
    else:
        coefficients = parameters["shared.coefficients"][:filters, :channels]
    return families.atom_kernel(parameters, path, coefficients, net.constants.get(f"{path}.coefficient_scale", 1.0))


def convolve(net: Network, parameters: Tensors, layer: int, x: Tensor, stride: int) -> Tensor:
    """The convolution of a layer on x [N,C,H,W]: by its kernel, or by filters shared with other layers."""
    path = f"layer{layer}.conv"
    if f"{SHARED}.bases" in parameters and f"{path}.kernel" not in parameters:
        return families.mixture(parameters, path, SHARED, x, stride, padding=1)
    return F.conv2d(x, kernel(net, parameters, layer, x.shape[1]), padding=1, stride=stride)


def features(net: Network, parameters: Tensors, images: Tensor) -> Tensor:
    """Images [N,C,H,W] to features [N,features], aligned if the family does so."""
    embedded = net.body(net, parameters, images) if net.body else plain_body(net, parameters, images)
    return families.aligned(parameters, embedded)


def plain_body(net: Network, parameters: Tensors, images: Tensor) -> Tensor:
    """Images [N,C,H,W] to the features [N,features] of Conv-4."""
    pools = net.form == "pool"
    x = images
    for layer in LAYERS:
        x = convolve(net, parameters, layer, x, stride=1 if pools else 2)
        x = normalise(x, *families.filmed(parameters, f"layer{layer}.norm"))
        if net.watch:
            net.watch(x.detach(), pools)
        x = F.relu(x)
        if pools:
            x = F.max_pool2d(x, 2)
    return x.flatten(1) if pools else x.mean(dim=(2, 3))


def classification_loss(net: Network, parameters: Tensors, batch: Batch) -> Tensor:
    """Mean cross-entropy [] of the linear head on a batch."""
    logits = F.linear(features(net, parameters, batch.images), parameters["head.weight"], parameters["head.bias"])
    return F.cross_entropy(logits, batch.labels)


def class_means(rows: Tensor, labels: Tensor) -> Tensor:
    """The mean row [ways,features] of each class, of rows [N,features]."""
    return torch.stack([rows[labels == way].mean(dim=0) for way in range(int(labels.max()) + 1)])


def task_start(net: Network, parameters: Tensors, support: Batch, head: str) -> Tensors:
    """What a task starts at: parameters whose head is made of the support's features, of its own rows, or left.

    A linear layer with weight 2p and bias -|p|^2 gives -|x - p|^2 but for |x|^2, which all classes share. Everything is
    a tensor of its own: the gradient of a step holds the head fixed, however it was made of the others.
    """
    current = {path: tensor.clone() for path, tensor in parameters.items()}
    if head == "prototypes":
        means = class_means(features(net, parameters, support.images), support.labels)
        current |= {"head.weight": 2 * means, "head.bias": -means.square().sum(dim=1)}
    if head == "shared":
        current |= {path: x.mean(dim=0, keepdim=True).expand_as(x) for path, x in current.items() if "head" in path}
    return current


def prototypical_loss(net: Network, parameters: Tensors, support: Batch, query: Batch) -> Tensor:
    """Mean cross-entropy [] of the queries by squared distance to class means; statistics over both sets jointly."""
    embedded = features(net, parameters, torch.cat([support.images, query.images]))
    count = len(support.labels)
    prototypes = class_means(embedded[:count], support.labels)
    distances = ((embedded[count:, None, :] - prototypes[None, :, :]) ** 2).sum(dim=2)
    return F.cross_entropy(-distances, query.labels)


def adapt(net: Network, parameters: Tensors, rates: Tensors, support: Batch, loop: Loop) -> Adaptation:
    """Steps p <- p - rates[p][t] * dL/dp on the support set, for the paths in rates (each [T], or [1] for all steps, or
    of the shape of p).

    Order "second" keeps the inner gradients in the graph; "first" makes them constants. Either keeps the head's start.
    """
    way, history = [task_start(net, parameters, support, loop.head)], []
    for step in range(loop.steps):
        loss = classification_loss(net, way[-1], support)
        inputs = [way[-1][path] for path in rates]
        values = torch.autograd.grad(loss, inputs, create_graph=loop.order == "second", retain_graph=True)
        history.append(dict(zip(rates, values, strict=True)))
        way.append(descend(way[-1], rates, history[-1], step, loop))
    return Adaptation(way, history)


def descend(parameters: Tensors, rates: Tensors, gradients: Tensors, step: int, loop: Loop) -> Tensors:
    """All parameters after one inner step, the step-th from 0, along the given gradients."""

    def size(rate: Tensor) -> Tensor:
        return rate if loop.elementwise else rate[step if len(rate) > 1 else 0]

    moved = {path: parameters[path] - size(rate) * gradients[path] for path, rate in rates.items()}
    if loop.step_norms:
        mark = f".step{step + 1}"
        moved |= {path.removesuffix(mark): tensor for path, tensor in parameters.items() if path.endswith(mark)}
    return {**parameters, **moved}


def outer_loss(net: Network, way: list[Tensors], query: Batch, weights: tuple[float, ...]) -> Tensor:
    """The weighted sum [] of the query losses after the steps, the first of which follows way[0]."""
    if not weights:
        return classification_loss(net, way[-1], query)
    losses = [classification_loss(net, parameters, query) for parameters in way[1:]]
    return torch.stack([weight * loss for weight, loss in zip(weights, losses, strict=True)]).sum()


def maml(
    net: Network, parameters: Tensors, rates: Tensors, support: Batch, query: Batch, loop: Loop
) -> Result:
    """MAML on one episode: its query loss, and the outer loss' gradient by every parameter and every inner rate."""
    parameters, rates = leaves(parameters), leaves(rates)
    way = adapt(net, parameters, rates, support, loop).parameters
    gradient, rate_gradient = differentiate(outer_loss(net, way, query, loop.weights), parameters, rates)
    adapted = {path: way[-1][path].detach() for path in rates}
    return Result(classification_loss(net, way[-1], query).detach(), gradient, rate_gradient, adapted)


def prototypical(net: Network, parameters: Tensors, support: Batch, query: Batch) -> Result:
    """The prototypical loss on one episode and its gradient by every parameter."""
    parameters = leaves(parameters)
    loss = prototypical_loss(net, parameters, support, query)
    (gradient,) = differentiate(loss, parameters)
    return Result(loss.detach(), gradient, {}, {})


def leaves(tensors: Tensors) -> Tensors:
    """Fresh copies that gradients can be asked for."""
    return {path: tensor.detach().clone().requires_grad_() for path, tensor in tensors.items()}


def differentiate(loss: Tensor, *groups: Tensors) -> list[Tensors]:
    """The gradient of the loss by each group of leaves; zero for a leaf that the loss does not use."""
    inputs = [tensor for group in groups for tensor in group.values()]
    values = iter(torch.autograd.grad(loss, inputs, materialize_grads=True))
    return [{path: next(values) for path in group} for group in groups]


class KinkWatch:
    """A `Network.watch` that records how near any activation comes to a ReLU or max-pool kink.

    `margin` is the smallest change of a pre-activation that can switch a ReLU or the winner of a pool window;
    `pattern` holds which ReLUs are on and which window entries win. Where two evaluations have equal patterns, the
    loss is smooth between them.
    """

    def __init__(self) -> None:
        self.margin = float("inf")
        self.pattern: list[Tensor] = []

    def __call__(self, values: Tensor, pools: bool) -> None:
        """values [N,O,H,W], the pre-activations of one layer."""
        self._record(values.abs(), values > 0)
        if pools:
            self._record_pool(values)

    def _record_pool(self, values: Tensor) -> None:
        windows = values.unfold(2, 2, 2).unfold(3, 2, 2).flatten(4)
        best, winner = windows.topk(2, dim=4)
        alive = best[..., 0] > 0
        gap = best[..., 0] - best[..., 1].clamp(min=0)
        self._record(gap[alive], torch.where(alive, winner[..., 0], -1))

    def leaky_pool(self, values: Tensor) -> None:
        """values [N,O,H,W] that go through a rising activation and windows of 2."""
        best = values.unfold(2, 2, 2).unfold(3, 2, 2).flatten(4).topk(2, dim=4)
        self._record(best.values[..., 0] - best.values[..., 1], best.indices[..., 0])

    def overlapping_pool(self, values: Tensor) -> None:
        """values [N,O,H,W] that go through a ReLU and windows of 3 at stride 2 with padding."""
        windows = F.pad(values, (1, 1, 1, 1), value=-1.0).unfold(2, 3, 2).unfold(3, 3, 2).flatten(4)
        best, winner = windows.topk(2, dim=4)
        alive = best[..., 0] > 0
        gap = best[..., 0] - best[..., 1].clamp(min=0)
        self._record(gap[alive], torch.where(alive, winner[..., 0], -1))

    def _record(self, distances: Tensor, pattern: Tensor) -> None:
        if distances.numel():
            self.margin = min(self.margin, float(distances.min()))
        self.pattern.append(pattern)

    def same_pattern(self, other: KinkWatch) -> bool:
        """Whether both watched the same branches of every ReLU and pool."""
        return len(self.pattern) == len(other.pattern) and all(map(torch.equal, self.pattern, other.pattern))
