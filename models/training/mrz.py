"""The reader of MRZ lines: a small fully convolutional network whose columns name symbols.

    python mrz.py train MINUTES      # lines are drawn while it learns; goes on from its checkpoint
    python mrz.py export             # models/builtin/mrz.onnx
    python mrz.py evaluate [FILE]    # held-back synthetic lines
    python mrz.py documents [FILE]   # lines of the specimen pictures, cut by their known places where there are any

Needs VISAVIS_OCRB_DIR, see mrz_lines.py. Contract of the family `mrz-ctc`: input `input` 1 x 3 x 32 x 640, RGB 0-1 (the file makes it grey), a
line scaled to height 32 and continued with the mean of its border; output `logits` 1 x 160 x 38: 0-9, A-Z, <, blank. Read greedily:
the best symbol of every column, repetitions merged, blanks dropped; the confidence of a symbol is the highest softmax
probability among its columns.
"""

import json
import sys

import cv2
import numpy as np
import torch
from scipy.stats import beta
from torch import nn
from torch.nn import functional as F

import mrz_lines
import views
from computing import DEVICE, Makers, Pool
from datasets import REFERENCE, SEED
from exporting import PACK, export
from mrz_lines import BLANK, HEIGHT, SYMBOLS, WIDTH
from schedule import Schedule, threads

COLUMNS, LONGEST = WIDTH // 4, 44
BAR = {"noise": 8.06, "blur": 2.0, "lean": 10.0}  # 30 dB
MEASURED_DOCUMENTS = 300


