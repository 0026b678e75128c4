"""Makes the golden cases of residual networks under cases/, as make_goldens.py does for Conv-4. See README.md.

    python make_residual_goldens.py [--only NAME] [--output DIR]
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

import draws
import making
import residual
from oracle import Network, Tensors
from problems import Case, difference_scales, location_gains
from residual import Conv

# Twice as many normalisations, or fractions of positions, leave 32 bits less.
DEEP_TOLERANCE = 1e-4


@dataclass(frozen=True)
class ResidualCase(Case):
    """A residual network of one family; stem and 1x1 convolutions are standard."""

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

    @property
    def convs(self) -> list[Conv]:
        """All uses of convolutions; the first reads the images."""
        return list(residual.every_conv(*residual.skeleton(residual.SHAPES[self.backbone], self.filters, self.channels)))

    def draw(self, rng: np.random.Generator) -> draws.Arrays:
        convs, arrays = self.convs, {}
        spatial = [conv for conv in convs[1:] if conv.side > 1]
        for conv in convs:
            if f"{conv.path}.kernel" not in arrays:
                self.draw_conv(rng, conv, spatial, arrays)
            arrays |= draws.normalisation(rng, conv.norm, conv.outputs)
        if self.family == "adapter" and self.option("alignment") != "off":
            arrays |= draws.alignment(rng, self.features)
        if self.family == "cavia":
            arrays |= draws.context(rng, {conv.norm: conv.outputs for conv in convs}, int(self.option("context")))
        return arrays | draws.head(rng, self.ways, self.features)

    def draw_conv(self, rng: np.random.Generator, conv: Conv, spatial: list[Conv], arrays: draws.Arrays) -> None:
        """Parameters of one convolution, and what it shares with others unless those had it drawn."""
        size = (conv.outputs, conv.inputs, conv.side)
        match self.family if conv in spatial else "standard":
            case "acdc":
                self.draw_atoms(rng, conv, spatial, arrays)
            case "dsb" if is_shared(conv, spatial):
                shared, unique = half(conv.inputs), at_least_one(conv.inputs / min(c.outputs for c in spatial))
                single, several = residual.basis_groups(conv)
                alone = all(c.inputs == conv.inputs for c in spatial if c.stage == conv.stage and is_shared(c, spatial))
                bases = f"{single if alone else several}.bases"
                if bases not in arrays:
                    arrays[bases] = draws.filters(rng, shared, *size[1:])
                arrays |= draws.mixture(rng, conv.path, *size, unique, shared, norm=True)
            case "tnet" if conv.inputs == conv.outputs:
                users = [c for c in spatial if c.stage == conv.stage and c.inputs == c.outputs == conv.inputs]
                group, width = f"shared.stage{conv.stage}", conv.inputs
                ranks = (min(width, int(self.option(name))) for name in ("rank-out", "rank-in"))
                if f"{group}.core" not in arrays:
                    arrays |= draws.tucker(rng, group, width, conv.side, (len(users), *ranks, conv.side, conv.side))
                arrays[f"{conv.path}.layer-factor"] = draws.factor(rng, len(users))
            case "svd":
                arrays |= draws.singular(rng, conv.path, *size, rank=int(self.option("rank")))
            case "lora":
                arrays |= draws.low_rank(rng, conv.path, *size, rank=int(self.option("rank") or 1))
            case "adapter":
                arrays |= draws.adapter(rng, conv.path, *size)
            case "fsnet":
                compression = float(self.option("compression"))
                arrays |= draws.summary(rng, conv.path, *size, compression, self.option("locations") == "learned")
            case _:
                arrays[f"{conv.path}.kernel"] = draws.kernel(rng, *size)

    def draw_atoms(self, rng: np.random.Generator, conv: Conv, spatial: list[Conv], arrays: draws.Arrays) -> None:
        """Atoms of one convolution, and its coefficients unless another one that shares them had them drawn."""
        arrays[f"{conv.path}.atoms"] = draws.atoms(rng, self.atoms, conv.side)
        if self.delta:
            arrays[f"{conv.path}.atoms_delta"] = 0.1 * rng.standard_normal((self.atoms, conv.side, conv.side))
        index = ("none", "block", "stage", "net").index(self.share)
        owner = residual.coefficient_paths(conv)[index]
        if owner not in arrays:
            users = [other for other in spatial if residual.coefficient_paths(other)[index] == owner]
            outputs, inputs = max(user.outputs for user in users), max(user.inputs for user in users)
            arrays[owner] = draws.coefficients(rng, outputs, inputs, self.atoms)

    def network(self, parameters: Tensors) -> Network:
        lengths = {conv.path: conv.side**2 * conv.inputs for conv in self.convs}
        body = partial(residual.body, self.backbone, self.filters)
        constants = location_gains(parameters, lengths) | difference_scales(self, parameters)
        return Network(constants=constants, body=body)

    def notes(self) -> dict[str, str]:
        return super().notes() | {"backbone": self.backbone, "delta": "on" if self.delta else "off"}

    @property
    def single_directions(self) -> int:
        return 6


def is_shared(conv: Conv, spatial: list[Conv]) -> bool:
    """Whether shared filters make the convolution: the first of several blocks of a stage is standard."""
    return conv.block > 1 or all(other.block == 1 for other in spatial if other.stage == conv.stage)


def half(width: int) -> int:
    """Half a width, halves up."""
    return at_least_one(width / 2)


def at_least_one(number: float) -> int:
    """The nearest whole number, halves up, from 1."""
    return max(1, int(number + 0.5))


CASES = (
    ResidualCase("resnet12-cavia-context-2", family="cavia", options=("context=6",), steps=2, adapt="context+head"),
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
    ResidualCase(
        "resnet12-dsb-unique-norm-head-1", family="dsb", adapt="unique+norm+head", single_tolerance=DEEP_TOLERANCE
    ),
    ResidualCase(
        "resnet20-dsb-unique-norm-head-1",
        backbone="resnet20",
        side=9,
        family="dsb",
        adapt="unique+norm+head",
        single_tolerance=DEEP_TOLERANCE,
    ),
    # A factor of rank one would only scale its channels, which the norm takes away.
    ResidualCase(
        "resnet12-tnet-layer-spatial-head-2",
        family="tnet",
        options=("rank-out=4", "rank-in=3"),
        steps=2,
        adapt="layer-factors+spatial-factors+head",
    ),
    ResidualCase("resnet12-svd-singular-head-2", family="svd", options=("rank=3",), steps=2, adapt="singular+head"),
    ResidualCase("resnet12-fsnet-summary-head-2", family="fsnet", options=("compression=4",), steps=2, adapt="summary+head"),
    # In a long summary 32 bits leave little of a fraction of a position.
    ResidualCase(
        "resnet12-fsnet-locations-head-1",
        family="fsnet",
        options=("compression=12", "locations=learned"),
        adapt="locations+head",
        single_tolerance=DEEP_TOLERANCE,
    ),
    # What a task adds to dense kernels.
    ResidualCase(
        "resnet12-lora-head-2", family="lora", options=("rank=2", "scale=3"), steps=2, adapt="lora+head"
    ),
    ResidualCase("resnet12-adapter-head-2", family="adapter", steps=2, adapt="adapter+head"),
    ResidualCase("resnet12-film-norm-head-2", family="film", steps=2, adapt="norm+head"),
    # Fifty normalisations over few positions make more of rounding: this case is for 64 bits above all.
    ResidualCase("resnet50-head-1", backbone="resnet50", side=40, adapt="head", single_tolerance=2e-4),
)


if __name__ == "__main__":
    making.main(CASES, __doc__)
