"""Dense landmarks: 468 points of the published mesh topology from a 112x112 crop with level eyes.

    python landmarks.py prepare         # crops of annotated and rendered faces with their points
    python landmarks.py adopt           # a checkpoint from models/builtin/landmarks.onnx, where none was kept
    python landmarks.py train MINUTES [PEAK]  # goes on from its checkpoint
    python landmarks.py export          # models/builtin/landmarks.onnx
    python landmarks.py marks           # the shifts of alignment.MARKS
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

import alignment
import views
from adopting import adopted
from composites import Mesh, Sources, annotations, half, moved, rendered, square
from computing import DEVICE
from datasets import SEED, WORK, folder
from exporting import PACK, export
from recogniser import Bottleneck, conv
from schedule import Schedule, threads

SIDE, BASE = 112, 192
BOX_SCALE, BASE_SCALE = 1.5, 2.1
POINTS = 468
RENDERED_SHARE = 2.0  # rendered subjects are a ninth of the crops, and move as no still picture does
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
    """Random views of prepared crops, and views that show no face, many at a time, on the device."""

    def __init__(self, role, seed=SEED, patches=3000):
        data, sources, self.rng = prepared(role), Sources(role), np.random.default_rng(seed)
        origin, on_device = data["origin"], lambda array: torch.from_numpy(np.ascontiguousarray(array)).to(DEVICE)
        pictures = data["points"][origin < 2]
        self.mean, self.swap = pictures.mean(0), on_device(mirror(pictures))
        self.crops, self.points, self.weights = on_device(data["crops"].transpose(0, 3, 1, 2)), on_device(data["points"]), on_device(data["weights"])
        closed = (origin == 2) & (data["eyes"].min(1) < 0.15)
        share = np.where(origin == 0, 1.0, np.where(origin == 1, 0.8, 1.2 * RENDERED_SHARE)) + 2.0 * closed
        self.share = on_device((share / share.sum()).astype(np.float32))
        empty = [cv2.resize(sources.patch(self.rng), (SIDE, SIDE))[:, :, ::-1].transpose(2, 0, 1) for _ in range(patches)]
        self.empty = on_device(np.stack(empty))

    def faces(self, count):
        """(views, points in them, weights, presence): a view in which little of the face is left counts as none."""
        at = torch.multinomial(self.share, count, replacement=True)
        scale = SIDE / BASE * BASE_SCALE / BOX_SCALE * torch.exp(0.09 * torch.randn(count, device=DEVICE))
        angle, shift = torch.deg2rad(5 * torch.randn(count, device=DEVICE)), 0.035 * SIDE * torch.randn(count, 2, device=DEVICE)
        off, direction = torch.rand(count, device=DEVICE) < 0.06, 6.2832 * torch.rand(count, device=DEVICE)
        away = (0.55 + 0.25 * torch.rand(count, device=DEVICE))[:, None] * SIDE * torch.stack([torch.cos(direction), torch.sin(direction)], 1)
        shift = torch.where(off[:, None], away, shift)
        maps = views.backwards(scale, angle, shift, SIDE, BASE)
        pictures = views.warped(self.crops[at].float(), maps, SIDE)
        back = torch.linalg.inv(maps[:, :, :2])
        places = (self.points[at, :, :2] - maps[:, None, :, 2]) @ back.transpose(1, 2)
        points = torch.cat([places, self.points[at, :, 2:] * scale[:, None, None]], 2)
        weights, flipped = self.weights[at], torch.rand(count, device=DEVICE) < 0.5
        pictures[flipped] = pictures[flipped].flip(3)
        image = points[flipped][:, self.swap]
        points[flipped] = torch.stack([SIDE - image[:, :, 0], image[:, :, 1], image[:, :, 2]], 2)
        weights[flipped] = weights[flipped][:, self.swap]
        corner, size = 72 * torch.rand(count, 2, device=DEVICE), 10 + 30 * torch.rand(count, 2, device=DEVICE)  # something held before it
        at_pixel = torch.arange(SIDE, device=DEVICE) + 0.5
        across = (at_pixel > corner[:, :1]) & (at_pixel < corner[:, :1] + size[:, :1])
        down = (at_pixel > corner[:, 1:]) & (at_pixel < corner[:, 1:] + size[:, 1:])
        held = (torch.rand(count, device=DEVICE) < 0.25) & ~off
        covered = (across[:, None, :] & down[:, :, None] & held[:, None, None])[:, None]
        pictures = torch.where(covered, 255 * torch.rand(count, 3, 1, 1, device=DEVICE), pictures)
        return pictures, points, weights * ~off[:, None], (~off).float()

    def batch(self, size):
        """(views [n, 3, SIDE, SIDE] 0-1, points, weights, presence)."""
        count = round(0.93 * size)
        pictures, points, weights, presence = self.faces(count)
        none = size - count
        empty = self.empty[torch.randint(len(self.empty), (none,), device=DEVICE)].float()
        pictures = torch.cat([pictures, empty])
        tired = views.part(size, 0.7, DEVICE)
        pictures[tired] = views.worn(pictures[tired], self.rng)
        points = torch.cat([points, torch.zeros(none, POINTS, 3, device=DEVICE)])
        weights, presence = torch.cat([weights, torch.zeros(none, POINTS, device=DEVICE)]), torch.cat([presence, torch.zeros(none, device=DEVICE)])
        return pictures.contiguous(memory_format=torch.channels_last) / 255, points, weights, presence


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


def gap(points):
    """Distance of the inner lips over distance of the mouth's corners."""
    upper, lower, right, left = (points[:, k, :2] for k in (13, 14, 61, 291))
    return (upper - lower).norm(dim=1) / (right - left).norm(dim=1).clamp(min=1)


