"""Makes the golden cases of Conv-4 under cases/, one safetensors file each. See README.md.

    python make_goldens.py [--only NAME] [--output DIR]
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import draws
import making
import oracle
from oracle import Network, Tensors
from problems import Case, difference_scales, location_gains


@dataclass(frozen=True)
class PlainCase(Case):
    """A Conv-4 of one family; the stem is standard unless it has atoms of its own."""

    @property
    def features(self) -> int:
        """Inputs of the linear head."""
        return self.filters * (self.side // 16) ** 2 if self.form == "pool" else self.filters

    def draw(self, rng: np.random.Generator) -> draws.Arrays:
        arrays: draws.Arrays = {}
        for layer in oracle.LAYERS:
            arrays |= self.draw_conv(rng, layer, self.channels if layer == 1 else self.filters)
            arrays |= draws.normalisation(rng, f"layer{layer}.norm", self.filters)
        if self.share == "net":
            arrays["shared.coefficients"] = draws.coefficients(rng, self.filters, self.filters, self.atoms)
        if self.family == "dsb":
            arrays[f"{oracle.SHARED}.bases"] = draws.filters(rng, self.filters // 2, self.filters, 3)
        if self.family == "tnet":
            arrays |= draws.tucker(rng, oracle.SHARED, self.filters, 3, (3, self.filters // 2, self.filters // 2, 3, 3))
        if self.family == "adapter" and self.option("alignment") != "off":
            arrays |= draws.alignment(rng, self.features)
        if self.family == "cavia":
            chosen = [int(self.option("layer"))] if self.option("layer") else oracle.LAYERS
            norms = {f"layer{layer}.norm": self.filters for layer in chosen}
            arrays |= draws.context(rng, norms, int(self.option("context")))
        if self.learner == "maml":
            arrays |= draws.head(rng, self.ways, self.features)
        if self.step_norms:
            arrays |= draws.step_norms(rng, arrays, self.steps)
        return arrays

    def draw_conv(self, rng: np.random.Generator, layer: int, inputs: int) -> draws.Arrays:
        """What belongs to one convolution alone."""
        path, outputs = f"layer{layer}.conv", self.filters
        match self.family:
            case "acdc" if layer > 1 or self.share == "none":
                arrays = {f"{path}.atoms": draws.atoms(rng, self.atoms, 3)}
                if self.share == "none":
                    arrays[f"{path}.coefficients"] = draws.coefficients(rng, outputs, inputs, self.atoms)
                return arrays
            case "dsb" if layer > 1:
                norm = self.option("norm") != "none"
                return draws.mixture(rng, path, outputs, inputs, 3, unique=1, shared=outputs // 2, norm=norm)
            case "tnet" if layer > 1:
                return {f"{path}.layer-factor": draws.factor(rng, 3)}
            case "svd" if layer > 1:
                return draws.singular(rng, path, outputs, inputs, 3, rank=int(self.option("rank")))
            case "lora" if layer > 1:
                return draws.low_rank(rng, path, outputs, inputs, 3, rank=int(self.option("rank") or 1))
            case "adapter" if layer > 1:
                return draws.adapter(rng, path, outputs, inputs, 3)
            case "fsnet" if layer > 1:
                compression, learned = float(self.option("compression")), self.option("locations") == "learned"
                return draws.summary(rng, path, outputs, inputs, 3, compression, learned)
        return {f"{path}.kernel": draws.kernel(rng, outputs, inputs, 3)}

    def network(self, parameters: Tensors) -> Network:
        gains = location_gains(parameters, {f"layer{n}.conv": 9 * self.filters for n in (2, 3, 4)})
        return Network(self.form, gains | difference_scales(self, parameters))


@dataclass(frozen=True)
class AtomCase(PlainCase):
    """A small network of atoms, which adapt with the head."""

    family: str = "acdc"
    ways: int = 3
    queries: int = 1
    adapt: str = "atoms+head"


CASES = (
    PlainCase("standard-all-1", filters=8, side=20, ways=3, shots=2),
    PlainCase("standard-all-5", channels=3, ways=3, steps=5),
    PlainCase("acdc-atoms-head-1", family="acdc", filters=8, side=20, adapt="atoms+head"),
    PlainCase("acdc-atoms-head-5", family="acdc", ways=4, channels=3, steps=5, adapt="atoms+head"),
    PlainCase("acdc-shared-atoms-head-2", family="acdc", share="net", filters=8, steps=2, adapt="atoms+head"),
    PlainCase("standard-first-order-2", side=20, ways=4, steps=2, order="first"),
    PlainCase("standard-strided-2", form="strided", filters=8, side=20, steps=2),
    PlainCase("standard-head-2", steps=2, adapt="head"),
    PlainCase("standard-norm-head-2", channels=3, ways=3, steps=2, adapt="norm+head"),
    PlainCase("svd-singular-head-2", family="svd", options=("rank=4",), steps=2, adapt="singular+head"),
    PlainCase("svd-all-1", family="svd", options=("rank=3",), channels=3, ways=3, shots=2),
    PlainCase("fsnet-summary-head-2", family="fsnet", options=("compression=3",), steps=2, adapt="summary+head"),
    PlainCase(
        "fsnet-locations-head-2",
        family="fsnet",
        options=("compression=3", "locations=learned"),
        steps=2,
        ways=4,
        adapt="locations+head",
    ),
    PlainCase("prototypical-standard", learner="prototypical", side=20, ways=3, shots=2, steps=0),
    PlainCase("dsb-unique-norm-head-1", family="dsb", filters=8, side=20, adapt="unique+norm+head"),
    PlainCase("dsb-unique-norm-head-3", family="dsb", channels=3, ways=3, steps=3, adapt="unique+norm+head"),
    PlainCase("dsb-bases-linear-2", family="dsb", ways=3, steps=2, adapt="bases+coefficients", options=("norm=none",)),
    PlainCase("tnet-layer-spatial-head-1", family="tnet", filters=8, side=20, adapt="layer-factors+spatial-factors+head"),
    PlainCase("tnet-layer-spatial-head-3", family="tnet", ways=4, steps=3, adapt="layer-factors+spatial-factors+head"),
    PlainCase("tnet-core-factors-strided-2", family="tnet", form="strided", steps=2, adapt="core+factors+head"),
    PlainCase("prototypical-dsb", learner="prototypical", family="dsb", ways=3, shots=2, steps=0),
    PlainCase("prototypical-tnet", learner="prototypical", family="tnet", ways=3, shots=2, steps=0),
    PlainCase("prototypical-acdc", learner="prototypical", family="acdc", filters=8, ways=4, shots=2, steps=0),
    # Heads that start elsewhere than at their parameters.
    AtomCase("head-prototypes-atoms-2", steps=2, shots=2, head="prototypes"),
    AtomCase("head-prototypes-atoms-first-3", steps=3, order="first", head="prototypes"),
    AtomCase("head-prototypes-frozen-2", steps=2, shots=2, adapt="atoms", head="prototypes"),
    PlainCase("head-prototypes-all-2", steps=2, ways=3, queries=1, head="prototypes"),
    AtomCase("head-shared-atoms-3", steps=3, head="shared"),
    PlainCase("head-shared-all-first-2", steps=2, ways=3, shots=2, queries=1, order="first", head="shared"),
    # Losses after every step, and rates that the steps share.
    AtomCase("weights-equal-atoms-3", steps=3, step_weights="equal", weights=(1 / 3, 1 / 3, 1 / 3)),
    PlainCase(
        "weights-annealed-all-2", steps=2, ways=3, queries=1, step_weights="annealed:40/100", weights=(0.3, 0.7)
    ),
    AtomCase("tied-atoms-3", steps=3, shots=2, tied=True),
    AtomCase(
        "prototypes-weights-tied-3",
        steps=3,
        shots=2,
        head="prototypes",
        tied=True,
        step_weights="annealed:25/100",
        weights=(0.25, 0.25, 0.5),
    ),
    # What a task adds to dense kernels.
    PlainCase("lora-head-2", family="lora", options=("rank=2", "scale=3"), ways=4, steps=2, adapt="lora+head"),
    PlainCase("lora-all-strided-1", family="lora", form="strided", filters=8, side=20, ways=3, shots=2),
    PlainCase("adapter-head-2", family="adapter", ways=4, steps=2, adapt="adapter+head"),
    PlainCase("adapter-all-strided-1", family="adapter", form="strided", filters=8, side=20, ways=3, shots=2),
    PlainCase("film-norm-head-2", family="film", ways=4, steps=2, adapt="norm+head"),
    PlainCase("cavia-context-2", family="cavia", options=("context=5",), ways=4, steps=2, adapt="context"),
    PlainCase("cavia-all-3", family="cavia", options=("context=4", "layer=3"), ways=3, steps=3, order="first"),
    # Rates and normalisations by number and by step.
    AtomCase("elementwise-atoms-2", steps=2, shots=2, elementwise=True),
    PlainCase("step-norms-all-2", steps=2, ways=3, queries=1, step_norms=True),
    PlainCase(
        "step-norms-head-3",
        steps=3,
        ways=4,
        adapt="head",
        step_norms=True,
        step_weights="annealed:40/100",
        weights=(0.2, 0.2, 0.6),
    ),
    PlainCase("prototypical-adapter", learner="prototypical", family="adapter", ways=3, shots=2, steps=0),
)

if __name__ == "__main__":
    making.main(CASES, __doc__)
