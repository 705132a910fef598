"""The recogniser: a small network that answers as the reference recogniser does.

    python recogniser.py prepare            # aligned faces of the training people
    python recogniser.py train MINUTES      # distil on fresh views; goes on from its checkpoint
    python recogniser.py export             # models/builtin/recogniser.onnx
    python recogniser.py evaluate [FILE]    # fold 5 and all pairs of validation people

Function matching (Beyer et al. 2022): teacher and student see the same distorted view, and no view comes twice. A view is a
picture, a picture whose features are bent into somebody else's, or a blend of two people. The teacher runs in OpenVINO and
answers faster than the student learns. Besides the template, the student is led by what the teacher thinks half way (after its
third and its last stage), through projections that are thrown away after training. The program adds the templates of the picture
and of its mirror image; the teacher's answer is the same sum.
"""

import multiprocessing
import sys

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import alignment
import distortions
import teachers
from datasets import SEED, faces, folder, lfw, lfw_pairs
from exporting import PACK, export
from schedule import Schedule, threads

HINTS = ("/blocks/blocks.11/Add_output_0", "/blocks/blocks.14/Add_output_0")
PICTURES_A_PERSON = 30


def crops():
    """Every training face, aligned with a margin (160x160, the alignment's scale) so that views can turn and shift."""
    file = folder("recogniser") / "crops.npy"
    if file.exists():
        return np.load(file, mmap_mode="r")
    detector, seen, found = teachers.Detector(), {}, []
    people = dict(lfw("training"))
    for path, share in faces("training"):
        person = people.get(path, path)
        seen[person] = seen.get(person, 0) + 1
        if seen[person] > PICTURES_A_PERSON:
            continue
        picture = teachers.padded(path, share)
        face = detector.central(picture)
        if face is not None:
            found.append(alignment.crop(picture, face[4:14].reshape(5, 2), alignment.PLACES + 24, 160)[:, :, ::-1])
    np.save(file, np.stack(found))
    print(f"{len(found)} aligned faces", flush=True)
    return np.load(file, mmap_mode="r")


def bent(rng, picture):
    """The picture with its features moved by a smooth random field: a face like it, of somebody else."""
    size = picture.shape[0]
    field = rng.normal(0, rng.uniform(1.0, 3.2), (2, 5, 5)).astype(np.float32)
    rows, columns = np.mgrid[0:size, 0:size].astype(np.float32)
    across, down = (cv2.resize(part, (size, size), interpolation=cv2.INTER_CUBIC) for part in field)
    return cv2.remap(picture, columns + across, rows + down, cv2.INTER_LINEAR)


def view(rng, pictures):
    """One 112x112 view: somebody, bent or blended with somebody else, turned, moved, relit and worn."""
    picture = pictures[rng.integers(len(pictures))].astype(np.float32)
    if rng.random() < 0.45:
        other = pictures[rng.integers(len(pictures))].astype(np.float32)
        other = other[:, ::-1] if rng.random() < 0.5 else other
        share = np.float32(rng.uniform(0.25, 0.75))
        if rng.random() < 0.3:  # the upper face of one, the lower of the other
            ramp = 1 / (1 + np.exp(-(np.arange(160) - rng.uniform(70, 110)) / rng.uniform(3, 10)))
            share = ramp[:, None, None].astype(np.float32)
        picture = share * picture + (1 - share) * other
    if rng.random() < 0.3:
        picture = bent(rng, picture)
    angle, scale = np.radians(rng.normal(0, 4)), 1 + rng.normal(0, 0.04)
    cosine, sine = scale * np.cos(angle), scale * np.sin(angle)
    shift = rng.normal(0, 2.2, 2)
    turn = np.array([[cosine, -sine, 56 + shift[0] - 80 * cosine + 80 * sine], [sine, cosine, 56 + shift[1] - 80 * sine - 80 * cosine]], np.float32)
    picture = cv2.warpAffine(picture, turn, (112, 112))
    return np.clip(picture, 0, 255).astype(np.uint8) if rng.random() < 0.45 else distortions.worn(rng, picture)


