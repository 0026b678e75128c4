"""The test accuracies of a finished run, from its folder: python load_run.py FOLDER [IMAGES]

MAML with standard or ACDC convolutions on conv4 or conv4-strided, images as large as image-size.
"""
import json, sys
from pathlib import Path
import numpy as np, torch, torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file

folder = Path(sys.argv[1])
config = json.loads((folder / "config.json").read_text("utf-8"))
images = Path(sys.argv[2] if len(sys.argv) > 2 else config["data"])
side, mode = config["image-size"], {1: "L", 3: "RGB"}[config["channels"]]
strided = {"conv4": False, "conv4-strided": True}[config["backbone"]]
assert config["learner"] == "maml" and "random:" not in config["adapt"]
start = {name: x.double() for name, x in load_file(folder / "checkpoints/best.safetensors").items()}
rates = {name[5:]: start.pop(name) for name in list(start) if name.startswith("rate:")}

def pixels(path, degrees):
    image = Image.open(images / path)
    assert image.size == (side, side) and image.mode in ("1", "L", "P", "RGB")
    assert "transparency" not in image.info
    x = np.asarray(image.convert("RGB").convert(mode)).reshape(side, side, -1)
    return np.rot90(255 - x if config["invert"] else x, degrees // 90).transpose(2, 0, 1) / 255

def batch(classes, turns):
    named = [(path, label) for label, paths in enumerate(classes) for path in paths]
    x = np.stack([pixels(path, turns[label]) for path, label in named])
    return torch.tensor(x), torch.tensor([label for _, label in named])

def logits(p, x):
    for path in ("layer1", "layer2", "layer3", "layer4"):
        w = p.get(f"{path}.conv.kernel")
        if w is None:
            atoms = p[f"{path}.conv.atoms"] + p.get(f"{path}.conv.atoms_delta", 0)
            w = torch.einsum("ocj,jyx->ocyx", p[f"{path}.conv.coefficients"], atoms)
        x = F.conv2d(x, w, stride=2 if strided else 1, padding=1)
        scale, shift = p[f"{path}.norm.scale"], p[f"{path}.norm.shift"]
        x = F.relu(F.batch_norm(x, None, None, scale, shift, training=True, eps=1e-5))
        x = x if strided else F.max_pool2d(x, 2)
    return F.linear(x.mean((2, 3)) if strided else x.flatten(1), p["head.weight"], p["head.bias"])

for line in list(open(folder / "episodes/test.jsonl", encoding="utf-8"))[1:]:
    episode, p = json.loads(line), dict(start)
    x, labels = batch(episode["support"], episode["rotations"])
    for step in range(config["inner-steps"]):
        p.update({name: p[name].detach().requires_grad_() for name in rates})
        slopes = torch.autograd.grad(F.cross_entropy(logits(p, x), labels), [p[name] for name in rates])
        p.update({name: p[name] - rates[name][step] * slope for name, slope in zip(rates, slopes)})
    x, labels = batch(episode["query"], episode["rotations"])
    print(episode["index"], (logits(p, x).argmax(1) == labels).double().mean().item())