def conv(inner, outer, size, stride=1, pad=None, groups=1):
    """Convolution, batch normalisation, ReLU."""
    size = (size, size) if isinstance(size, int) else size
    pad = (size[0] // 2, size[1] // 2) if pad is None else pad
    return nn.Sequential(nn.Conv2d(inner, outer, size, stride, pad, groups=groups, bias=False), nn.BatchNorm2d(outer), nn.ReLU(inplace=True))


class Along(nn.Module):
    """Looks five columns wide, around a shortcut."""

    def __init__(self, width):
        super().__init__()
        self.body = nn.Sequential(conv(width, width, (1, 5), groups=width), nn.Conv2d(width, width, 1, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        return F.relu(x + self.body(x))


class Reader(nn.Module):
    """About 70 million multiplications a line."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            conv(1, 24, 5, 2), conv(24, 48, 3, 2), conv(48, 48, 3), conv(48, 64, 3, (2, 1)), conv(64, 96, 3, (2, 1)),
            conv(96, 192, (2, 3), pad=(0, 1)), Along(192), Along(192), Along(192), Along(192),
        )
        self.last = nn.Conv2d(192, BLANK + 1, 1)

    def forward(self, x):
        return self.last(self.body((x - 0.5) * 4)).squeeze(2).permute(0, 2, 1)


class Grey(nn.Module):
    """The reader as the program feeds it: three planes, RGB 0-1."""

    def __init__(self, net):
        super().__init__()
        self.net = net
        self.register_buffer("weights", torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1))

    def forward(self, x):
        return self.net((x * self.weights).sum(1, keepdim=True))


class Lines:
    """Random lines for training, as a worker process prepares them."""

    def __init__(self):
        self.printer, self.stock = mrz_lines.Printer(), []

    def __call__(self, rng, count=64):
        """(pictures [n, 1, 32, 640] 0-255, what each column says [n, 160], symbols [n, 44] with -1 behind the last)."""
        while len(self.stock) < 4 * count:
            lines = mrz_lines.some_lines(rng)
            camera, map_, tops, _ = mrz_lines.photograph(rng, self.printer, lines, rng.uniform(0.3, 1))
            pictures, columns = mrz_lines.cuts(rng, lines, camera, map_, tops)
            self.stock.extend(zip(pictures, lines, columns))
        picks = [self.stock.pop(rng.integers(len(self.stock))) for _ in range(count)]
        pictures = np.stack([np.clip(255 * p, 0, 255).round().astype(np.uint8) for p, _, _ in picks])[:, None]
        symbols = np.full((count, LONGEST), -1, np.int64)
        for row, (_, text, _) in enumerate(picks):
            symbols[row, : len(text)] = [SYMBOLS.index(c) for c in text]
        return pictures, placed([t for _, t, _ in picks], [c for _, _, c in picks]).numpy(), symbols


def placed(texts, columns):
    """What each column should say where that is known (-1 elsewhere): the symbol at its middle, blank half way between."""
    wanted = torch.full((len(texts), COLUMNS), -1)
    for row, (text, middles) in enumerate(zip(texts, columns)):
        at = np.round((middles - 2) / 4).astype(int)
        between = np.floor(((middles[1:] + middles[:-1]) / 2 - 2) / 4 + 0.5).astype(int)
        for column in [*between, *range(0, max(0, at[0] - 3)), *range(at[-1] + 4, COLUMNS)]:
            if 0 <= column < COLUMNS:
                wanted[row, column] = BLANK
        for column, symbol in zip(at, text):
            if 0 <= column < COLUMNS:
                wanted[row, column] = SYMBOLS.index(symbol)
    return wanted


def train(minutes, size=128 if DEVICE.type == "cuda" else 32):
    """Learns for `minutes` in all: where each symbol stands, at first, and the text as a whole (CTC)."""
    threads()
    net = Reader().to(DEVICE, memory_format=torch.channels_last).train()
    makers = Makers(Lines(), 11)
    pool = Pool(makers, 200_000 if DEVICE.type == "cuda" else 20_000, 4 * size)
    schedule = Schedule("mrz", net, minutes, peak=4e-3, decay=1e-3, keep=0.995, warm=60)
    while schedule.open():
        share = schedule.used / minutes
        pictures, columns, symbols = pool.some(size)
        gain, lift = views.uniform(size, 0.8, 1.15, DEVICE), views.uniform(size, -0.1, 0.1, DEVICE)
        x = ((pictures / 255 - 0.5) * gain + 0.5 + lift).clamp(0, 1).contiguous(memory_format=torch.channels_last)
        logits = net(x)
        flat = F.cross_entropy(logits.reshape(-1, BLANK + 1), columns.reshape(-1), ignore_index=-1)
        lengths = (symbols >= 0).sum(1)
        whole = F.ctc_loss(logits.log_softmax(2).permute(1, 0, 2), symbols.clamp(min=0), torch.full_like(lengths, COLUMNS), lengths, BLANK, zero_infinity=True)
        schedule.step(max(0.1, 1 - 2 * share) * flat + (0.3 + share) * whole, lambda: f"columns {flat.item():.4f} ctc {whole.item():.4f}")
        if schedule.steps % 10 == 0:
            pool.refresh()
    print(f"{pool.seen} lines", flush=True)
    makers.stop()


def read(logits):
    """[160, 38] -> (text, confidence of each symbol 0-1)."""
    powers = np.exp(logits - logits.max(1, keepdims=True))
    powers /= powers.sum(1, keepdims=True)
    best, text, sure, last = powers.argmax(1), [], [], BLANK
    for column, symbol in enumerate(best):
        if symbol != BLANK:
            if symbol != last:
                text.append(SYMBOLS[symbol])
                sure.append(0.0)
            sure[-1] = max(sure[-1], float(powers[column, symbol]))
        last = symbol
    return "".join(text), sure


DIGITS, LETTERS = dict(zip("OQDIZSGBL", "000125681")), dict(zip("01258643", "OIZSBGAB"))


def kinds_of(kind, line):
    """What each place of a line may hold: 9 digit or filler, A letter or filler, ? anything."""
    if kind == "TD1":
        return ("AAAAA" + "?" * 9 + "9" + "?" * 15, "9999999A9999999AAA" + "?" * 11 + "9", "A" * 30)[line]
    width = 36 if kind in ("TD2", "MRVB") else 44
    if line == 0:
        return "A" * width
    tail = {"TD3": "?" * 14 + "99", "TD2": "?" * 7 + "9"}.get(kind, "?" * (width - 28))
    return "?" * 9 + "9AAA9999999A9999999" + tail


def corrected(kind, lines):
    """Lines with impossible symbols replaced by their twins, and the document number mended where one twin satisfies its
    check digit: what the program's parser does too, in its simplest form."""
    mended = []
    for place, line in enumerate(lines):
        places = kinds_of(kind, place)
        if len(line) != len(places):
            return lines
        line = "".join(DIGITS.get(c, c) if what == "9" else LETTERS.get(c, c) if what == "A" else c for c, what in zip(line, places))
        start = {("TD1", 0): 5}.get((kind, place), 0 if kind != "TD1" and place == 1 else None)
        if start is not None and mrz_lines.check_digit(line[start : start + 9]) != line[start + 9]:
            tries = []
            for at in range(start, start + 9):
                twin = DIGITS.get(line[at]) or LETTERS.get(line[at])
                if twin:
                    tries.append(line[:at] + twin + line[at + 1 :])
            fitting = [one for one in tries if mrz_lines.check_digit(one[start : start + 9]) == one[start + 9]]
            line = fitting[0] if len(fitting) == 1 else line
        mended.append(line)
    return mended


def distance(a, b):
    """Edits between two texts."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def stated(right, count):
    """A share with its exact 95 % interval and count."""
    low = beta.ppf(0.025, right, count - right + 1) if right else 0.0
    high = beta.ppf(0.975, right + 1, count - right) if right < count else 1.0
    return f"{100 * right / count:.3f} % ({right} of {count}; {100 * low:.3f}-{100 * high:.3f})"


def measure(answer, label, fixed, loose=0.6, documents=MEASURED_DOCUMENTS, seed=12):
    """Reads held-back documents photographed under `fixed` conditions (None: as in training) and prints what was right."""
    rng, printer = np.random.default_rng([SEED, seed]), mrz_lines.Printer()
    symbols = wrong = lines_right = lines_mended = count = 0
    for _ in range(documents):
        kind, lines = mrz_lines.document(rng)
        camera, map_, tops, _ = mrz_lines.photograph(rng, printer, lines, 1.0, fixed)
        pictures, _ = mrz_lines.cuts(rng, lines, camera, map_, tops, loose)
        said = [read(answer(picture))[0] for picture in pictures]
        mended = corrected(kind, said)
        for true, raw, better in zip(lines, said, mended):
            count += 1
            symbols += len(true)
            wrong += min(len(true), distance(raw, true))
            lines_right += raw == true
            lines_mended += better == true
    print(f"{label}: symbols {stated(symbols - wrong, symbols)}; lines {stated(lines_right, count)}; after correction {stated(lines_mended, count)}", flush=True)


def trained():
    """The averaged weights of the checkpoint."""
    from datasets import folder

    net = Reader()
    net.load_state_dict(torch.load(folder("mrz") / "checkpoint.pt", weights_only=True, map_location="cpu")["mean"])
    return net.eval()


def reader(file):
    """Line picture -> logits, by an ONNX file or by `checkpoint`."""
    if file == "checkpoint":
        net = trained()

        def answer(picture):
            with torch.no_grad():
                return net(torch.from_numpy(picture)[None, None])[0].numpy()

        return answer
    import onnxruntime

    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    return lambda picture: session.run(None, {"input": np.repeat(picture[None, None], 3, 1)})[0][0]


def evaluate(answer):
    """Held-back documents at the bar's conditions and around them."""
    for cap in (16, 20, 24, 30):
        measure(answer, f"30 dB, blur 2 px, 10 degrees, capitals {cap} px high", {**BAR, "cap": cap})
    for cap in (10, 14, 20):
        measure(answer, f"30 dB, blur 0.8 px, 10 degrees, capitals {cap} px high", {**BAR, "blur": 0.8, "cap": cap}, documents=150)
    measure(answer, "30 dB, blur 1.5 px, 20 degrees, capitals 20 px high", {"noise": 8.06, "blur": 1.5, "lean": 20.0, "cap": 20}, documents=150)
    measure(answer, "24 dB, blur 1.5 px, 10 degrees, capitals 20 px high", {"noise": 16.1, "blur": 1.5, "lean": 10.0, "cap": 20}, documents=150)
    measure(answer, "random faults as in training (glare, shade, JPEG, contrast, 8-30 px)", None, 1.0)


def bands(picture, quad, count):
    """The line quads of an MRZ whose corners are known: equal bands of its height."""
    quad, quads = np.asarray(quad, np.float32), []
    for at in range(count):
        # The zone's box reaches from the top of the first line's symbols to the foot of the last line's.
        low, high = (at, at + 1) if count == 1 else (at / (count - 0.4), (at + 0.6) / (count - 0.4))
        spare = 0.45 * (high - low)
        low, high = low - spare, high + spare
        down = lambda share: (quad[0] + share * (quad[3] - quad[0]), quad[1] + share * (quad[2] - quad[1]))
        (a, b), (d, c) = down(low), down(high)
        along = (b - a) * 0.008
        quads.append(np.array([a - along, b + along, c + along, d - along]))
    return quads


def documents(answer):
    """The drawn pages and frames whose MRZ corners are stated: reported, never learnt from."""
    home = REFERENCE / "documents" / "images" / "generated"
    total = hits = 0
    for entry in json.loads((home / "manifest.json").read_text()):
        lines = entry.get("text")
        quad = entry.get("mrz_quad") or entry.get("mrz_box")
        if not lines or not quad or entry["kind"] in ("DLBACK", "PDF417", "NONE"):
            continue
        lines = lines if isinstance(lines, list) else lines.split("\n")
        camera = cv2.imread(str(home / entry["file"]), cv2.IMREAD_GRAYSCALE)
        quad = np.asarray(quad, np.float32)
        if quad.size == 4:
            x, y, w, h = quad.ravel()
            quad = np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], np.float32)
        said = [read(answer(mrz_lines.line_picture(camera, part)[0]))[0] for part in bands(camera, quad, len(lines))]
        right = [a == b for a, b in zip(said, lines)]
        hits, total = hits + sum(right), total + len(right)
        wrong = sum(distance(a, b) for a, b in zip(said, lines))
        print(f"{entry['file']} ({entry.get('condition')}): {sum(right)} of {len(right)} lines, {wrong} edits", flush=True)
    print(f"drawn pages and frames: lines {stated(hits, total)}")


def main(task, *rest):
    """Runs one task of the head of this file."""
    threads()
    file = rest[0] if rest else str(PACK / "mrz.onnx")
    if task == "train":
        train(float(rest[0]))
    elif task == "export":
        picture = Lines()(np.random.default_rng([SEED, 13]), 1)[0]
        example = torch.from_numpy(picture).float().repeat(1, 3, 1, 1) / 255
        export(Grey(trained()), example, "mrz", ["input"], ["logits"])
    elif task == "evaluate":
        evaluate(reader(file))
    elif task == "documents":
        documents(reader(file))
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
