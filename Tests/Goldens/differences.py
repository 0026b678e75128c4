"""Checks the gradient of a golden case against central differences of the loss."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

import oracle
from problems import SEED, Case, Problem, watched
from oracle import Result, Tensors

JOINT_DIRECTIONS = 4
DIFFERENCE_STEPS = (1e-5, 3e-6, 1e-6, 3e-7)
DIFFERENCE_TOLERANCE = 1e-6
SLOPE_FLOOR = 1e-4  # of the whole gradient; a slope below is compared with this: an inner shift's is zero


def outer_loss(problem: Problem, learner: str, constants: list[Tensors]) -> float:
    """The function whose gradient the oracle states: for the first order, the inner gradients are constants."""
    if learner == "prototypical":
        return oracle.prototypical_loss(problem.net, problem.parameters, problem.support, problem.query).item()
    if problem.loop.order == "first":
        way = [oracle.task_start(problem.net, problem.parameters, problem.support, problem.loop.head)]
        for step, gradients in enumerate(constants):
            way.append(oracle.descend(way[-1], problem.rates, gradients, step, problem.loop))
    else:
        way = walk(problem).parameters
    return oracle.outer_loss(problem.net, way, problem.query, problem.loop.weights).item()


def walk(problem: Problem) -> oracle.Adaptation:
    """The inner loop by values alone."""
    loop = replace(problem.loop, order="first")
    return oracle.adapt(problem.net, oracle.leaves(problem.parameters), problem.rates, problem.support, loop)


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


def directions(rng: np.random.Generator, result: Result, most: int | None) -> list[tuple[Tensors, Tensors]]:
    """Unit directions through everything at once, and through each tensor alone, or through about as many as `most`."""
    joint, alone = [], []
    for _ in range(JOINT_DIRECTIONS):
        joint.append((draw_direction(rng, result.gradient), draw_direction(rng, result.rate_gradient)))
    # A head that starts elsewhere than at its parameters does not depend on them.
    alone += [(draw_direction(rng, {path: g}), {}) for path, g in result.gradient.items() if g.any()]
    alone += [({}, draw_direction(rng, {path: g})) for path, g in result.rate_gradient.items()]
    stride = max(1, len(alone) // most) if most else 1
    return [unit(*pair) for pair in joint + alone[::stride]]


def slope(result: Result, direction: Tensors, rate_direction: Tensors) -> float:
    """The derivative along a direction that the stated gradient implies."""
    parts = [(result.gradient, direction), (result.rate_gradient, rate_direction)]
    return sum(float((gradient[p] * x).sum()) for gradient, along in parts for p, x in along.items())


def check_gradient(case: Case, problem: Problem, result: Result) -> float:
    """The largest relative difference between stated slopes and central differences; raises if too large."""
    constants = walk(problem).gradients if case.order == "first" else []
    floor = SLOPE_FLOOR * sum(float((g**2).sum()) for g in result.gradient.values()) ** 0.5
    worst = 0.0
    for along in directions(np.random.default_rng(SEED), result, case.single_directions):
        stated = slope(result, *along)
        error = abs(difference(problem, case.learner, constants, along) - stated)
        error /= max(abs(stated), floor)
        if error > DIFFERENCE_TOLERANCE:
            paths = [*along[0], *(f"rate:{path}" for path in along[1])]
            raise RuntimeError(f"{case.name}: slope {stated:.3e} is off by {error:.1e} along {paths}")
        worst = max(worst, error)
    return worst
