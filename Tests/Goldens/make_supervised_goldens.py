"""A few updates of supervised training by PyTorch in 64 bits, with its own optimisers and normalisation: see README.md.

    python make_supervised_goldens.py      # a second; the same bytes on the same machine

Each case is a pooled Conv-4 with four filters, a classifier, and the batches of all its updates. It holds the loss of
each update, and where parameters, classifier and running statistics stand after the last.
"""

from __future__ import annotations

import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import save_file

torch.set_default_dtype(torch.float64)
HERE = pathlib.Path(__file__).parent
FILTERS, SIDE, BATCH, UPDATES, CLASSES = 4, 16, 8, 10, 5

CASES = {
    "sgd": dict(rate=0.05, momentum=0.9, nesterov=True, decay=5e-4, classifier="linear", smoothing=0.1),
    "sgd-cosine": dict(rate=0.05, momentum=0.9, nesterov=False, decay=5e-4, classifier="cosine", smoothing=0.0),
    "adam": dict(rate=3e-3, decay=1e-2, classifier="linear", smoothing=0.0),
    "adamw": dict(rate=3e-3, decay=5e-2, classifier="linear", smoothing=0.2),
}


def draw(seed: int, classifier: str) -> dict[str, torch.Tensor]:
    rng = np.random.Generator(np.random.PCG64(seed))
    inputs, tensors = 1, {}
    for layer in range(1, 5):
        tensors[f"layer{layer}.conv.kernel"] = rng.normal(size=(FILTERS, inputs, 3, 3)) * np.sqrt(2 / (9 * inputs))
        tensors[f"layer{layer}.norm.scale"] = 1 + 0.1 * rng.normal(size=FILTERS)
        tensors[f"layer{layer}.norm.shift"] = 0.1 * rng.normal(size=FILTERS)
        inputs = FILTERS
    tensors["classifier.weight"] = rng.normal(size=(CLASSES, FILTERS)) / 2
    tensors["classifier.second"] = np.full(1, np.log(10.0)) if classifier == "cosine" else rng.normal(size=CLASSES) / 9
    return {name: torch.tensor(value) for name, value in tensors.items()}


def forward(p, statistics, images, classifier):
    x = images
    for layer in range(1, 5):
        x = F.conv2d(x, p[f"layer{layer}.conv.kernel"], padding=1)
        mean, variance = statistics[layer - 1]
        x = F.batch_norm(
            x, mean, variance, p[f"layer{layer}.norm.scale"], p[f"layer{layer}.norm.shift"], training=True, momentum=0.1
        )
        x = F.max_pool2d(F.relu(x), 2)
    x = x.flatten(1)
    if classifier == "cosine":
        return p["classifier.second"].exp() * F.normalize(x) @ F.normalize(p["classifier.weight"]).T
    return F.linear(x, p["classifier.weight"], p["classifier.second"])


def optimizer(name, p, rate, decay, momentum=0.0, nesterov=False):
    weights = [v for k, v in p.items() if k.endswith("kernel") or k == "classifier.weight"]
    others = [v for k, v in p.items() if not (k.endswith("kernel") or k == "classifier.weight")]
    groups = [{"params": weights, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]
    if name.startswith("sgd"):
        return torch.optim.SGD(groups, lr=rate, momentum=momentum, nesterov=nesterov)
    return (torch.optim.AdamW if name == "adamw" else torch.optim.Adam)(groups, lr=rate)


def case(seed: int, name: str, classifier: str, smoothing: float, **settings) -> None:
    rng = np.random.Generator(np.random.PCG64(100 + seed))
    # As the program sees them: 32 bits of 0...1.
    images = torch.tensor(rng.random((UPDATES, BATCH, 1, SIDE, SIDE)).astype(np.float32).astype(float))
    labels = torch.tensor(rng.integers(0, CLASSES, (UPDATES, BATCH)))
    p = draw(seed, classifier)
    out = {"start/" + k: v.clone() for k, v in p.items()} | {"images": images.float(), "labels": labels}
    statistics = [(torch.zeros(FILTERS), torch.ones(FILTERS)) for _ in range(4)]
    for value in p.values():
        value.requires_grad_()
    steps = optimizer(name, p, **settings)
    losses = []
    for x, y in zip(images, labels):
        loss = F.cross_entropy(forward(p, statistics, x, classifier), y, label_smoothing=smoothing)
        steps.zero_grad()
        loss.backward()
        steps.step()
        losses.append(loss.item())
    out |= {"losses": torch.tensor(losses)} | {"end/" + k: v.detach() for k, v in p.items()}
    for i, (mean, variance) in enumerate(statistics, 1):
        out |= {f"end/statistics.{i}.mean": mean, f"end/statistics.{i}.variance": variance}
    notes = {k: str(v) for k, v in settings.items()} | {"classifier": classifier, "smoothing": str(smoothing)}
    folder = HERE / "supervised"
    folder.mkdir(exist_ok=True)
    arrays = {k: np.ascontiguousarray(v.numpy()) for k, v in out.items()}
    save_file(arrays, folder / f"{name}.safetensors", metadata=notes | {"optimizer": name.split("-")[0]})


if __name__ == "__main__":
    for seed, (name, settings) in enumerate(CASES.items()):
        case(seed, name, **settings)