def train(minutes, peak=2e-3, size=512 if DEVICE.type == "cuda" else 64):
    """Trains for `minutes` in all; `peak` is the highest learning rate, a half of it is enough after `adopt`."""
    threads()
    source = Views("training")
    scale = SIDE / BASE * BASE_SCALE / BOX_SCALE
    mean = (source.mean - [BASE / 2, BASE / 2, 0]) * scale + [SIDE / 2, SIDE / 2, 0]
    net = Landmarks(mean).to(DEVICE, memory_format=torch.channels_last).train()
    schedule = Schedule("landmarks", net, minutes, peak=peak, warm=100)
    importance = torch.ones(POINTS, device=DEVICE)
    importance[LIDS], importance[LIPS] = 3.0, 2.0
    axes = torch.tensor([1.0, 1.0, 0.3], device=DEVICE)
    while schedule.open():
        x, points, weights, presence = source.batch(size)
        guess, there = net(x)
        guess = guess.view(-1, POINTS, 3)
        eyes = (points[:, 33, :2] - points[:, 263, :2]).norm(dim=1).clamp(min=8)
        apart = ((guess - points).abs() * axes).sum(2) / eyes[:, None]
        shape = (torch.log1p(apart * 25) * weights * importance).sum() / (weights * importance).sum().clamp(min=1)
        seen = (weights[:, 159] > 0).float()
        lids = sum(((opening(guess, eye) - opening(points, eye)).abs() * seen).sum() / seen.sum() for eye in (RIGHT, LEFT))
        mouth = ((gap(guess) - gap(points)).abs() * seen).sum() / seen.sum()
        found = F.binary_cross_entropy(there[:, 0], presence)
        schedule.step(shape + lids + mouth + 0.2 * found, lambda: f"points {shape.item():.4f} lids {lids.item():.4f} mouth {mouth.item():.4f} presence {found.item():.4f}")


def trained():
    """The averaged weights of the checkpoint."""
    net = Landmarks()
    net.load_state_dict(torch.load(folder("landmarks") / "checkpoint.pt", weights_only=True, map_location="cpu")["mean"])
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
    source = Views("validation", patches=400)
    nothing = views.worn(source.empty.float(), source.rng).cpu() / 255
    taken = np.concatenate([run(nothing[at : at + 32])[1] for at in range(0, 400, 32)])
    print(f"presence of 0.5 or more on {(taken >= 0.5).sum()} of {len(taken)} crops without a face")


def marks(count=2000):
    """Prints where YuNet marks the five points, as seen from the reference mesh's, in eye distances: medians over training pictures, three
    of four of LFW, which show more than a face."""
    known, rng, shifts = annotations("training"), np.random.default_rng(SEED), []
    scenes = np.array(["lfw-dev" in path for path in known["path"]])
    chosen = [rng.choice(np.flatnonzero(scenes == scenic), share * count // 4, replace=False) for scenic, share in ((True, 3), (False, 1))]
    for at in np.concatenate(chosen):
        face = known["faces"][known["first"][at]]
        if known["presence"][at] > 0.8 and face[14] > 0.8:
            places, turn = alignment.means(known["mesh"][at])
            shifts.append(np.linalg.solve(turn, (face[4:14].reshape(5, 2) - places).T).T)
    print(np.median(shifts, 0).round(4).tolist(), "spread", np.std(shifts, 0).round(3).tolist(), "of", len(shifts))


class Aligner:
    """The pack's detector and landmarks as the program uses them before the recogniser."""

    def __init__(self):
        import detector
        import onnxruntime

        self.detector = detector.Program(PACK / "detector.onnx")
        self.net = onnxruntime.InferenceSession(str(PACK / "landmarks.onnx"), providers=["CPUExecutionProvider"])

    def __call__(self, picture):
        """BGR picture -> the central face aligned, RGB [112, 112, 3], or None."""
        face = self.detector.central(picture)
        if face is None:
            return None
        map_ = square(face, SIDE)
        crop = cv2.warpAffine(picture, half(map_), (SIDE, SIDE), flags=cv2.INTER_LINEAR)
        points, there = self.net.run(None, {"input": np.ascontiguousarray(crop[:, :, ::-1].transpose(2, 0, 1)[None].astype(np.float32)) / 255})
        mesh = moved(np.linalg.inv(np.vstack([map_, [0, 0, 1]]))[:2], points.reshape(POINTS, 3)[:, :2])
        return alignment.crop(picture, alignment.five(mesh) if there.ravel()[0] >= 0.5 else face[4:14].reshape(5, 2))[:, :, ::-1]


def main(task, *rest):
    """Runs one task of the head of this file."""
    if task == "prepare":
        prepared("training"), prepared("validation")
    elif task == "train":
        train(*map(float, rest))
    elif task == "adopt":
        source = Views("training")
        net = adopted(Landmarks(), PACK / "landmarks.onnx", [source.batch(64)[0].cpu() for _ in range(24)]).to(DEVICE)
        Schedule("landmarks", net, 1, peak=1e-3).save()
    elif task == "export":
        crop = prepared("validation")["crops"][0]
        example = torch.from_numpy(cv2.resize(crop, (SIDE, SIDE))).permute(2, 0, 1)[None].float() / 255
        export(trained(), example, "landmarks", ["input"], ["out0", "out1"])
    elif task == "marks":
        marks()
    elif task == "evaluate":
        evaluate(rest[0] if rest else str(PACK / "landmarks.onnx"))
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
