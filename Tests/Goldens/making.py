"""Makes golden cases: takes a draw that is fit for use, solves it, checks the answer and writes the file. See README.md.

A draw where some activation lies nearer than KINK_MARGIN to a ReLU or pool kink, or where a gradient cancels so far that
the oracle in 32 bits errs by more than the case allows, is discarded and the next one taken. Before a case is written,
its gradient is checked against central differences.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import save

import oracle
from problems import Case, Problem, draw_problem, watched
from differences import check_gradient
from oracle import Batch, Result, Tensors

ATTEMPTS = 4000
KINK_MARGIN = 3e-5
ROUNDING = 1e-12


def solve(problem: Problem, learner: str) -> Result:
    """The oracle's answer."""
    if learner == "prototypical":
        return oracle.prototypical(problem.net, problem.parameters, problem.support, problem.query)
    return oracle.maml(problem.net, problem.parameters, problem.rates, problem.support, problem.query, problem.loop)


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
        if watch.margin > KINK_MARGIN and single_error(problem, case.learner, result) < case.single_tolerance:
            return problem, result, watch.margin
    raise RuntimeError(f"{case.name}: none of {ATTEMPTS} draws is clear of kinks and of cancellation")


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
        **case.notes(),
    }


def serialise(content: Tensors, notes: dict[str, str]) -> bytes:
    """A safetensors file that is the same at every making: the library leaves the order of the notes to chance."""
    data = save(content, metadata=notes)
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    text = json.dumps({**header, "__metadata__": notes}, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + data[start:]


def main(cases: Sequence[Case], description: str) -> None:
    """Make, check and write the cases that the command line asks for."""
    arguments = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--only", choices=[case.name for case in cases], help="make a single case")
    arguments.add_argument("--output", type=Path, default=Path(__file__).parent / "cases")
    options = arguments.parse_args()
    torch.set_num_threads(1)
    options.output.mkdir(parents=True, exist_ok=True)
    for case in cases:
        if options.only in (None, case.name):
            problem, result, margin = find_problem(case)
            error = check_gradient(case, problem, result)
            path = options.output / f"{case.name}.safetensors"
            path.write_bytes(serialise(tensors(problem, result), metadata(case, problem, margin)))
            print(f"{case.name:32} {path.stat().st_size:7} bytes   kink margin {margin:.1e}   differences {error:.1e}")
