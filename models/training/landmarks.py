"""Dense landmarks: 468 points of the published mesh topology from a 112x112 crop with level eyes.

    python landmarks.py prepare         # crops of annotated and rendered faces with their points
    python landmarks.py adopt           # a checkpoint from models/builtin/landmarks.onnx, where none was kept
    python landmarks.py train MINUTES [PEAK]  # goes on from its checkpoint
    python landmarks.py export          # models/builtin/landmarks.onnx
    python landmarks.py evaluate [FILE] # validation people, the held-out tenth, rendered subjects not trained on

The reference mesh teaches on pictures. On rendered subjects it hardly follows closing eyes, so there the renderer's own
lids, lips, nose and chin take the place of the mesh's, and points whose place neither knows well do not count.
"""

import json
import sys

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import distortions
from adopting import adopted
from composites import Mesh, Sources, annotations, half, moved, rendered, square
from datasets import SEED, WORK, folder
from exporting import PACK, export
from recogniser import Bottleneck, conv
from schedule import Schedule, threads

SIDE, BASE = 112, 192
BOX_SCALE, BASE_SCALE = 1.5, 2.1
POINTS = 468
RIGHT, LEFT = (33, 133, 159, 145), (263, 362, 386, 374)  # outer corner, inner corner, middle of the upper and lower lid
LIDS = [33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7, 263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249]
LIPS = [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146, 81, 178, 13, 14, 311, 402, 78, 308, 80, 82, 312, 310, 88, 87, 317, 318]
EYE_OUTLINE = {"right_eye": LIDS[:16], "left_eye": LIDS[16:]}
MOUTH_OUTLINE = [61, 40, 39, 37, 0, 267, 269, 270, 291, 321, 405, 314, 17, 84, 181, 91]
INNER_LIPS = [(81, 178), (13, 14), (311, 402)]
KNOWN_BY_RENDERER = sorted({*LIDS, *MOUTH_OUTLINE, *(p for pair in INNER_LIPS for p in pair), 4, 152})


def truth_points(points):
    """(mesh numbers, places [n, 2]) of what the renderer knows."""
    pairs = [(4, points["nose_tip"]), (152, points["chin"])]
    for eye, numbers in EYE_OUTLINE.items():
        pairs += zip(numbers, points[eye]["outline"])
    pairs += zip(MOUTH_OUTLINE, points["mouth"]["outline"])
    for numbers, places in zip(INNER_LIPS, points["mouth"]["inner_lip_pairs"]):
        pairs += zip(numbers, places)
    known = dict(pairs)
    return np.array(list(known)), np.array(list(known.values()), np.float32)


