import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F


class Layer(nn.Module):
    """A convolution, dense or of atoms, and its normalisation; it strides, or pools by 2."""

    def __init__(self, own, strided):
        super().__init__()
        self.strided = strided
        self.conv = nn.ParameterDict({k[5:]: v for k, v in own.items() if k.startswith("conv.")})
        self.norm = nn.BatchNorm2d(len(own["norm.weight"]), track_running_stats="norm.running_mean" in own)

    def forward(self, x):
        w = self.conv
        kernel = w["weight"] if "weight" in w else torch.einsum("ocm,mhw->ochw", w["coefficients"], w["atoms"])
        x = F.relu(self.norm(F.conv2d(x, kernel, stride=1 + self.strided, padding=1)))
        return x if self.strided else F.max_pool2d(x, 2)


class Conv4(nn.Module):
    """Backbones conv4 and conv4-strided from the tensors of fewshot export."""

    def __init__(self, state, strided):
        super().__init__()
        self.strided = strided
        body = {k: v for k, v in state.items() if k.startswith("layer")}
        for n in range(1, 5):
            own = {k[7:]: v for k, v in body.items() if k.startswith(f"layer{n}.")}
            self.add_module(f"layer{n}", Layer(own, strided))
        self.load_state_dict(body)
        self.eval()

    def forward(self, x):
        for layer in self.children():
            x = layer(x)
        return x.mean((2, 3)) if self.strided else x.flatten(1)


def probabilities(images, network, task, strided=True):
    """Of images [N, C, H, W] in 0...1, by the files of a network and of a task whose features are plain."""
    state = load_file(network) | load_file(task)
    with torch.no_grad():
        features = Conv4(state, strided)(images)
        return F.linear(features, state["classifier.weight"], state["classifier.bias"]).softmax(1)
