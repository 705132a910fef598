"""The recogniser: a small network that answers as the reference recogniser does.

    python recogniser.py prepare            # aligned faces of the training people
    python recogniser.py train MINUTES      # distil on fresh views; goes on from its checkpoint
    python recogniser.py export             # models/builtin/recogniser.onnx
    python recogniser.py evaluate [FILE]    # fold 5 and all pairs of validation people
    python recogniser.py pack               # the same where the pack's own detector and landmarks align

Function matching (Beyer et al. 2022): teacher and student see the same distorted view, and no view comes twice. A view is a
picture, a picture whose features are bent into somebody else's, or a blend of two people. The teacher runs in OpenVINO and
answers faster than the student learns. Besides the template, the student is led by what the teacher thinks half way (after its
third and its last stage), through projections that are thrown away after training. The program adds the templates of the picture
and of its mirror image; the teacher's answer is the same sum.
"""

import sys

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import alignment
import teachers
import views
from computing import DEVICE, autocast
from datasets import SEED, faces, folder, lfw, lfw_pairs
from exporting import PACK, export
from graphs import Graph
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


class Views:
    """Random views of the training faces, many at a time, on the device."""

    def __init__(self):
        stored = torch.from_numpy(np.array(crops())).permute(0, 3, 1, 2)
        self.faces, self.rng = stored.contiguous().to(DEVICE), np.random.default_rng(SEED)

    def somebody(self, count):
        """`count` faces: of somebody, of a blend of two people, or with the upper half of one and the lower of the other."""
        pictures = self.faces[torch.randint(len(self.faces), (count,), device=DEVICE)].float()
        two = views.part(count, 0.45, DEVICE)
        others = self.faces[torch.randint(len(self.faces), (len(two),), device=DEVICE)].float()
        turned = views.part(len(two), 0.5, DEVICE)
        others[turned] = others[turned].flip(3)
        share = views.uniform(len(two), 0.25, 0.75, DEVICE).expand(-1, 1, 160, 1).clone()
        halves = views.part(len(two), 0.3, DEVICE)
        rows = torch.arange(160, device=DEVICE).view(1, 1, -1, 1)
        share[halves] = torch.sigmoid((rows - views.uniform(len(halves), 70, 110, DEVICE)) / views.uniform(len(halves), 3, 10, DEVICE))
        pictures[two] = share * pictures[two] + (1 - share) * others
        return pictures

    def batch(self, size):
        """(what the student sees, what the teacher sees), each [size, 3, 112, 112] RGB with mirror images in the second half.

        One half of the views is the same for both. In the other the student's view is aligned a little wrong, as another detector
        would, and worn, and the teacher's is neither: so the student learns not to mind."""
        count = size // 2
        pictures = self.somebody(count)
        scale = 1 + 0.04 * torch.randn(count, device=DEVICE)
        angle, shift = torch.deg2rad(4 * torch.randn(count, device=DEVICE)), 2.2 * torch.randn(count, 2, device=DEVICE)
        apart = (torch.rand(count, device=DEVICE) < 0.5).float()
        field = torch.randn(count, 2, 5, 5, device=DEVICE) * views.uniform(count, 1.0, 3.2, DEVICE) * (torch.rand(count, 1, 1, 1, device=DEVICE) < 0.3)
        field = F.interpolate(field, (112, 112), mode="bicubic", align_corners=True)
        shown = views.warped(pictures, views.backwards(scale, angle, shift, 112, 160), 112, field)
        wrong = views.backwards(
            scale + 0.025 * apart * torch.randn(count, device=DEVICE),
            angle + torch.deg2rad(1.5 * apart * torch.randn(count, device=DEVICE)),
            shift + 1.2 * apart[:, None] * torch.randn(count, 2, device=DEVICE), 112, 160,
        )
        seen = views.warped(pictures, wrong, 112, field)
        tired = views.part(count, 0.55, DEVICE)
        seen[tired] = views.worn(seen[tired], self.rng)
        seen = seen.round()
        shown = torch.where(apart[:, None, None, None] > 0, shown, seen)
        return torch.cat([seen, seen.flip(3)]), torch.cat([shown, shown.flip(3)])


