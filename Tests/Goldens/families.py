"""The formulas of every convolution family, by the path that a convolution's parameters stand under.

    <path>.kernel [O,C,k,k]                        a standard convolution (no bias in any family), or beside it
    <path>.up [O,r], .down [r,C,k,k]               kernel[o] + scale * sum_j up[o,j] * down[j], or
    <path>.adapter [O,C]                           kernel[o,c] with this added in the middle, or instead of it
    <path>.atoms [m,k,k]                           kernel[o,c] = scale * sum_j coefficients[o,c,j] * (atoms + delta)[j]
    <path>.atoms_delta [m,k,k]                     with what the task adds to the atoms, if it adds something, or
    <path>.left [O,r], .singular [r], .right [r,C,k,k]    kernel[o] = sum_j left[o,j] * singular[j] * right[j], or
    <path>.summary [L]                             kernel[o] = k*k*C numbers of it, ordered row, column, channel, from
    <path>.locations [O]                           learned starts, or without them evenly spaced ones, or
    <path>.layer-factor [r]                        kernel = this row of the Tucker tensor of a group with
    <group>.core [r,b,d,e,f]                       this core and the factors of the other modes,
    <group>.{out,in,height,width}-factor [O,b], [C,d], [k,e], [k,f], or
    <path>.unique [U,C,k,k], <group>.bases [S,C,k,k]      responses of unique and shared filters, normalised by
    <path>.norm.scale, .shift [U+S]                these where they are there, then mixed by
    <path>.coefficients [O,U+S]                    the convolution's coefficients.

Features [N,D] are multiplied by alignment.matrix [D,D] from the left where there is one. Where there is context.<norm>
[2C,K], its product with context.vector [K] holds gamma [C], then beta [C]; they turn the scale and shift of that
normalisation into scale * (1 + gamma) and shift * (1 + gamma) + beta.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

NORM_EPSILON = 1e-5

Tensors = dict[str, Tensor]


def dense_kernel(parameters: Tensors, constants: Mapping[str, float], path: str) -> Tensor:
    """A dense kernel and what a task adds to it, if it adds something (constant: the scale of a low-rank difference)."""
    kernel = parameters[f"{path}.kernel"]
    if f"{path}.up" in parameters:
        difference = torch.einsum("or,rcyx->ocyx", parameters[f"{path}.up"], parameters[f"{path}.down"])
        kernel = kernel + constants.get(f"{path}.difference_scale", 1.0) * difference
    if f"{path}.adapter" in parameters:
        before = kernel.shape[-1] // 2
        kernel = kernel + F.pad(parameters[f"{path}.adapter"][:, :, None, None], (before,) * 4)
    return kernel


def filmed(parameters: Tensors, path: str) -> tuple[Tensor, Tensor]:
    """Scale and shift [C] of the normalisation at a path, changed by the context of the task if it acts there."""
    scale, shift = parameters[f"{path}.scale"], parameters[f"{path}.shift"]
    if f"context.{path}" not in parameters:
        return scale, shift
    gamma, beta = torch.mv(parameters[f"context.{path}"], parameters["context.vector"]).chunk(2)
    return scale * (1 + gamma), shift * (1 + gamma) + beta


def aligned(parameters: Tensors, features: Tensor) -> Tensor:
    """Features [N,D] behind the family's matrix, if it has one."""
    if "alignment.matrix" not in parameters:
        return features
    return torch.einsum("ij,nj->ni", parameters["alignment.matrix"], features)


def atom_kernel(parameters: Tensors, path: str, coefficients: Tensor, scale: float = 1.0) -> Tensor:
    """The kernel of a convolution's atoms and these coefficients [O,C,m]."""
    atoms = parameters[f"{path}.atoms"]
    if f"{path}.atoms_delta" in parameters:
        atoms = atoms + parameters[f"{path}.atoms_delta"]
    return scale * torch.einsum("ocj,jyx->ocyx", coefficients, atoms)


def singular_kernel(parameters: Tensors, path: str) -> Tensor:
    """The kernel of a convolution's singular factors."""
    scaled = parameters[f"{path}.left"] * parameters[f"{path}.singular"]
    return torch.einsum("oj,jcyx->ocyx", scaled, parameters[f"{path}.right"])


def tucker_kernel(parameters: Tensors, path: str, group: str) -> Tensor:
    """The kernel that a convolution's row picks of its group's tensor."""
    modes = ("core", "out-factor", "in-factor", "height-factor", "width-factor")
    shared = [parameters[f"{group}.{mode}"] for mode in modes]
    return torch.einsum("a,abdef,ob,cd,ye,xf->ocyx", parameters[f"{path}.layer-factor"], *shared)


def summary_kernel(
    parameters: Tensors, constants: Mapping[str, float], path: str, filters: int, channels: int, side: int
) -> Tensor:
    """The kernel whose filters are segments of one vector, interpolated at learned starts (constant: their gain)."""
    summary, length = parameters[f"{path}.summary"], side * side * channels
    spare = summary.shape[0] - length
    if f"{path}.locations" in parameters:
        gain = constants[f"{path}.location_gain"]
        starts = spare * torch.sigmoid(gain * parameters[f"{path}.locations"])
        whole = starts.detach().floor().clamp(max=spare - 1).long()
        index = whole[:, None] + torch.arange(length)
        here = summary[index]
        segments = here + (starts - whole)[:, None] * (summary[index + 1] - here)
    else:
        # The nearest whole number to o * spare / (filters - 1), halves up.
        whole = torch.tensor([(2 * o * spare + filters - 1) // (2 * (filters - 1)) for o in range(filters)])
        segments = summary[whole[:, None] + torch.arange(length)]
    return segments.reshape(filters, side, side, channels).permute(0, 3, 1, 2)


def mixture(parameters: Tensors, path: str, group: str, x: Tensor, stride: int, padding: int) -> Tensor:
    """A convolution of x [N,C,H,W] by filters of its own and filters of its group, mixed by its coefficients."""
    filters = torch.cat([parameters[f"{path}.unique"], parameters[f"{group}.bases"]])
    responses = F.conv2d(x, filters, padding=padding, stride=stride)
    if f"{path}.norm.scale" in parameters:
        responses = normalise(responses, parameters[f"{path}.norm.scale"], parameters[f"{path}.norm.shift"])
    return torch.einsum("or,nrhw->nohw", parameters[f"{path}.coefficients"], responses)


def normalise(x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    """Batch normalisation of x [N,O,H,W] by the statistics of this batch, with the biased variance."""
    mean = x.mean(dim=(0, 2, 3), keepdim=True)
    variance = ((x - mean) ** 2).mean(dim=(0, 2, 3), keepdim=True)
    unit = (x - mean) / torch.sqrt(variance + NORM_EPSILON)
    return unit * scale[:, None, None] + shift[:, None, None]
