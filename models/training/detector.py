"""The detector: a small anchor-free network that answers as the reference detector does, boxes and five landmarks.

    python detector.py prepare             # the teachers' answers about every picture
    python detector.py adopt               # a checkpoint from models/builtin/detector.onnx, where none was kept
    python detector.py train MINUTES [PEAK]  # on composites made on the way; goes on from its checkpoint
    python detector.py export              # models/builtin/detector.onnx
    python detector.py evaluate [FILE]     # recall by size, false alarms, landmark error, accuracy of the recogniser

A face belongs to the strides whose range its width lies in, there to the cells around its middle; the ranges overlap.
`cls` learns whether there is a face, `obj` how well the box fits (the program takes the root of their product).
"""

import functools
import sys

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import composites
import distortions
import teachers
import views
from adopting import adopted
from computing import DEVICE, Makers, Pool
from datasets import SEED, folder
from exporting import PACK, export
from schedule import Schedule, threads

WIDTH, HEIGHT = 512, 384
SMALL = (192, 160)
STRIDES = (8, 16, 32)
RANGES = {8: (0, 46), 16: (36, 150), 32: (115, 10_000)}
LEAST_SCORE, MOST_OVERLAP = 0.65, 0.35  # the program's defaults
FRAMES = ((320, 240), (640, 480), (960, 540), (1280, 720))