def base(picture, face, points):
    """(BASE x BASE crop wider than the network's, points in it)."""
    map_ = square(face, BASE, BASE_SCALE)
    scale = np.hypot(*map_[:, 0])
    crop = cv2.warpAffine(picture, half(map_), (BASE, BASE), flags=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    return crop[:, :, ::-1], np.hstack([moved(map_, points[:, :2]), points[:, 2:] * scale]).astype(np.float32)


def prepared(role):
    """Crops [n, BASE, BASE, 3], points [n, 468, 3], weights [n, 468], origin (0 LFW, 1 UTKFace, 2 rendered), eye truth [n, 2] or -1."""
    file = folder("landmarks") / f"{role}.npz"
    if file.exists():
        return dict(np.load(file))
    kept = {"crops": [], "points": [], "weights": [], "origin": [], "eyes": []}

    def keep(picture, face, points, weights, origin, eyes):
        crop, moved_points = base(picture, face, points)
        for key, value in zip(kept, (crop, moved_points, weights, origin, eyes)):
            kept[key].append(value)

    known = annotations(role)
    for at, path in enumerate(known["path"]):
        face = known["faces"][known["first"][at]]
        if known["presence"][at] > 0.7 and face[14] > 0.7:
            keep(cv2.imread(path), face, known["mesh"][at], np.ones(POINTS, np.float32), int("utkface" in path), [-1.0, -1.0])
    home, mesh = WORK / "rendered" / ("train" if role == "training" else "validation"), Mesh()
    faces = {path.rsplit("/", 1)[1]: face[0] for path, face in rendered(role)}
    lines = (home / "truth.jsonl").read_text().splitlines() if faces else []
    for line in lines:
        truth = json.loads(line)
        if truth["file"] not in faces or truth["box_inside"] < 0.9:
            continue
        picture, face = cv2.imread(str(home / truth["file"])), faces[truth["file"]]
        points, presence = mesh(picture, face)
        numbers, places = truth_points(truth["points"])
        away = np.linalg.norm(points[numbers, :2] - places, axis=1).mean() / max(1.0, np.linalg.norm(places[0] - places[1]))
        weights = np.full(POINTS, 0.3 if presence > 0.5 and away < 0.4 else 0.0, np.float32)
        points[numbers, :2], weights[numbers] = places, 1.0
        keep(picture, face, points, weights, 2, truth["eye_openings"])
    stored = {key: np.array(value) for key, value in kept.items()}
    np.savez(file, **stored)
    print(f"{role}: {[int((stored['origin'] == k).sum()) for k in range(3)]} crops of LFW, UTKFace, rendered", flush=True)
    return stored


def mirror(points):
    """For each point its mirror image's number, found in the mean shape."""
    centred = points - points[:, [168], :]
    scale = np.linalg.norm(points[:, 33, :2] - points[:, 263, :2], axis=1)[:, None, None]
    mean = (centred / scale).mean(0)
    image = mean * [-1, 1, 1]
    apart = np.linalg.norm(mean[:, None] - image[None], axis=2)
    from scipy.optimize import linear_sum_assignment

    return linear_sum_assignment(apart)[1]


class Views:
    """Random views of prepared crops, and crops that show no face."""

    def __init__(self, role, seed):
        self.data, self.rng = prepared(role), np.random.default_rng(seed)
        self.swap = mirror(self.data["points"][self.data["origin"] < 2])
        self.sources = Sources(role)
        origin = self.data["origin"]
        closed = (origin == 2) & (self.data["eyes"].min(1) < 0.15)
        share = np.where(origin == 0, 1.0, np.where(origin == 1, 0.8, 1.2)) + 2.0 * closed
        self.share = share / share.sum()

    def face(self):
        """(view, points in it, weights, 1.0) or, where little of the face is left, (view, …, 0.0)."""
        rng, at = self.rng, self.rng.choice(len(self.share), p=self.share)
        crop, points, weights = self.data["crops"][at], self.data["points"][at], self.data["weights"][at]
        scale = SIDE / BASE * BASE_SCALE / BOX_SCALE * np.exp(rng.normal(0, 0.09))
        angle, shift = np.radians(rng.normal(0, 5)), rng.normal(0, 0.035 * SIDE, 2)
        off = rng.random() < 0.06
        if off:
            direction = rng.uniform(0, 2 * np.pi)
            shift = rng.uniform(0.55, 0.8) * SIDE * np.array([np.cos(direction), np.sin(direction)])
        turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        map_ = np.hstack([turn, (SIDE / 2 + shift - turn @ [BASE / 2, BASE / 2])[:, None]])
        view = cv2.warpAffine(crop, half(map_), (SIDE, SIDE), flags=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        points = np.hstack([moved(map_, points[:, :2]), points[:, 2:] * scale]).astype(np.float32)
        if rng.random() < 0.5:
            view, points, weights = view[:, ::-1], points[self.swap], weights[self.swap]
            points = points * [-1, 1, 1] + np.array([SIDE, 0, 0])
        if rng.random() < 0.25 and not off:  # something held before a part of the face
            size = rng.integers(10, 40, 2)
            corner = rng.integers(0, SIDE - 40, 2)
            view = view.copy()
            view[corner[1] : corner[1] + size[1], corner[0] : corner[0] + size[0]] = rng.integers(0, 256, 3)
        view = distortions.worn(rng, np.ascontiguousarray(view, np.float32)) if rng.random() < 0.7 else view
        return view, points.astype(np.float32), weights * (not off), float(not off)

    def nothing(self):
        """A view without a face."""
        patch = cv2.resize(self.sources.patch(self.rng), (SIDE, SIDE))[:, :, ::-1]
        return distortions.worn(self.rng, patch.astype(np.float32)), np.zeros((POINTS, 3), np.float32), np.zeros(POINTS, np.float32), 0.0

    def batch(self, size):
        """Tensors: views [n, 3, SIDE, SIDE], points, weights, presence."""
        rows = [self.nothing() if self.rng.random() < 0.07 else self.face() for _ in range(size)]
        views, points, weights, presence = (np.stack(column) for column in zip(*rows))
        x = torch.from_numpy(np.ascontiguousarray(views)).permute(0, 3, 1, 2).float().contiguous(memory_format=torch.channels_last)
        return x / 255, torch.from_numpy(points), torch.from_numpy(weights.astype(np.float32)), torch.tensor(presence, dtype=torch.float32)


class Landmarks(nn.Module):
    """About 25 million multiplications; answers points in input pixels and presence 0-1."""

    def __init__(self, mean=None):
        super().__init__()
        self.early = nn.Sequential(conv(3, 16, 3, 2), conv(16, 16, 3, 1, 16), Bottleneck(16, 48, 32, 2), Bottleneck(32, 80, 32), Bottleneck(32, 80, 32))
        self.middle = nn.Sequential(Bottleneck(32, 128, 64, 2), Bottleneck(64, 160, 64), Bottleneck(64, 160, 64), Bottleneck(64, 160, 64))
        self.late = nn.Sequential(Bottleneck(64, 256, 96, 2), Bottleneck(96, 256, 96), conv(96, 320))
        self.gather = nn.Sequential(nn.Conv2d(320, 320, 7, groups=320, bias=False), nn.BatchNorm2d(320), nn.ReLU(inplace=True))
        self.detail = nn.Sequential(conv(64, 16), nn.Conv2d(16, 128, 14, bias=False), nn.BatchNorm2d(128), nn.ReLU(inplace=True))
        self.points, self.presence = nn.Linear(448, POINTS * 3), nn.Linear(448, 1)
        nn.init.normal_(self.points.weight, std=0.003)
        if mean is not None:
            self.points.bias.data = torch.from_numpy(mean.reshape(-1).astype(np.float32)) / SIDE - 0.5

    def forward(self, x):
        middle = self.middle(self.early(x * 2 - 1))
        features = torch.cat([self.gather(self.late(middle)).flatten(1), self.detail(middle).flatten(1)], 1)
        return (self.points(features) + 0.5) * SIDE, torch.sigmoid(self.presence(features))


def opening(points, eye):
    """Distance of the middle lids over distance of the corners."""
    outer, inner, upper, lower = (points[:, k, :2] for k in eye)
    return (upper - lower).norm(dim=1) / (outer - inner).norm(dim=1).clamp(min=1)


def train(minutes, peak=2e-3, size=64):
    """Trains for `minutes` in all; `peak` is the highest learning rate, a half of it is enough after `adopt`."""
    threads()
    views = Views("training", SEED)
    straight = views.data["points"][views.data["origin"] < 2].mean(0)
    scale = SIDE / BASE * BASE_SCALE / BOX_SCALE
    mean = (straight - [BASE / 2, BASE / 2, 0]) * scale + [SIDE / 2, SIDE / 2, 0]
    net = Landmarks(mean).to(memory_format=torch.channels_last).train()
    schedule = Schedule("landmarks", net, minutes, peak=peak, warm=100)
    views.rng = np.random.default_rng(SEED + schedule.steps)
    importance = torch.ones(POINTS)
    importance[LIDS], importance[LIPS] = 3.0, 2.0
    axes = torch.tensor([1.0, 1.0, 0.3])
    while schedule.open():
        x, points, weights, presence = views.batch(size)
        guess, there = net(x)
        guess = guess.view(-1, POINTS, 3)
        eyes = (points[:, 33, :2] - points[:, 263, :2]).norm(dim=1).clamp(min=8)
        apart = ((guess - points).abs() * axes).sum(2) / eyes[:, None]
        shape = (torch.log1p(apart * 25) * weights * importance).sum() / (weights * importance).sum().clamp(min=1)
        seen = weights[:, 159] > 0
        lids = sum((opening(guess, eye) - opening(points, eye))[seen].abs().mean() for eye in (RIGHT, LEFT))
        found = F.binary_cross_entropy(there[:, 0], presence)
        schedule.step(shape + lids + 0.2 * found, f"points {shape.item():.4f} lids {lids.item():.4f} presence {found.item():.4f}")


def trained():
    """The averaged weights of the checkpoint."""
    net = Landmarks()
    net.load_state_dict(torch.load(folder("landmarks") / "checkpoint.pt", weights_only=True)["mean"])
    return net.eval()


def answers(file):
    """A function from float views [n, 3, SIDE, SIDE] to (points [n, 468, 3], presence [n])."""
    if file == "checkpoint":
        net = trained()

        def run(x):
            with torch.no_grad():
                points, there = net(x)
            return points.view(-1, POINTS, 3).numpy(), there[:, 0].numpy()

        return run
    import onnxruntime

    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    both = lambda x: session.run(None, {"input": x[None].numpy()})
    return lambda x: tuple(np.concatenate(parts) for parts in zip(*((p.reshape(1, POINTS, 3), t.ravel()) for p, t in map(both, x))))


def evaluate(file):
    """Mean error in inter-eye distances against the mesh, lids against the renderer, presence on faces and on nothing."""
    run, data = answers(file), prepared("validation")
    scale = SIDE / BASE * BASE_SCALE / BOX_SCALE
    map_ = np.hstack([np.eye(2) * scale, np.full((2, 1), SIDE / 2 - scale * BASE / 2)])
    crops = np.stack([cv2.warpAffine(crop, half(map_), (SIDE, SIDE), flags=cv2.INTER_AREA) for crop in data["crops"]])
    points = np.concatenate([data["points"][:, :, :2] * scale + map_[:, 2], data["points"][:, :, 2:] * scale], 2)
    x = torch.from_numpy(crops).permute(0, 3, 1, 2).float() / 255
    parts = [run(x[at : at + 32]) for at in range(0, len(x), 32)]
    guess, there = np.concatenate([p for p, _ in parts]), np.concatenate([t for _, t in parts])
    eyes = np.linalg.norm(points[:, 33, :2] - points[:, 263, :2], axis=1)
    error = np.linalg.norm(guess[:, :, :2] - points[:, :, :2], axis=2) / eyes[:, None]
    for origin, name in enumerate(("LFW validation", "UTKFace held-out", "rendered")):
        rows = data["origin"] == origin
        if not rows.any():
            continue
        numbers = KNOWN_BY_RENDERER if origin == 2 else slice(None)
        mean = error[rows][:, numbers].mean(1)
        apart = 1.96 * mean.std() / np.sqrt(len(mean))
        worst = np.quantile(mean, 0.95)
        print(
            f"{name}: mean error {mean.mean():.4f} ± {apart:.4f} of the inter-eye distance, 95 % of {len(mean)} faces under {worst:.4f}; "
            f"lids {error[rows][:, LIDS].mean():.4f}, lips {error[rows][:, MOUTH_OUTLINE].mean():.4f}; presence under 0.5: {(there[rows] < 0.5).sum()}"
        )
        measured = np.stack([opening(torch.from_numpy(guess[rows]), eye).numpy() for eye in (RIGHT, LEFT)], 1)
        true = np.stack([opening(torch.from_numpy(points[rows].astype(np.float32)), eye).numpy() for eye in (RIGHT, LEFT)], 1)
        for low, high in ((0, 0.1), (0.1, 0.2), (0.2, 0.3), (0.3, 1)):
            there_are = (true >= low) & (true < high)
            if there_are.sum() > 5:
                print(f"  eyes open {low}-{high}: {there_are.sum()} measured {measured[there_are].mean():.3f} ± {measured[there_are].std():.3f}, true {true[there_are].mean():.3f}")
    views = Views("validation", SEED)
    nothing = torch.from_numpy(np.stack([views.nothing()[0] for _ in range(400)])).permute(0, 3, 1, 2).float() / 255
    taken = np.concatenate([run(nothing[at : at + 32])[1] for at in range(0, 400, 32)])
    print(f"presence of 0.5 or more on {(taken >= 0.5).sum()} of {len(taken)} crops without a face")


def main(task, *rest):
    """Runs one task of the head of this file."""
    if task == "prepare":
        prepared("training"), prepared("validation")
    elif task == "train":
        train(*map(float, rest))
    elif task == "adopt":
        views = Views("training", SEED)
        net = adopted(Landmarks(), PACK / "landmarks.onnx", [views.batch(64)[0] for _ in range(24)])
        Schedule("landmarks", net, 1, peak=1e-3).save()
    elif task == "export":
        crop = prepared("validation")["crops"][0]
        example = torch.from_numpy(cv2.resize(crop, (SIDE, SIDE))).permute(2, 0, 1)[None].float() / 255
        export(trained(), example, "landmarks", ["input"], ["out0", "out1"])
    elif task == "evaluate":
        evaluate(rest[0] if rest else str(PACK / "landmarks.onnx"))
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