class Teacher:
    """The reference recogniser with its inner hints, for batches of one size: on the accelerator, or in OpenVINO, which is the
    fastest on a processor."""

    def __init__(self, size):
        name = "mobilefacenet_casia_112x96.onnx"
        if DEVICE.type == "cuda":
            self.net = Graph(name, ["embedding", *HINTS]).to(DEVICE, torch.float16).to(memory_format=torch.channels_last).eval()
            return
        import openvino

        model = openvino.Core().read_model(str(teachers.TEACHERS / name))
        model.add_outputs(list(HINTS))
        model.reshape([size, 3, 112, 96])
        settings = {"INFERENCE_PRECISION_HINT": "bf16", "INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1}
        net = openvino.Core().compile_model(model, "CPU", settings)
        self.net = lambda batch: [torch.from_numpy(np.array(part)) for part in net(batch.contiguous().numpy()).to_tuple()]

    @torch.no_grad()
    def __call__(self, x):
        """[size, 3, 112, 112] RGB 0-255, mirror images in the second half -> (templates of unit length, the same for both
        halves; middle hints; late hints)."""
        batch = (x[:, :, :, 8:104] - 127.5) / 128
        if DEVICE.type == "cuda":
            batch = batch.half().contiguous(memory_format=torch.channels_last)
        template, middle, late = (part.float() for part in self.net(batch))
        straight, mirrored = F.normalize(template).chunk(2)
        both = F.normalize(straight + mirrored)
        return torch.cat([both, both]), middle, late


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


def train(minutes, size=512 if DEVICE.type == "cuda" else 128):
    """Distils for `minutes` in all."""
    threads()
    net = Recogniser().to(DEVICE, memory_format=torch.channels_last).train()
    schedule = Schedule("recogniser", net, minutes, peak=3e-3, keep=0.9985)
    teacher, faces_ = Teacher(size), Views()
    while schedule.open():
        seen, shown = faces_.batch(size)
        templates, middle, late = teacher(shown)
        with autocast():
            guess, guessed_middle, guessed_late = net.stages(seen.contiguous(memory_format=torch.channels_last))
        y = F.normalize(guess.float())
        alike = (1 - (y * templates).sum(1)).mean()
        relation = ((y @ y.T - templates @ templates.T) ** 2).mean()
        hint = ((guessed_middle.float() - middle) ** 2).mean() / middle.var() + ((guessed_late.float() - late) ** 2).mean() / late.var()
        weight = 1 - 0.8 * min(1, schedule.used / minutes)
        schedule.step(2 * alike + 4 * relation + 0.5 * weight * hint, lambda: f"alike {1 - alike.item():.4f} relation {relation.item():.5f} hint {hint.item():.3f}")


def trained():
    """The averaged weights of the checkpoint."""
    net = Recogniser()
    net.load_state_dict(torch.load(folder("recogniser") / "checkpoint.pt", weights_only=True, map_location="cpu")["mean"])
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


def pack():
    """The pack's recogniser and the reference one on pictures that the pack's detector and landmarks aligned."""
    import landmarks

    global validation
    aligner, (crops_by_name, people) = landmarks.Aligner(), validation()
    own = {name: aligner(cv2.imread(name)) for name in crops_by_name}
    own = {name: np.zeros_like(crops_by_name[name]) if crop is None else crop for name, crop in own.items()}
    validation = lambda: (own, people)
    evaluate("teacher")
    evaluate(str(PACK / "recogniser.onnx"))


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
    elif task == "pack":
        pack()
    elif task == "evaluate":
        evaluate(rest[0] if rest else str(PACK / "recogniser.onnx"))
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