class Teacher:
    """The reference recogniser with its inner hints, for batches of one size."""

    def __init__(self, size):
        import openvino

        model = openvino.Core().read_model(str(teachers.TEACHERS / "mobilefacenet_casia_112x96.onnx"))
        model.add_outputs(list(HINTS))
        model.reshape([size, 3, 112, 96])
        settings = {"INFERENCE_PRECISION_HINT": "bf16", "INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1}
        self.net = openvino.Core().compile_model(model, "CPU", settings)

    def __call__(self, rgb):
        """uint8 [size, 112, 112, 3] RGB, mirror images in the second half -> (templates of unit length, the same for both
        halves; middle hints; late hints), as tensors."""
        batch = (rgb[:, :, 8:104].transpose(0, 3, 1, 2).astype(np.float32) - 127.5) / 128
        answers = self.net(np.ascontiguousarray(batch))
        template, middle, late = (torch.from_numpy(np.array(answers[place])) for place in range(3))
        template = F.normalize(template)
        straight, mirrored = template.chunk(2)
        both = F.normalize(straight + mirrored)
        return torch.cat([both, both]), middle, late


def examples(seed, pictures, size, queue):
    """Fills `queue` with batches of views, mirror images in the second half, for ever."""
    cv2.setNumThreads(1)
    rng = np.random.default_rng(seed)
    while True:
        some = np.stack([view(rng, pictures) for _ in range(size // 2)])
        queue.put(np.concatenate([some, some[:, :, ::-1]]))


def conv(inner, outer, size=1, stride=1, groups=1, act=True):
    """Convolution and batch normalisation, with ReLU where `act`."""
    layers = [nn.Conv2d(inner, outer, size, stride, size // 2, groups=groups, bias=False), nn.BatchNorm2d(outer)]
    return nn.Sequential(*layers, nn.ReLU(inplace=True)) if act else nn.Sequential(*layers)


class Bottleneck(nn.Module):
    """Widen, look around, narrow (Sandler et al. 2018)."""

    def __init__(self, inner, wide, outer, stride=1):
        super().__init__()
        self.body = nn.Sequential(conv(inner, wide), conv(wide, wide, 3, stride, wide), conv(wide, outer, act=False))
        self.keep = stride == 1 and inner == outer

    def forward(self, x):
        return x + self.body(x) if self.keep else self.body(x)


class Residual(nn.Module):
    """Two 3x3 convolutions around a shortcut (He et al. 2016)."""

    def __init__(self, inner, outer, stride=1):
        super().__init__()
        self.body = nn.Sequential(conv(inner, outer, 3, stride), conv(outer, outer, 3, act=False))
        self.side = None if stride == 1 and inner == outer else conv(inner, outer, 1, stride, act=False)

    def forward(self, x):
        return F.relu(self.body(x) + (x if self.side is None else self.side(x)))


class Recogniser(nn.Module):
    """About 280 million multiplications a view; input N x 3 x 112 x 112 RGB 0-255, of which the middle 96 columns are seen.

    Plain convolutions with many channels at low resolution: on processors with matrix units (bfloat16) they learn faster than
    depthwise ones of a third of the multiplications."""

    def __init__(self):
        super().__init__()
        self.early = nn.Sequential(
            conv(3, 24, 3, 2), conv(24, 48, 3, 2), Residual(48, 48), Residual(48, 128, 2), Residual(128, 128), Residual(128, 128),
        )
        self.late = nn.Sequential(Residual(128, 256, 2), Residual(256, 256))
        self.head = nn.Sequential(
            conv(256, 512), nn.Conv2d(512, 512, (7, 6), groups=512, bias=False), nn.BatchNorm2d(512), nn.Conv2d(512, 128, 1, bias=False), nn.BatchNorm2d(128)
        )
        self.told_middle, self.told_late = nn.Conv2d(128, 128, 1), nn.Conv2d(256, 128, 1)

    def stages(self, x):
        """(template not normalised, the teacher's middle as guessed, its late stage as guessed)."""
        x = (x[:, :, :, 8:104] - 127.5) / 128
        middle = self.early(x)
        late = self.late(middle)
        return self.head(late).flatten(1), self.told_middle(middle), self.told_late(late)

    def forward(self, x):
        return self.stages(x)[0]


class Both(nn.Module):
    """As the program uses it (`flip_average` in the manifest): the templates of the picture and of its mirror image, added."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        straight, mirrored = self.net(x), self.net(torch.flip(x, [3]))
        return F.normalize(F.normalize(straight) + F.normalize(mirrored))


def train(minutes, size=128):
    """Distils for `minutes` in all."""
    threads()
    net = Recogniser().to(memory_format=torch.channels_last).train()
    schedule = Schedule("recogniser", net, minutes, peak=3e-3, keep=0.9985)
    teacher, queue = Teacher(size), multiprocessing.Queue(6)
    maker = multiprocessing.Process(target=examples, args=([SEED, schedule.steps], crops(), size, queue), daemon=True)
    maker.start()
    while schedule.open():
        views = queue.get()
        templates, middle, late = teacher(views)
        x = torch.from_numpy(views).permute(0, 3, 1, 2).float().contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            guess, guessed_middle, guessed_late = net.stages(x)
        y = F.normalize(guess.float())
        alike = (1 - (y * templates).sum(1)).mean()
        relation = ((y @ y.T - templates @ templates.T) ** 2).mean()
        hint = ((guessed_middle.float() - middle) ** 2).mean() / middle.var() + ((guessed_late.float() - late) ** 2).mean() / late.var()
        weight = 1 - 0.8 * min(1, schedule.used / minutes)
        schedule.step(2 * alike + 4 * relation + 0.5 * weight * hint, f"alike {1 - alike.item():.4f} relation {relation.item():.5f} hint {hint.item():.3f}")
    maker.terminate()


def trained():
    """The averaged weights of the checkpoint."""
    net = Recogniser()
    net.load_state_dict(torch.load(folder("recogniser") / "checkpoint.pt", weights_only=True)["mean"])
    return net.eval()


def validation():
    """(name -> aligned face, name -> person) of the validation people and of everybody in the listed pairs of folds 1-5."""
    file = folder("recogniser") / "validation.npz"
    people = {str(path): person for role in ("validation", "training") for path, person in lfw(role)}
    listed = {str(p) for fold in range(1, 6) for a, b, _ in lfw_pairs(fold) for p in (a, b)}
    wanted = sorted(listed | {str(path) for path, _ in lfw("validation")})
    if not file.exists():
        detector = teachers.Detector()
        found = {path: teachers.aligned(detector, path, 0.16) for path in wanted}
        found = {path: crop for path, crop in found.items() if crop is not None}
        np.savez(file, names=np.array(list(found)), crops=np.stack(list(found.values())))
    stored = np.load(file)
    return dict(zip(stored["names"].tolist(), stored["crops"])), people


def figures(embed, label):
    """Fold 5 with the threshold of folds 1-4, and true accepts of fold 5 at FMR 1e-2 of all different validation people."""
    crops_by_name, people = validation()
    names = list(crops_by_name)
    pictures = np.stack([crops_by_name[name] for name in names])
    templates = np.concatenate([embed(pictures[at : at + 64]) for at in range(0, len(pictures), 64)])
    templates /= np.linalg.norm(templates, axis=1, keepdims=True)
    place = {name: at for at, name in enumerate(names)}

    def scored(folds):
        rows = [(str(a), str(b), m) for fold in folds for a, b, m in lfw_pairs(fold)]
        rows = [(place[a], place[b], m) for a, b, m in rows if a in place and b in place]
        return np.array([templates[a] @ templates[b] for a, b, _ in rows]), np.array([m for *_, m in rows])

    others, mated = scored(range(1, 5))
    steps = np.linspace(-1, 1, 4001)
    best = steps[np.argmax([((others >= t) == mated).mean() for t in steps])]
    scores, truth = scored([5])
    fifth = {str(path) for path, _ in lfw("validation")}
    chosen = [at for at, name in enumerate(names) if name in fifth]
    who = np.array([people[names[at]] for at in chosen])
    all_scores = templates[chosen] @ templates[chosen].T
    upper = np.triu(who[:, None] != who[None, :], 1)
    strangers = np.sort(all_scores[upper])
    line = [f"{label}: fold 5 accuracy {((scores >= best) == truth).mean():.4f} of {len(scores)} pairs at {best:.3f}"]
    for rate in (1e-2, 1e-3, 1e-4):
        limit = strangers[int(np.ceil(len(strangers) * (1 - rate)))]
        line.append(f"true accepts {(scores[truth] >= limit).mean():.4f} at FMR {rate:g} ({limit:.3f}, {len(strangers)} pairs)")
    print("; ".join(line), flush=True)


def evaluate(file):
    """The exported file, the training checkpoint without mirror, or the teacher."""
    if file == "teacher":
        teacher = teachers.Recogniser(2)
        return figures(lambda rgb: teacher(rgb)[0], "reference recogniser")
    if file == "checkpoint":
        net = Both(trained())

        def embed(rgb):
            with torch.no_grad():
                return net(torch.from_numpy(rgb).permute(0, 3, 1, 2).float()).numpy()

        return figures(embed, "checkpoint, with mirror image")
    import onnxruntime

    run = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])

    def both(rgb):
        ways = [run.run(None, {"input": np.ascontiguousarray(way.transpose(2, 0, 1))[None].astype(np.float32)})[0] for way in (rgb, rgb[:, ::-1])]
        return sum(way / np.linalg.norm(way) for way in ways)

    return figures(lambda rgb: np.concatenate([both(picture) for picture in rgb]), f"{file}, with mirror image")


def main(task, *rest):
    """Runs one task of the head of this file."""
    if task == "prepare":
        crops()
    elif task == "train":
        train(float(rest[0]))
    elif task == "export":
        crops_by_name, _ = validation()
        example = torch.from_numpy(next(iter(crops_by_name.values()))).permute(2, 0, 1)[None].float()
        export(trained(), example, "recogniser", ["input"], ["embedding"])
    elif task == "evaluate":
        evaluate(rest[0] if rest else str(PACK / "recogniser.onnx"))
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
