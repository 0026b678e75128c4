"""Recomputes in float64 what `fewshot check --export DIR` wrote, and compares. See README.md.

    python verify_export.py DIR [--tolerance 1e-4]

Prints the relative error |a - b| / |b| of every exported tensor a against the reference b. Exits with 1 if any
exceeds the tolerance or is missing (an all-zero gradient may be left out), and with 2 if the export cannot be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

import oracle
import residual
from oracle import Batch, KinkWatch, Loop, Network, Result, Tensors

ROUNDING = 1e-12  # of 64 bits; an inner norm's shift, which a later norm cancels, has such a gradient
# By family, the options of which the reference covers one value alone, which is the default.
COVERED: dict[str, dict[str, str]] = {
    "standard": {},
    "acdc": {"groups": "0"},
    "dsb": {"bases": "single"},
    "tnet": {"share": "stage", "modes": "layer"},
    "svd": {"head": "standard"},
    "fsnet": {"align": "none"},
    "lora": {},
    "adapter": {},
    "film": {},
    "cavia": {},
}
FORMS = {"conv4": "pool", "conv4-strided": "strided"}
# Where the head starts; whether it adapts is in the list of what adapts.
HEADS = {"adapts": "parameters", "frozen": "parameters", "prototypes": "prototypes", "shared": "shared"}

Row = tuple[str, float | None]  # a tensor's path and its relative error; None where it is missing


class UnusableExport(Exception):
    """The export is incomplete, contradicts itself, or is of a kind the reference does not cover."""


def load(folder: Path, name: str) -> Tensors:
    """A file's tensors; floating point ones widened to float64."""
    content = load_file(folder / f"{name}.safetensors")
    return {path: x.double() if x.is_floating_point() else x for path, x in content.items()}


def load_network(plan: dict, watch: KinkWatch) -> Network:
    """The network of the plan."""
    if plan["family"] not in COVERED:
        raise UnusableExport(f"family {plan['family']!r}: the reference covers {', '.join(COVERED)}")
    for name, covered in COVERED[plan["family"]].items():
        if (value := plan["options"].get(name, covered)) != covered:
            raise UnusableExport(f"option {name}={value}: the reference covers {name}={covered} only")
    if plan["backbone"] in residual.SHAPES:
        body = partial(residual.body, plan["backbone"], plan["filters"])
        return Network(constants=plan.get("constants", {}), watch=watch, body=body)
    if plan["backbone"] not in FORMS:
        known = ", ".join([*FORMS, *residual.SHAPES])
        raise UnusableExport(f"backbone {plan['backbone']!r}: the reference covers {known}")
    return Network(FORMS[plan["backbone"]], plan.get("constants", {}), watch)


def load_rates(folder: Path, plan: dict) -> Tensors:
    """The rates of the adapted tensors, which must be those the plan names: [T], [1] where all steps share one, or of
    the shape of the tensor.
    """
    rates = load(folder, "rates") if plan["adapted"] else {}
    if set(rates) != set(plan["adapted"]):
        raise UnusableExport(f"rates and plan differ on what adapts: {sorted(set(rates) ^ set(plan['adapted']))}")
    tied = plan.get("tie-rates", False)
    if plan.get("elementwise-rates", False):
        return rates
    for path, rate in rates.items():
        if rate.shape != (1 if tied else plan["inner-steps"],):
            steps = f"{plan['inner-steps']} inner steps" + (" that share one" if tied else "")
            raise UnusableExport(f"rates of {path}: shape {list(rate.shape)} for {steps}")
    return rates


def load_loop(plan: dict) -> Loop:
    """The inner loop; an export states the gradient of the loss after the last step alone."""
    head = plan.get("head", "adapts")
    if head not in HEADS:
        raise UnusableExport(f"head {head!r}: the reference covers {', '.join(HEADS)}")
    return Loop(
        plan["inner-steps"],
        plan["order"],
        HEADS[head],
        elementwise=plan.get("elementwise-rates", False),
        step_norms=plan.get("step-norms", False),
    )


def load_batch(episode: Tensors, part: str) -> Batch:
    """The support or query set."""
    return Batch(episode[f"{part}.images"], episode[f"{part}.labels"].long())


def recompute(folder: Path, plan: dict, watch: KinkWatch) -> Result:
    """The reference answer for the exported inputs."""
    net = load_network(plan, watch)
    parameters, episode = load(folder, "parameters"), load(folder, "episode")
    support, query = load_batch(episode, "support"), load_batch(episode, "query")
    if plan["learner"] == "prototypical":
        return oracle.prototypical(net, parameters, support, query)
    if plan["learner"] != "maml":
        raise UnusableExport(f"learner {plan['learner']!r}: the reference covers maml, prototypical")
    return oracle.maml(net, parameters, load_rates(folder, plan), support, query, load_loop(plan))


def relative_error(value: Tensor, reference: Tensor) -> float:
    """|a - b| / |b|; where the reference is zero but for rounding, |a|. Not a number counts as infinitely wrong."""
    norm = reference.norm().item()
    error = (value.reshape(reference.shape) - reference).norm().item() / (norm if norm > ROUNDING else 1.0)
    return error if error == error else float("inf")


def compare(exported: Tensors, reference: Tensors) -> Iterator[Row]:
    """A row for each tensor of the reference, and for each exported one that it does not know."""
    for path, expected in reference.items():
        if path in exported:
            if exported[path].numel() != expected.numel():
                raise UnusableExport(f"{path}: shape {list(exported[path].shape)}, not {list(expected.shape)}")
            yield path, relative_error(exported[path], expected)
        elif expected.any():
            yield path, None
    if unknown := sorted(set(exported) - set(reference)):
        raise UnusableExport(f"tensors without a reference: {', '.join(unknown)}")


def rows(folder: Path, result: Result) -> list[Row]:
    """The whole comparison: loss, gradients by parameter and rate, adapted tensors."""
    rates = {f"rate:{path}": gradient for path, gradient in result.rate_gradient.items()}
    table = list(compare(load(folder, "gradient"), {"loss": result.loss, **result.gradient, **rates}))
    if result.adapted:
        adapted = compare(load(folder, "adapted"), result.adapted)
        table += [(f"adapted:{path}", error) for path, error in adapted]
    return table


def show(table: list[Row], tolerance: float, margin: float) -> bool:
    """Print the table and a summary; whether all is within tolerance."""
    width = max(len(path) for path, _ in table)
    failed = [path for path, error in table if error is None or error > tolerance]
    for path, error in table:
        text = "  missing" if error is None else f"{error:9.2e}"
        print(f"{path:{width}}  {text}{'  <-' if path in failed else ''}")
    print(f"{len(table) - len(failed)} of {len(table)} within {tolerance:g}; nearest ReLU or pool kink {margin:.1e}")
    return not failed


def main() -> int:
    """The exit status."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path, metavar="DIR")
    arguments.add_argument("--tolerance", type=float, default=1e-4)
    options = arguments.parse_args()
    torch.set_num_threads(1)
    watch = KinkWatch()
    try:
        plan = json.loads((options.folder / "plan.json").read_text())
        table = rows(options.folder, recompute(options.folder, plan, watch))
    except KeyError as missing:
        print(f"{options.folder}: {missing} is missing from the export", file=sys.stderr)
        return 2
    except (UnusableExport, SafetensorError, OSError, ValueError, IndexError, RuntimeError) as problem:
        print(f"{options.folder}: {problem}", file=sys.stderr)
        return 2
    return 0 if show(table, options.tolerance, watch.margin) else 1


if __name__ == "__main__":
    sys.exit(main())
