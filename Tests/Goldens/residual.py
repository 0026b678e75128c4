"""Residual networks for the oracle: features of every residual backbone, in functional PyTorch.

Which convolutions there are is read from the tables below, everything else from paths and shapes. Paths:
    stem.conv, stem.norm; stage{s}.block{b}.conv{i}, .norm{i}, .shortcut.conv, .shortcut.norm
    stage{s}.shared.conv{i}       a convolution that the blocks behind the first of a stage have in common
Each of these conv is a <path> in families.py. What convolutions share stands under shared.stage{s}:
    bases                         or in{C}k{k}.bases, where the sharing convolutions of a stage read different widths C
    core, {out,in,...}-factor     of the convolutions that keep the stage's width
    block{b}.coefficients         or coefficients, or shared.coefficients for the net: atoms take the leading [:O,:C]
                                  slice, times sqrt(Cmax / C) for a slice of Cmax inputs
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

import families
from families import Tensors
from oracle import Network


@dataclass(frozen=True)
class Shape:
    """The skeleton of a residual network; widths are multiples of the first."""

    blocks: tuple[int, ...]
    kernels: tuple[int, ...] = (3, 3)  # of a block's convolutions
    ratios: tuple[float, ...] = (1, 2, 4, 8)
    expansion: int = 1
    stem: int = 3  # side of its kernel; 0 for none
    pads: bool = False  # option A: shortcuts without parameters
    slope: float = 0.0
    pools: bool = False  # at the end of every block, instead of strides
    shared: tuple[int, ...] = ()  # positions of convolutions in common


SHAPES = {
    "resnet12": Shape((1, 1, 1, 1), (3, 3, 3), (1, 2.5, 5, 10), stem=0, slope=0.1, pools=True),
    "resnet12-512": Shape((1, 1, 1, 1), (3, 3, 3), stem=0, slope=0.1, pools=True),
    "resnet18": Shape((2, 2, 2, 2)),
    "resnet34": Shape((3, 4, 6, 3)),
    "resnet18-imagenet": Shape((2, 2, 2, 2), stem=7),
    "resnet34-imagenet": Shape((3, 4, 6, 3), stem=7),
    "resnet20": Shape((3, 3, 3), ratios=(1, 2, 4), pads=True),
    "resnet32": Shape((5, 5, 5), ratios=(1, 2, 4), pads=True),
    "resnet56": Shape((9, 9, 9), ratios=(1, 2, 4), pads=True),
    "resnet50": Shape((3, 4, 6, 3), (1, 3, 1), expansion=4, stem=7),
    "resnet101": Shape((3, 4, 23, 3), (1, 3, 1), expansion=4, stem=7),
    "resnet50-shared": Shape((3, 4, 6, 3), (1, 3, 1), expansion=4, stem=7, shared=(2,)),
    "resnet50-shared++": Shape((3, 4, 6, 3), (1, 3, 1), expansion=4, stem=7, shared=(2, 3)),
    "resnet101-shared": Shape((3, 4, 23, 3), (1, 3, 1), expansion=4, stem=7, shared=(2,)),
}


@dataclass(frozen=True)
class Conv:
    """One use of a convolution."""

    path: str
    norm: str
    stage: int
    block: int
    inputs: int
    outputs: int
    side: int
    stride: int


@dataclass(frozen=True)
class Block:
    """Convolutions of the main path, and the projection beside it if there is one."""

    convs: tuple[Conv, ...]
    projection: Conv | None


def skeleton(shape: Shape, filters: int, channels: int) -> tuple[Conv | None, list[Block]]:
    """The stem and the blocks of a network."""
    stem, blocks = None, []
    inputs = channels
    if shape.stem:
        stem = Conv("stem.conv", "stem.norm", 0, 1, channels, filters, shape.stem, 2 if shape.stem == 7 else 1)
        inputs = filters
    for stage, (count, ratio) in enumerate(zip(shape.blocks, shape.ratios), start=1):
        width = int(filters * ratio)
        for block in range(1, count + 1):
            stride = 2 if stage > 1 and block == 1 and not shape.pools else 1
            blocks.append(make_block(shape, stage, block, count, inputs, width, stride))
            inputs = width * shape.expansion
    return stem, blocks


def make_block(shape: Shape, stage: int, block: int, count: int, inputs: int, width: int, stride: int) -> Block:
    """One block; the stride is that of its first spatial convolution."""
    path, outputs = f"stage{stage}.block{block}", width * shape.expansion
    convs, channels = [], inputs
    for i, side in enumerate(shape.kernels, start=1):
        target = outputs if i == len(shape.kernels) else width
        own = stride if side > 1 and all(k == 1 for k in shape.kernels[: i - 1]) else 1
        common = i in shape.shared and block > 1 and count > 2
        place = f"stage{stage}.shared.conv{i}" if common else f"{path}.conv{i}"
        convs.append(Conv(place, f"{path}.norm{i}", stage, block, channels, target, side, own))
        channels = target
    projects = (stride != 1 or inputs != outputs) and not shape.pads
    names = (f"{path}.shortcut.conv", f"{path}.shortcut.norm")
    return Block(tuple(convs), Conv(*names, stage, block, inputs, outputs, 1, stride) if projects else None)


def every_conv(stem: Conv | None, blocks: list[Block]) -> Iterator[Conv]:
    """All uses of convolutions."""
    if stem:
        yield stem
    for block in blocks:
        yield from block.convs
        if block.projection:
            yield block.projection


def coefficient_paths(conv: Conv) -> tuple[str, ...]:
    """Where the coefficients of a convolution may stand."""
    stage = f"shared.stage{conv.stage}"
    owners = (conv.path, f"{stage}.block{conv.block}", stage, "shared")
    return tuple(f"{owner}.coefficients" for owner in owners)


def kernel(net: Network, parameters: Tensors, conv: Conv) -> Tensor:
    """The kernel [O,C,k,k] of a convolution whose family has one."""
    path = conv.path
    if f"{path}.kernel" in parameters:
        return families.dense_kernel(parameters, net.constants, path)
    if f"{path}.layer-factor" in parameters:
        return families.tucker_kernel(parameters, path, f"shared.stage{conv.stage}")
    if f"{path}.singular" in parameters:
        return families.singular_kernel(parameters, path)
    if f"{path}.summary" in parameters:
        return families.summary_kernel(parameters, net.constants, path, conv.outputs, conv.inputs, conv.side)
    whole = next(parameters[owner] for owner in coefficient_paths(conv) if owner in parameters)
    scale = (whole.shape[1] / conv.inputs) ** 0.5
    return families.atom_kernel(parameters, path, whole[: conv.outputs, : conv.inputs], scale)


def basis_groups(conv: Conv) -> tuple[str, ...]:
    """Where the filters that a convolution shares may stand."""
    return f"shared.stage{conv.stage}", f"shared.stage{conv.stage}.in{conv.inputs}k{conv.side}"


def normalised(net: Network, parameters: Tensors, conv: Conv, x: Tensor) -> Tensor:
    """Convolution and normalisation."""
    padding = conv.side // 2
    if f"{conv.path}.coefficients" in parameters and f"{conv.path}.atoms" not in parameters:
        group = next(group for group in basis_groups(conv) if f"{group}.bases" in parameters)
        y = families.mixture(parameters, conv.path, group, x, conv.stride, padding)
    else:
        y = F.conv2d(x, kernel(net, parameters, conv), stride=conv.stride, padding=padding)
    return families.normalise(y, *families.filmed(parameters, conv.norm))


def option_a(x: Tensor, outputs: int, stride: int) -> Tensor:
    """Every second pixel, and channels of zeros on both sides."""
    new = outputs - x.shape[1]
    return F.pad(x[:, :, ::stride, ::stride], (0, 0, 0, 0, new // 2, new - new // 2))


def body(name: str, filters: int, net: Network, parameters: Tensors, images: Tensor) -> Tensor:
    """Images [N,C,H,W] to features [N,D]."""
    shape = SHAPES[name]
    stem, blocks = skeleton(shape, filters, images.shape[1])

    def active(x: Tensor) -> Tensor:
        if net.watch:
            net.watch(x.detach(), False)
        return F.leaky_relu(x, shape.slope)

    x = images
    if stem:
        x = normalised(net, parameters, stem, x)
        if stem.side == 7 and net.watch:
            net.watch.overlapping_pool(x.detach())
        x = active(x)
        x = F.max_pool2d(x, 3, stride=2, padding=1) if stem.side == 7 else x
    for block in blocks:
        y = x
        for conv in block.convs[:-1]:
            y = active(normalised(net, parameters, conv, y))
        y = normalised(net, parameters, block.convs[-1], y)
        last = block.convs[-1]
        if block.projection:
            x = normalised(net, parameters, block.projection, x)
        elif x.shape[1] != last.outputs:
            x = option_a(x, last.outputs, block.convs[0].stride)
        total = x + y
        if shape.pools and net.watch:
            net.watch.leaky_pool(total.detach())
        x = active(total)
        x = F.max_pool2d(x, 2) if shape.pools else x
    return x.mean(dim=(2, 3))