def conv(inner, outer, size=1, stride=1, groups=1, act=True):
    """Convolution and batch normalisation, with ReLU where `act`."""
    layers = [nn.Conv2d(inner, outer, size, stride, size // 2, groups=groups, bias=False), nn.BatchNorm2d(outer)]
    return nn.Sequential(*layers, nn.ReLU(inplace=True)) if act else nn.Sequential(*layers)


class Block(nn.Module):
    """Depthwise, then pointwise convolution; added to the input where the shapes agree."""

    def __init__(self, inner, outer, stride=1, size=3):
        super().__init__()
        self.body = nn.Sequential(conv(inner, inner, size, stride, inner, act=False), conv(inner, outer, act=False))
        self.keep = stride == 1 and inner == outer

    def forward(self, x):
        y = self.body(x)
        return F.relu(x + y if self.keep else y)


def stage(inner, outer, more, size=3):
    """Half the resolution, then `more` blocks."""
    return nn.Sequential(Block(inner, outer, 2, size), *[Block(outer, outer, 1, size) for _ in range(more)])


class Detector(nn.Module):
    """About 75 million multiplications; input N x 3 x 384 x 512 BGR 0-255, of any size that is a multiple of 32 in training."""

    def __init__(self, wide=48):
        super().__init__()
        self.stem = nn.Sequential(conv(3, 16, 3, 2), stage(16, 24, 0))
        self.down = nn.ModuleList([stage(24, 48, 1), stage(48, 72, 2), stage(72, 96, 2, 5)])
        self.side = nn.ModuleList([conv(inner, wide, act=False) for inner in (48, 72, 96)])
        self.join = nn.ModuleList([Block(wide, wide) for _ in STRIDES])
        self.head = nn.ModuleList([nn.Sequential(Block(wide, wide), nn.Conv2d(wide, 16, 1)) for _ in STRIDES])
        for head in self.head:
            with torch.no_grad():
                head[-1].bias[:2] = -4.0
                head[-1].bias[4:6] = 1.0

    def raw(self, x):
        """[N, cells, 16] for each stride: face and fit as logits, box, points."""
        x = self.stem(x / 128 - 1)
        sides = []
        for down, side in zip(self.down, self.side):
            x = down(x)
            sides.append(side(x))
        coarser, answers = None, []
        for level in (2, 1, 0):
            here = sides[level] if coarser is None else sides[level] + F.interpolate(coarser, scale_factor=2, mode="nearest")
            coarser = self.join[level](F.relu(here))
            answer = self.head[level](coarser).permute(0, 2, 3, 1)
            answers.insert(0, answer.reshape(-1, int(answer.shape[1]) * int(answer.shape[2]), 16))
        return answers

    def forward(self, x):
        levels = self.raw(x)
        parts = [[torch.sigmoid(a[:, :, :1]) for a in levels], [torch.sigmoid(a[:, :, 1:2]) for a in levels], [a[:, :, 2:6] for a in levels], [a[:, :, 6:] for a in levels]]
        return tuple(part for kind in parts for part in kind)


OUTPUTS = [f"{kind}_{stride}" for kind in ("cls", "obj", "bbox", "kps") for stride in STRIDES]


@functools.cache
def grid(width, height):
    """Left top corner and stride of every cell, all strides one after the other: [cells, 3]."""
    cells = []
    for stride in STRIDES:
        rows, columns = np.mgrid[: height // stride, : width // stride]
        cells.append(np.stack([columns.ravel() * stride, rows.ravel() * stride, np.full(rows.size, stride)], 1))
    return np.concatenate(cells).astype(np.float32)


def targets(faces, unsure, width, height):
    """(label [n, cells]: 1 face, 0 none, -1 not judged; wanted [n, cells, 14]: box and points in input pixels; the cells).

    `faces` [n, most, 14] and `unsure` [n, most, 4] in input pixels, rows of width 0 are no faces."""
    cells = torch.from_numpy(grid(width, height)).to(DEVICE)
    middles, strides = cells[:, :2] + cells[:, 2:] / 2, cells[:, 2]

    def away(boxes):
        return (middles - (boxes[:, :, :2] + boxes[:, :, 2:4] / 2)[:, :, None]).abs()

    ignored = ((away(unsure) <= 0.5 * unsure[:, :, None, 2:4] + strides[:, None] / 2).all(3) & (unsure[:, :, 2:3] > 0)).any(1)
    far, wide = away(faces).amax(3), faces[:, :, 2:3]
    around = ((far < torch.maximum(2.0 * strides, 0.3 * wide)) & (wide > 0)).any(1)
    least, most = (torch.tensor([RANGES[int(s)][end] for s in STRIDES], device=DEVICE)[(strides / 16).long().clamp(max=2)] for end in (0, 1))
    fits = (wide >= least) & (wide <= most) & (wide > 0)
    here = fits & (far < torch.minimum(torch.maximum(1.5 * strides, 0.15 * wide), torch.maximum(0.75 * strides, 0.45 * wide)))
    nearest = torch.where(here, far / wide.clamp(min=1), torch.inf).min(1)
    label = torch.where(ignored | around, -1.0, 0.0)
    label = torch.where(nearest.values.isfinite(), 1.0, label)
    return label, faces.gather(1, nearest.indices[:, :, None].expand(-1, -1, 14)), cells


def canvas(picture, faces, unsure, full_width, full_height):
    """A frame letterboxed into an input."""
    height, width = picture.shape[:2]
    left, top = (full_width - width) // 2, (full_height - height) // 2
    full = np.zeros((full_height, full_width, 3), np.uint8)
    full[top : top + height, left : left + width] = picture
    for some in (faces, unsure):
        some[:, 0:14:2] += left
        some[:, 1:14:2] += top
        some[:, 2:4] -= [left, top]
    return full, faces, unsure


def example(rng, sources, small=False):
    """One training picture with its faces and those that are not judged. A `small` one, with one face of the sizes that are
    aligned for the recogniser, costs a third of a full one: the network does not mind the size of its input."""
    if small:
        full, (width, height) = SMALL, SMALL
        widths = [rng.uniform(44, 145)] if rng.random() < 0.75 else [np.exp(rng.uniform(np.log(12), np.log(60)))]
    else:
        full, count = (WIDTH, HEIGHT), rng.choice(6, p=[0.10, 0.34, 0.24, 0.16, 0.1, 0.06])
        width, height = [(512, 288), (512, 384), (384, 384), (288, 384)][rng.choice(4, p=[0.45, 0.35, 0.15, 0.05])]
        widths = np.minimum(np.exp(rng.uniform(np.log(14), np.log(350), count)), 0.95 * height)
        if count and rng.random() < 0.4:
            widths[0] = rng.uniform(120, min(350, 0.95 * height))
        widths = np.sort(np.where(np.arange(count) == np.argmax(widths), widths, np.minimum(widths, 100)) if count else widths)[::-1]
    picture, faces, unsure = composites.compose(rng, sources, width, height, widths)
    if rng.random() < 0.35:
        kind = rng.integers(3)
        picture = distortions.blurred(rng, picture) if kind == 0 else distortions.compressed(rng, picture) if kind == 1 else picture + rng.standard_normal(picture.shape, np.float32) * np.float32(rng.uniform(1, 9))
    if rng.random() < 0.3:
        picture = (picture - 128) * np.float32(rng.uniform(0.6, 1.3)) + np.float32(rng.uniform(70, 180))
    if rng.random() < 0.04:
        picture = np.repeat(picture.mean(2, keepdims=True), 3, 2)
    return canvas(np.clip(picture, 0, 255).astype(np.uint8), faces, unsure, *full)


MOST_FACES = 10


def made(sources, small, rng, count=8):
    """(pictures [n, 3, height, width] BGR, faces [n, most, 14], unsure [n, most, 4]): what a worker process prepares."""
    pictures, faces, unsure = [], np.zeros((count, MOST_FACES, 14), np.float32), np.zeros((count, MOST_FACES, 4), np.float32)
    for row in range(count):
        picture, sure, not_sure = example(rng, sources, small)
        pictures.append(picture.transpose(2, 0, 1))
        faces[row, : len(sure)] = sure[:MOST_FACES, :14]
        unsure[row, : len(not_sure)] = not_sure[:MOST_FACES, :4]
    return np.stack(pictures), faces, unsure


def varied(rng, pictures, faces, unsure):
    """A batch mirrored, moved, scaled, relit and worn at random: each composite is used several times."""
    count, _, height, width = pictures.shape
    flip, scale = torch.rand(count, device=DEVICE) < 0.5, torch.exp(0.12 * torch.randn(count, device=DEVICE)).clamp(0.75, 1.3)
    shift = 0.04 * width * torch.randn(count, 2, device=DEVICE)
    middle = torch.tensor([width, height], device=DEVICE) / 2
    turn = torch.diag_embed(torch.stack([torch.where(flip, -1.0, 1.0) / scale, 1 / scale], 1))
    maps = torch.cat([turn, (middle - (turn @ (middle + shift)[:, :, None])[:, :, 0])[:, :, None]], 2)
    x = views.warped(pictures.float(), maps, (height, width), padding="zeros")
    relit = views.part(count, 0.4, DEVICE)
    x[relit] = views.lit(x[relit])
    x = views.worn(x, rng, 0.2) if rng.random() < 0.2 else x
    sign = torch.where(flip, -1.0, 1.0)[:, None]

    def moved(across, down):
        return sign * scale[:, None] * (across - middle[0]) + middle[0] + shift[:, :1], scale[:, None] * (down - middle[1]) + middle[1] + shift[:, 1:]

    def boxes(given):
        across, down = moved(given[:, :, 0] + given[:, :, 2] / 2, given[:, :, 1] + given[:, :, 3] / 2)
        extent = given[:, :, 2:4] * scale[:, None, None]
        return torch.cat([torch.stack([across, down], 2) - extent / 2, extent], 2)

    across, down = moved(faces[:, :, 4::2].flatten(1), faces[:, :, 5::2].flatten(1))
    points = torch.stack([across, down], 2).view(count, -1, 5, 2)
    points = torch.where(flip[:, None, None, None], points[:, :, [1, 0, 2, 4, 3]], points)
    placed, others = torch.cat([boxes(faces), points.flatten(2)], 2), boxes(unsure)
    # What has been moved out of the picture by more than a third is not judged.
    low, high = placed[:, :, :2].clamp(min=0), torch.minimum(placed[:, :, :2] + placed[:, :, 2:4], 2 * middle)
    left = (high - low).clamp(min=0).prod(2) / placed[:, :, 2:4].prod(2).clamp(min=1)
    cut = (left < 0.7) & (placed[:, :, 2] > 0)
    others = torch.cat([others, placed[:, :, :4] * cut[:, :, None]], 1)
    return x.round(), placed * ~cut[:, :, None], others


def loss_of(levels, label, wanted, cells):
    """The training loss and a note of its parts."""
    answer = torch.cat(levels, 1)
    chosen = label == 1
    count = max(1.0, float(chosen.sum()))
    x, cell = answer[chosen], cells.expand(len(label), -1, -1)[chosen]
    target = wanted[chosen]
    size = (target[:, 2] * target[:, 3]).sqrt()[:, None]
    middle = cell[:, :2] + x[:, 2:4] * cell[:, 2:]
    extent = x[:, 4:6].clamp(-4, 5).exp() * cell[:, 2:]
    low, high = middle - extent / 2, middle + extent / 2
    low_t, high_t = target[:, :2], target[:, :2] + target[:, 2:4]
    shared = (torch.minimum(high, high_t) - torch.maximum(low, low_t)).clamp(min=0).prod(1)
    union = extent.prod(1) + target[:, 2:4].prod(1) - shared
    hull = (torch.maximum(high, high_t) - torch.minimum(low, low_t)).prod(1)
    iou = shared / union
    box = (1 - iou + (hull - union) / hull).mean()
    extent_error = ((x[:, 4:6] - (target[:, 2:4] / cell[:, 2:]).log()).abs()).mean()
    points = cell[:, :2].repeat(1, 5) + x[:, 6:] * cell[:, 2:]
    away = (points - target[:, 4:]) / size
    point = F.smooth_l1_loss(away, torch.zeros_like(away), beta=0.01)
    judged = label >= 0
    quality = torch.zeros_like(label)
    quality[chosen] = iou.detach().clamp(0, 1)
    face = F.binary_cross_entropy_with_logits(answer[:, :, 0][judged], label[judged], reduction="none")
    sure = torch.sigmoid(answer[:, :, 0][judged].detach())
    face = (face * (sure - label[judged]).abs() ** 1.5 * 4).sum() / count
    fit = F.binary_cross_entropy_with_logits(answer[:, :, 1][judged], quality[judged], reduction="none")
    rate = torch.sigmoid(answer[:, :, 1][judged].detach())
    fit = (fit * torch.where(label[judged] == 1, torch.ones_like(rate), rate**1.5 * 4)).sum() / count
    total = face + fit + 1.5 * box + 0.3 * extent_error + 15 * point
    return total, lambda: f"face {face.item():.3f} fit {fit.item():.3f} iou {iou.mean().item():.3f} points {away.abs().mean().item():.4f}"


def train(minutes, peak=3e-3, size=48 if DEVICE.type == "cuda" else 8):
    """Trains for `minutes` in all, two batches in three on small pictures; `peak` is the highest learning rate."""
    threads()
    net = Detector().to(DEVICE, memory_format=torch.channels_last).train()
    rng, sources = np.random.default_rng(SEED), composites.Sources("training")
    makers = Makers(functools.partial(made, sources, False), 21, 0.7), Makers(functools.partial(made, sources, True), 22, 0.3)
    most = 40_000 if DEVICE.type == "cuda" else 2_000
    full, small = Pool(makers[0], most, most // 40), Pool(makers[1], most, most // 40)
    schedule = Schedule("detector", net, minutes, peak=peak, keep=0.998)
    while schedule.open():
        pictures, faces, unsure = varied(rng, *(full.some(size) if schedule.steps % 3 == 0 else small.some(4 * size)))
        label, wanted, cells = targets(faces, unsure, pictures.shape[3], pictures.shape[2])
        schedule.step(*loss_of(net.raw(pictures.contiguous(memory_format=torch.channels_last)), label, wanted, cells))
        if schedule.steps % 10 == 0:
            full.refresh(), small.refresh()
    print(f"{full.seen} full and {small.seen} small composites", flush=True)
    for maker in makers:
        maker.stop()


def trained():
    """The averaged weights of the checkpoint."""
    net = Detector()
    net.load_state_dict(torch.load(folder("detector") / "checkpoint.pt", weights_only=True, map_location="cpu")["mean"])
    return net.eval()


class Program:
    """A detector file used as the program uses it: letterboxed, small pictures enlarged at most 1.5 times."""

    def __init__(self, file):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.net = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        self.name = self.net.get_inputs()[0].name
        self.names = [output.name for output in self.net.get_outputs()]
        self.height, self.width = self.net.get_inputs()[0].shape[2:]

    def seen(self, picture, largest=1.5, centre=None):
        """Faces [n, 15] in picture pixels, surest first."""
        height, width = picture.shape[:2]
        scale = min(self.width / width, self.height / height, largest)
        small, map_ = composites.shrunk(picture, np.array([[scale, 0, self.width / 2 - scale * width / 2], [0, scale, self.height / 2 - scale * height / 2]]))
        boxed = cv2.warpAffine(small, composites.half(map_), (self.width, self.height), flags=cv2.INTER_LINEAR)
        answers = dict(zip(self.names, self.net.run(None, {self.name: boxed.transpose(2, 0, 1)[None].astype(np.float32)})))
        found = []
        for stride in STRIDES:
            score = np.sqrt(answers[f"cls_{stride}"].ravel().clip(0, 1) * answers[f"obj_{stride}"].ravel().clip(0, 1))
            at = np.flatnonzero(score >= LEAST_SCORE)
            corner = np.stack([at % (self.width // stride), at // (self.width // stride)], 1)
            box, points = answers[f"bbox_{stride}"][0][at], answers[f"kps_{stride}"][0][at]
            extent = np.exp(box[:, 2:]) * stride
            points = (points.reshape(-1, 5, 2) + corner[:, None]) * stride
            found.append(np.hstack([(corner + box[:, :2]) * stride - extent / 2, extent, points.reshape(-1, 10), score[at][:, None]]))
        found = np.concatenate(found)
        found = found[np.argsort(-found[:, 14])]
        kept = []
        for face in found:
            if not kept or composites.overlap(np.stack(kept)[:, :4], face).max() <= MOST_OVERLAP:
                kept.append(face)
        back = np.array([[1 / scale, 0, width / 2 - self.width / 2 / scale], [0, 1 / scale, height / 2 - self.height / 2 / scale]])
        return composites.turned(back, np.stack(kept)) if kept else np.zeros((0, 15))

    def __call__(self, picture):
        """As the program looks at one picture: each face wide in the input is looked at again at 140 input pixels."""
        faces = self.seen(picture)
        scale = min(self.width / picture.shape[1], self.height / picture.shape[0], 1.5)
        for at, face in enumerate(faces):
            if face[2] * scale > 200:
                again = self.seen(picture, 140 / face[2])
                if len(again):
                    like = composites.overlap(again[:, :4], face)
                    if like.max() >= 0.4:
                        faces[at] = again[np.argmax(like)]
        return faces

    def central(self, picture):
        """The face nearest to the middle for its size, or None."""
        faces = self(picture)
        if not len(faces):
            return None
        away = ((faces[:, :2] + faces[:, 2:4] / 2 - [picture.shape[1] / 2, picture.shape[0] / 2]) ** 2).sum(1)
        return faces[np.argmin(away / (faces[:, 2] * faces[:, 3]))]


def interval(hits, tries):
    """The exact 95 % interval of a share (Clopper and Pearson 1934)."""
    from scipy.stats import beta

    low = beta.ppf(0.025, hits, tries - hits + 1) if hits else 0.0
    high = beta.ppf(0.975, hits + 1, tries - hits) if hits < tries else 1.0
    return f"{hits}/{tries} = {hits / max(1, tries):.4f} [{low:.4f}, {high:.4f}]"


def recall(program, each=300, label="exported"):
    """Composites of validation pictures, one wanted face a frame, by width in the frame; truth is where the reference
    detector, looking at the frame as the program would (within 640x640), sees a face."""
    sources, teacher = composites.Sources("validation"), teachers.Detector(composites.SURE)
    for low, high in ((60, 100), (100, 200), (200, 400), (400, 700)):
        rng = np.random.default_rng([SEED, low])
        hits = tries = alarms = frames = 0
        errors = []
        while tries < each:
            wanted = np.exp(rng.uniform(np.log(low), np.log(high)))
            fitting = [frame for frame in FRAMES if wanted <= 0.9 * frame[1]] or [FRAMES[-1]]
            width, height = fitting[rng.integers(len(fitting))]
            picture, faces, unsure = composites.compose(rng, sources, width, height, [wanted])
            picture = np.clip(picture, 0, 255).astype(np.uint8)
            scale = min(640 / width, 640 / height, 1.5)
            truth = teacher(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR))
            truth = truth.copy()
            truth[:, :14] /= scale
            found = program(picture)
            frames += 1
            for face in truth[(truth[:, 2] >= low) & (truth[:, 2] < high)]:
                tries += 1
                like = composites.overlap(found[:, :4], face) if len(found) else np.zeros(1)
                hits += like.max() >= 0.5
                if like.max() >= 0.5:
                    eyes = np.linalg.norm(face[6:8] - face[4:6])
                    errors.append(np.linalg.norm((found[np.argmax(like)][4:14] - face[4:14]).reshape(5, 2), axis=1).mean() / eyes)
            known = np.concatenate([truth, faces, unsure])[:, :4]
            for face in found:
                alarms += not len(known) or composites.overlap(known, face).max() < 0.3
        print(f"{label}, {low}-{high} px: recall {interval(hits, tries)}; false alarms {alarms} in {frames} frames; landmarks differ by {np.mean(errors):.4f} of the eye distance (median {np.median(errors):.4f})", flush=True)


def alarms(program, frames=2000):
    """False alarms on frames without a face that any teacher sees."""
    sources, teacher = composites.Sources("validation"), teachers.Detector(composites.POSSIBLE)
    rng, wrong, hit = np.random.default_rng([SEED, 7]), 0, 0
    for _ in range(frames):
        width, height = FRAMES[rng.integers(2)]
        picture = np.clip(composites.background(rng, sources, width, height), 0, 255).astype(np.uint8)
        found = program.seen(picture)
        if len(found):
            known = teacher(picture)[:, :4]
            fresh = [not len(known) or composites.overlap(known, face).max() < 0.3 for face in found]
            wrong, hit = wrong + sum(fresh), hit + any(fresh)
    print(f"frames without a face: {wrong} false alarms ({wrong / frames:.4f} a frame); frames with one {interval(hit, frames)}", flush=True)


def rendered_recall(program):
    """Rendered frames of people who only measure: is the subject found?"""
    from composites import rendered

    hits = tries = 0
    errors = []
    for path, faces in rendered("validation"):
        found, tries = program(cv2.imread(path)), tries + 1
        like = composites.overlap(found[:, :4], faces[0]) if len(found) else np.zeros(1)
        hits += like.max() >= 0.5
        if like.max() >= 0.5:
            errors.append(np.linalg.norm((found[np.argmax(like)][4:14] - faces[0][4:14]).reshape(5, 2), axis=1).mean() / np.linalg.norm(faces[0][6:8] - faces[0][4:6]))
    if tries:
        print(f"rendered: recall {interval(hits, tries)}; landmarks differ by {np.mean(errors):.4f}", flush=True)


def accuracy(program):
    """The reference recogniser on pictures that this detector aligned, against the reference detector."""
    import recogniser
    from datasets import lfw

    teacher = teachers.Recogniser()
    crops, people = recogniser.validation()
    recogniser.figures(lambda rgb: teacher(rgb)[0], "aligned by the reference detector")
    mine = {}
    for name in crops:
        picture = cv2.imread(name)
        face = program.central(picture)
        mine[name] = crops[name] * 0 if face is None else teachers.alignment.crop(picture, face[4:14].reshape(5, 2))[:, :, ::-1]
    recogniser.validation = lambda: (mine, people)
    recogniser.figures(lambda rgb: teacher(rgb)[0], f"aligned by {sum(m.any() for m in mine.values())} answers of this detector")


def evaluate(file, each):
    """All figures of the model card."""
    program = Program(file)
    recall(program, each)
    alarms(program, 5 * each)
    rendered_recall(program)
    accuracy(program)


def main(task, *rest):
    """Runs one task of the head of this file."""
    if task == "prepare":
        for role in ("training", "validation"):
            composites.annotations(role)
    elif task == "train":
        train(*map(float, rest))
    elif task == "adopt":
        rng, sources = np.random.default_rng(SEED), composites.Sources("training")
        batches = [torch.from_numpy(made(sources, False, rng)[0]).float() for _ in range(24)]
        Schedule("detector", adopted(Detector(), PACK / "detector.onnx", batches).to(DEVICE), 1, peak=1e-3).save()
    elif task == "export":
        rng, sources = np.random.default_rng(SEED), composites.Sources("validation")
        picture = torch.from_numpy(example(rng, sources)[0]).permute(2, 0, 1)[None].float()
        export(trained(), picture, "detector", ["input"], OUTPUTS, half=False)
    elif task == "evaluate":
        evaluate(rest[0] if rest else PACK / "detector.onnx", int(rest[1]) if len(rest) > 1 else 400)
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
