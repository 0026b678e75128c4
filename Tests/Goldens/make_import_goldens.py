#!/usr/bin/env python3
"""Narrow networks of torchvision's form with random weights, ten pictures, and their features by PyTorch in 64 bits.

    python make_import_goldens.py        writes import/*.safetensors beside this file

Needs torch, torchvision and safetensors. A state dict is written as PyTorch has it, so that `fewshot import` reads the
names and shapes that users have; only the widths are small.
"""
import pathlib

import torch
from safetensors.torch import save_file
from torch import nn
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet

MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
FORMS = {"resnet18": (BasicBlock, [2, 2, 2, 2]), "resnet34": (BasicBlock, [3, 4, 6, 3]), "resnet50": (Bottleneck, [3, 4, 6, 3])}


class Narrow(ResNet):
    """torchvision's network with another first width; blocks, names and order are torchvision's own."""

    def __init__(self, block, layers, width):
        nn.Module.__init__(self)
        self._norm_layer, self.groups, self.base_width, self.dilation = nn.BatchNorm2d, 1, 64, 1
        self.inplanes = width
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, self.relu, self.maxpool = nn.BatchNorm2d(width), nn.ReLU(), nn.MaxPool2d(3, 2, 1)
        for i, count in enumerate(layers):
            setattr(self, f"layer{i + 1}", self._make_layer(block, width << i, count, 1 if i == 0 else 2))
        self.avgpool, self.fc = nn.AdaptiveAvgPool2d(1), nn.Linear((width << 3) * block.expansion, 5)


def randomise(net, seed):
    """Weights as a trained network might have them: no norm at its start, no statistic at 0 or 1."""
    stream = torch.Generator().manual_seed(seed)
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            for tensor, low, high in ((module.weight, 0.2, 0.6), (module.bias, -0.3, 0.3),
                                      (module.running_mean, -0.3, 0.3), (module.running_var, 0.5, 1.5)):
                tensor.data.uniform_(low, high, generator=stream)
        if isinstance(module, nn.Conv2d):
            fan = module.weight[0].numel()
            module.weight.data.normal_(0, (2 / fan) ** 0.5, generator=stream)
    return net.eval()


def features(net, images):
    """Features [N, D] of bytes [N, H, W, 3], as an import normalises them."""
    net = net.double()
    net.fc = nn.Identity()
    x = images.permute(0, 3, 1, 2).double() / 255
    x = (x - torch.tensor(MEAN).view(1, 3, 1, 1)) / torch.tensor(STD).view(1, 3, 1, 1)
    with torch.no_grad():
        return net(x)


if __name__ == "__main__":
    folder = pathlib.Path(__file__).parent / "import"
    folder.mkdir(exist_ok=True)
    images = torch.randint(0, 256, (10, 32, 32, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))
    expected = {"images": images}
    for seed, (name, (block, layers)) in enumerate(FORMS.items()):
        net = randomise(Narrow(block, layers, 2), seed)
        save_file({k: v.clone() for k, v in net.state_dict().items()}, folder / f"{name}.safetensors")
        expected[name] = features(net, images)
    save_file(expected, folder / "expected.safetensors")
