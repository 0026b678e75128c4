"""Pretrains a residual network again in PyTorch, from what a run's config.json says and from its seed alone.

    python pretrain_again.py RUN [IMAGES] [--updates N] [--threads T] [--double]

RUN is the folder of `fewshot pretrain` with the family standard, SGD, a linear classifier and no augmentation; its
images are as large as image-size. Nothing else of the folder is read before training but the list of validation
episodes: initial weights and the order of the images are drawn again here. Prints the loss of every update, then the
accuracy of the nearest class mean on the validation episodes and the time of an update. See README.md.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

import residual
from residual import Block, Conv

MASK = (1 << 64) - 1


class Stream:
    """xoshiro256** of (seed, purpose, index), keyed by FNV-1a and SplitMix64."""

    def __init__(self, seed: int, purpose: str, index: int = 0) -> None:
        name = 0xCBF29CE484222325
        for byte in purpose.encode():
            name = (name ^ byte) * 0x100000001B3 & MASK
        key = self.mix(self.mix(self.mix(seed) ^ name) ^ index)
        words = [self.mix(key + i * 0x9E3779B97F4A7C15 & MASK) for i in (1, 2, 3, 4)]
        self.state = [*words[:3], words[3] | 1]

    @staticmethod
    def mix(x: int) -> int:
        z = x + 0x9E3779B97F4A7C15 & MASK
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
        z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
        return z ^ z >> 31

    def next(self) -> int:
        def rotated(x: int, k: int) -> int:
            return (x << k | x >> 64 - k) & MASK

        a, b, c, d = self.state
        result = rotated(b * 5 & MASK, 7) * 9 & MASK
        c, d = c ^ a, d ^ b
        self.state = [a ^ d, b ^ c, c ^ b << 17 & MASK, rotated(d, 45)]
        return result

    def uniform(self) -> float:
        return (self.next() >> 11) * 2.0**-53

    def normal(self) -> float:
        radius = math.sqrt(-2 * math.log(1 - self.uniform()))
        return radius * math.cos(2 * math.pi * self.uniform())

    def below(self, bound: int) -> int:
        product = self.next() * bound
        threshold = (1 << 64) % bound
        while product & MASK < threshold:
            product = self.next() * bound
        return product >> 64

    def shuffled(self, count: int) -> list[int]:
        moved: dict[int, int] = {}
        order = []
        for i in range(count):
            j = i + self.below(count - i)
            order.append(moved.get(j, j))
            moved[j] = moved.get(i, i)
        return order


def drawn(seed: int, path: str, shape: tuple[int, ...], deviation: float) -> Tensor:
    """A parameter at its beginning."""
    stream = Stream(seed, "parameter/" + path)
    values = [deviation * stream.normal() for _ in range(math.prod(shape))]
    return torch.tensor(values, dtype=torch.float64).reshape(shape)


class Network:
    """A residual network as functions, with PyTorch's own batch normalisation and its running statistics."""

    def __init__(self, config: dict, classes: int) -> None:
        self.shape = residual.SHAPES[config["backbone"]]
        self.stem, self.blocks = residual.skeleton(self.shape, config["filters"], config["channels"])
        seed, self.parameters, self.statistics = config["seed"], {}, {}
        for conv in residual.every_conv(self.stem, self.blocks):
            size = (conv.outputs, conv.inputs, conv.side, conv.side)
            self.parameters[conv.path + ".kernel"] = drawn(
                seed, conv.path + ".kernel", size, math.sqrt(2 / math.prod(size[1:]))
            )
            self.parameters[conv.norm + ".scale"] = torch.ones(conv.outputs)
            self.parameters[conv.norm + ".shift"] = torch.zeros(conv.outputs)
            self.statistics[conv.norm] = (torch.zeros(conv.outputs), torch.ones(conv.outputs))
        features = self.blocks[-1].convs[-1].outputs
        self.parameters["classifier.weight"] = drawn(
            seed, "classifier.weight", (classes, features), 1 / math.sqrt(features)
        )
        self.parameters["classifier.bias"] = torch.zeros(classes)

    def to(self, dtype: torch.dtype) -> None:
        """Everything in this precision, as leaves."""
        self.parameters = {p: x.to(dtype).requires_grad_() for p, x in self.parameters.items()}
        self.statistics = {p: (a.to(dtype), b.to(dtype)) for p, (a, b) in self.statistics.items()}

    def normalised(self, conv: Conv, x: Tensor, training: bool) -> Tensor:
        y = F.conv2d(x, self.parameters[conv.path + ".kernel"], stride=conv.stride, padding=conv.side // 2)
        scale, shift = self.parameters[conv.norm + ".scale"], self.parameters[conv.norm + ".shift"]
        return F.batch_norm(y, *self.statistics[conv.norm], scale, shift, training, momentum=0.1, eps=1e-5)

    def features(self, x: Tensor, training: bool) -> Tensor:
        """Images [N,C,H,W] to features [N,D]."""
        if self.stem:
            x = F.leaky_relu(self.normalised(self.stem, x, training), self.shape.slope)
        for block in self.blocks:
            x = self.block(block, x, training)
        return x.mean(dim=(2, 3))

    def block(self, block: Block, x: Tensor, training: bool) -> Tensor:
        y = x
        for conv in block.convs[:-1]:
            y = F.leaky_relu(self.normalised(conv, y, training), self.shape.slope)
        y = self.normalised(block.convs[-1], y, training)
        x = self.normalised(block.projection, x, training) if block.projection else x
        x = F.leaky_relu(x + y, self.shape.slope)
        return F.max_pool2d(x, 2) if self.shape.pools else x

    def scores(self, x: Tensor) -> Tensor:
        return F.linear(self.features(x, True), self.parameters["classifier.weight"], self.parameters["classifier.bias"])


class Images:
    """The images of the training classes in the order of an epoch, and any image by its path."""

    def __init__(self, folder: Path, config: dict) -> None:
        self.folder, self.config = folder, config
        with open(config["split"], encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        names = sorted((row["class"] for row in rows if row["split"] == "train"), key=str.encode)
        by_class = defaultdict(list)
        for path in folder.rglob("*.png"):
            name = path.relative_to(folder).parent.as_posix()
            by_class[name].append(path.relative_to(folder).as_posix())
        self.items, self.classes = [], len(names)
        for label, name in enumerate(names):
            paths = sorted(by_class[name], key=str.encode)
            share = config["held-out"]
            back = min(len(paths) - 1, max(1, int(share * len(paths)))) if share else 0
            self.items += [(path, label) for path in paths[: len(paths) - back]]
        self.loaded: dict[str, np.ndarray] = {}
        self.order: tuple[int, list[int]] = (-1, [])

    def pixels(self, path: str) -> np.ndarray:
        if path not in self.loaded:
            image = Image.open(self.folder / path)
            side = self.config["image-size"]
            if image.size != (side, side):
                raise SystemExit(f"{path} is {image.size}, not {side} pixels wide and high")
            x = np.asarray(image.convert("RGB" if self.config["channels"] == 3 else "L")).reshape(side, side, -1)
            self.loaded[path] = (255 - x if self.config["invert"] else x).transpose(2, 0, 1) / np.float32(255)
        return self.loaded[path]

    def batch(self, update: int) -> tuple[Tensor, Tensor]:
        """The images of an update from 0, in the order in which passes over all of them bring them."""
        size, chosen = self.config["batch-size"], []
        for place in range(update * size, (update + 1) * size):
            turn, i = divmod(place, len(self.items))
            if turn != self.order[0]:
                stream = Stream(self.config["seed"], "supervision/order", turn)
                self.order = (turn, stream.shuffled(len(self.items)))
            chosen.append(self.items[self.order[1][i]])
        x = np.stack([self.pixels(path) for path, _ in chosen])
        return torch.from_numpy(x), torch.tensor([label for _, label in chosen])


def rate(config: dict, update: int) -> float:
    """The step size of an update from 0."""
    share = update / max(1, config["iterations"])
    match config["schedule"]:
        case "constant":
            return config["outer-rate"]
        case "cosine":
            return config["outer-rate"] * 0.5 * (1 + math.cos(math.pi * share))
        case other:
            raise SystemExit(f"schedule {other}: this program knows constant and cosine")


@torch.no_grad()
def episode_accuracy(net: Network, images: Images, lines: list[str], dtype: torch.dtype) -> float:
    """Mean accuracy of the nearest class mean over episodes, every image judged by the running statistics."""
    found = []
    for line in lines:
        episode = json.loads(line)

        def features(side: list[list[str]]) -> Tensor:
            x = np.stack([images.pixels(path) for paths in side for path in paths])
            return net.features(torch.from_numpy(x).to(dtype), training=False)

        ways = len(episode["classes"])
        means = features(episode["support"]).reshape(ways, -1, net.parameters["classifier.weight"].shape[1]).mean(1)
        query = features(episode["query"])
        labels = torch.arange(ways).repeat_interleave(len(query) // ways)
        found.append((torch.cdist(query, means).argmin(1) == labels).double().mean().item())
    return sum(found) / len(found)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("run", type=Path)
    arguments.add_argument("images", type=Path, nargs="?")
    arguments.add_argument("--updates", type=int)
    arguments.add_argument("--threads", type=int, default=1)
    arguments.add_argument("--double", action="store_true")
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    config = json.loads((options.run / "config.json").read_text("utf-8"))
    for key, covered in {
        "family": "standard",
        "optimizer": "sgd",
        "classifier": "linear",
        "augment": "none",
        "averaging": 0,
        "warm-up": 0,
        "rotations": "none",
    }.items():
        if config[key] != covered:
            raise SystemExit(f"{key} {config[key]}: this program knows {covered} only")
    images = Images(options.images or Path(config["data"]), config)
    net = Network(config, images.classes)
    dtype = torch.float64 if options.double else torch.float32
    net.to(dtype)
    free = (".scale", ".shift", ".bias")  # of weight decay
    norms = [x for path, x in net.parameters.items() if path.endswith(free)]
    others = [x for path, x in net.parameters.items() if not path.endswith(free)]
    optimizer = torch.optim.SGD(
        [{"params": others, "weight_decay": config["weight-decay"]}, {"params": norms, "weight_decay": 0.0}],
        lr=config["outer-rate"],
        momentum=config["momentum"],
        nesterov=config["nesterov"],
    )
    begun = time.perf_counter()
    for update in range(options.updates or config["iterations"]):
        x, labels = images.batch(update)
        loss = F.cross_entropy(net.scores(x.to(dtype)), labels, label_smoothing=config["label-smoothing"])
        for group in optimizer.param_groups:
            group["lr"] = rate(config, update)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(update + 1, f"{loss.item():.9f}", flush=True)
    seconds = (time.perf_counter() - begun) / (update + 1)
    lines = (options.run / "episodes/validation.jsonl").read_text("utf-8").splitlines()[1:]
    print(f"validation {episode_accuracy(net, images, lines, dtype):.4f}")
    print(f"seconds per update {seconds:.4f}")


if __name__ == "__main__":
    main()
