"""Scores, losses and gradients of the heads that have a rule, by PyTorch in 64 bits and scikit-learn: see README.md.

  python make_head_goldens.py      # a second; the same bytes on the same machine

Each case is one draw of features, labels, and a direction that the scores are weighted with. For every head it holds
`scores`, the gradients of Σ weights·scores by everything, and the support's own loss with its gradients.
"""
import pathlib

import numpy as np
import torch
from safetensors.numpy import save_file
from sklearn.linear_model import LogisticRegression

torch.set_default_dtype(torch.float64)
HERE = pathlib.Path(__file__).parent


def means(x, y, ways):
    return torch.stack([x[y == k].mean(0) for k in range(ways)])


def without(x, y, i):
    keep = torch.arange(len(y)) != i
    return x[keep], y[keep]


def unit(x):
    return torch.nn.functional.normalize(x, dim=1)


def distances(x, p):
    return -((x[:, None] - p[None]) ** 2).sum(2)


def centroid(q, x, y, ways, own):
    return distances(q, means(x, y, ways))


def cosine(q, x, y, ways, own):
    return own["log-temperature"].exp() * unit(q) @ unit(means(x, y, ways)).T


def simpleshot(q, x, y, ways, own):
    m = own["base-mean"]
    return distances(unit(q - m), means(unit(x - m), y, ways))


def ridge(q, x, y, ways, own):
    """The primal form, which inverts a matrix with a row for each feature."""
    target = torch.nn.functional.one_hot(y, ways).to(x)
    gram = x.T @ x + own["log-lambda"].exp() * torch.eye(x.shape[1])
    return own["log-scale"].exp() * q @ torch.linalg.solve(gram, x.T @ target)


def logistic(q, x, y, ways, c):
    fit = LogisticRegression(C=c, tol=1e-12, max_iter=100_000, solver="newton-cg")
    fit.fit(unit(x).detach().numpy(), y.numpy())
    w, b = torch.tensor(fit.coef_), torch.tensor(fit.intercept_)
    if len(w) == 1:  # two classes share one row of scikit-learn's model, with half the penalty: not used here
        raise SystemExit("logistic cases need three classes or more")
    penalty = (w**2).sum() / (2 * c * len(y))
    z = unit(x)
    b = b - b.mean()  # what all classes share changes nothing, so scikit-learn leaves it where rounding took it
    return unit(q) @ w.T + b, torch.nn.functional.cross_entropy(z @ w.T + b, y) + penalty


def own_loss(head, x, y, ways, own):
    """Every image judged by a head without it, where every class keeps one; this is the slow way, one fit for each."""
    if min((y == k).sum() for k in range(ways)) == 1:
        return torch.nn.functional.cross_entropy(head(x, x, y, ways, own), y)
    scores = []
    for i in range(len(y)):
        others, labels = without(x, y, i)
        left_out, whole = (head(x[i : i + 1], a, b, ways, own)[0] for a, b in ((others, labels), (x, y)))
        # Means of other classes do not change without the image, but a regression does.
        scores.append(left_out if head is ridge else torch.where(torch.arange(ways) == y[i], left_out, whole))
    return torch.nn.functional.cross_entropy(torch.stack(scores), y)


HEADS = {
    "centroid": (centroid, {}),
    "cosine": (cosine, {"log-temperature": 1.9}),
    "simpleshot": (simpleshot, {"base-mean": None}),
    "ridge": (ridge, {"log-lambda": 0.4, "log-scale": 1.3}),
}


def case(seed, ways, sizes, queries, features):
    draw = np.random.Generator(np.random.PCG64(seed))
    y = torch.tensor(draw.permutation(np.repeat(np.arange(ways), sizes)))
    centres = draw.normal(size=(ways, features))
    x = torch.tensor(np.maximum(centres[y] + 0.8 * draw.normal(size=(len(y), features)), -0.2))
    q = torch.tensor(np.maximum(centres[draw.integers(0, ways, queries)] + draw.normal(size=(queries, features)), -0.2))
    weights = torch.tensor(draw.normal(size=(queries, ways)))
    out = {"support": x, "labels": y, "query": q, "weights": weights}
    for name, (head, starts) in HEADS.items():
        own = {k: torch.tensor(draw.normal(size=features) * 0.3 if v is None else [v]) for k, v in starts.items()}
        for leaf in (x, q, *own.values()):
            leaf.requires_grad_()
        scores = head(q, x, y, ways, own)
        loss = own_loss(head, x, y, ways, own)
        inputs = {"support": x, "query": q, **own}
        by_scores = torch.autograd.grad((weights * scores).sum(), list(inputs.values()), retain_graph=True)
        by_loss = torch.autograd.grad(loss, list(inputs.values()), allow_unused=True)
        out |= {f"{name}/{k}": v for k, v in own.items()}
        out |= {f"{name}/scores": scores, f"{name}/loss": loss}
        out |= {f"{name}/scores.gradient/{k}": v for k, v in zip(inputs, by_scores)}
        out |= {f"{name}/loss.gradient/{k}": v for k, v in zip(inputs, by_loss) if v is not None}
    for c in (1.0, 20.0):
        scores, loss = logistic(q, x, y, ways, c)
        out |= {f"logistic-{c:g}/scores": scores, f"logistic-{c:g}/loss": loss}
        out[f"logistic-{c:g}/loss.gradient/support"] = torch.autograd.grad(loss, x)[0]
    arrays = {k: np.ascontiguousarray(v.detach().numpy()) for k, v in out.items()}
    folder = HERE / "heads"
    folder.mkdir(exist_ok=True)
    save_file(arrays, folder / f"case{seed}.safetensors", metadata={"ways": str(ways)})


if __name__ == "__main__":
    case(0, 5, 1, 6, 12)
    case(1, 3, 4, 5, 7)
    case(2, 4, [2, 3, 5, 2], 4, 20)
