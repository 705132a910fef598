"""Synthetic pictures of MRZ lines: OCR-B text of documents that do not exist, printed, photographed and cut out.

The font is read from the folder that VISAVIS_OCRB_DIR names: the six OpenType files of Debian's `fonts-ocr-b` (outlines by
Norbert Schwarz, free to use, modify and distribute; Matthew Skala's version in the public domain). Fonts are not part of
the project.

A line picture is 32 high and 640 wide, grey 0-1: the cut line scaled to height 32 (narrower than in nature where it would
be wider than 640) and continued to the right with the mean of its border.
"""

import os
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

HEIGHT, WIDTH = 32, 640
SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
BLANK = len(SYMBOLS)
FONTS = Path(os.environ.get("VISAVIS_OCRB_DIR", "/usr/share/fonts/opentype/ocr-b"))
CELL = (40, 56)  # width (one pitch, 2.54 mm) and height of a drawn symbol
STATES = "UTO D GBR USA FRA ESP ITA NLD BEL POL CZE AUT CHE SWE NOR FIN CAN AUS JPN CHN IND BRA ZAF EGY TUR UKR LVA LTU EST HUN XXC".split()


def check_digit(text):
    """The check digit of Doc 9303: weights 7, 3, 1, modulo 10."""
    values = [0 if c == "<" else int(c) if c.isdigit() else ord(c) - 55 for c in text]
    return str(sum(value * (7, 3, 1)[at % 3] for at, value in enumerate(values)) % 10)


def word(rng, least, most, letters="ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
    """Random letters."""
    return "".join(rng.choice(list(letters), rng.integers(least, most + 1)))


def date(rng):
    """YYMMDD and its check digit."""
    text = f"{rng.integers(100):02}{rng.integers(1, 13):02}{rng.integers(1, 29):02}"
    return text + check_digit(text)


def names(rng, width):
    """Primary and secondary identifiers, filled or cut to `width`."""
    text = "<".join(word(rng, 2, 11) for _ in range(rng.integers(1, 3))) + "<<" + "<".join(word(rng, 2, 9) for _ in range(rng.integers(1, 4)))
    return text.ljust(width, "<")[:width]


def optional(rng, width):
    """Optional data: often empty."""
    if rng.random() < 0.4:
        return "<" * width
    return word(rng, 1, width, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<" if rng.random() < 0.5 else "0123456789").ljust(width, "<")[:width]


def document(rng):
    """The lines of one lawful document: (kind, lines) of TD1, TD2, TD3, MRVA or MRVB."""
    kind = str(rng.choice(["TD1", "TD2", "TD3", "MRVA", "MRVB"], p=[0.25, 0.15, 0.4, 0.1, 0.1]))
    state = lambda: str(rng.choice(STATES)).ljust(3, "<")
    number = word(rng, 6, 9, "0123456789" if rng.random() < 0.5 else "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ").ljust(9, "<")
    number += check_digit(number)
    sex, birth, expiry = str(rng.choice(list("MF<"))), date(rng), date(rng)
    if kind == "TD1":
        spare, second = optional(rng, 15), optional(rng, 11)
        first = f"{rng.choice(['I<', 'ID', 'IP', 'AC', 'C<'])}{state()}{number}{spare}"
        middle = f"{birth}{sex}{expiry}{state()}{second}"
        total = check_digit(first[5:30] + birth + expiry + second)
        return kind, [first, middle + total, names(rng, 30)]
    width = 36 if kind in ("TD2", "MRVB") else 44
    code = rng.choice(["V<", "VI", "VC"]) if kind.startswith("MRV") else rng.choice(["P<", "PP", "PD", "PO"]) if kind == "TD3" else rng.choice(["I<", "ID", "C<"])
    first = f"{code}{state()}{names(rng, width - 5)}"
    second = f"{number}{state()}{birth}{sex}{expiry}"
    if kind == "TD3":
        spare = optional(rng, 14)
        second += spare + (check_digit(spare) if rng.random() < 0.7 or spare.strip("<") else "<")
        second += check_digit(second[:10] + second[13:20] + second[21:43])
    elif kind == "TD2":
        second += optional(rng, 7)
        second += check_digit(second[:10] + second[13:20] + second[21:35])
    else:
        second += optional(rng, width - len(second))
    return kind, [first, second]


def loaded_fonts():
    """Alphabets [variants, 37, height, width] of ink, 0-1: three outlines in five weights each."""
    alphabets = []
    for name in ("OCRB", "OCRBS", "OCRBF"):
        font = ImageFont.truetype(str(FONTS / f"{name}.otf"), round(CELL[0] / 34.703125 * 48))
        cells = []
        for symbol in SYMBOLS:
            image = Image.new("L", (CELL[0] + 16, CELL[1]), 0)
            ImageDraw.Draw(image).text((8, 0), symbol, font=font, fill=255)
            cells.append(np.asarray(image, np.float32) / 255)
        cells = np.stack(cells)
        if name == "OCRBF":  # an outline alone: filled where the plain face is ink
            cells = np.maximum(cells, alphabets[0])
        alphabets.append(cells)
    weights = []
    for cells in alphabets:
        for grow in (-2, -1, 0, 1, 2):
            kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (1 + abs(grow), 1 + abs(grow)))
            change = cv2.erode if grow < 0 else cv2.dilate
            weights.append(np.stack([change(cell, kernel) for cell in cells]))
    return np.stack(weights)


class Printer:
    """Draws blocks of MRZ lines and photographs them."""

    def __init__(self):
        self.alphabets = loaded_fonts()

    def ink(self, rng, text, pitch_noise=0.0):
        """One line of ink, [CELL height, pitches * CELL width + 16]."""
        alphabet = self.alphabets[rng.integers(len(self.alphabets))]
        line = np.zeros((CELL[1], CELL[0] * len(text) + 16), np.float32)
        for at, symbol in enumerate(text):
            cell = alphabet[SYMBOLS.index(symbol)]
            shift = round(rng.normal(0, pitch_noise)) if pitch_noise else 0
            left = max(0, at * CELL[0] + shift)
            part = line[:, left : left + cell.shape[1]]
            np.maximum(part, cell[:, : part.shape[1]], out=part)
        return line

    def block(self, rng, lines):
        """Ink of all lines at the pitch of lines that Doc 9303 gives (6.35 mm for 2 lines, about 6 mm for 3), with a
        margin; -> (picture, rows of the tops of the lines)."""
        noise = rng.uniform(0, 0.8) if rng.random() < 0.3 else 0.0
        drawn = [self.ink(rng, line, noise) for line in lines]
        step = round(CELL[0] * (2.5 if len(lines) == 2 else 2.36) * rng.uniform(0.93, 1.07))
        margin = CELL[0] * 2
        page = np.zeros((2 * margin + step * (len(lines) - 1) + CELL[1], drawn[0].shape[1] + 2 * margin), np.float32)
        for at, line in enumerate(drawn):
            page[margin + at * step : margin + at * step + CELL[1], margin : margin + line.shape[1]] = line
        return page, [margin + at * step for at in range(len(lines))]


def security_print(rng, height, width):
    """Background of a document: fine waves, a tint that changes, grain; 0 is none."""
    page = np.zeros((height, width), np.float32)
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    if rng.random() < 0.5:
        for _ in range(rng.integers(1, 4)):
            period, angle = rng.uniform(6, 60), rng.uniform(0, np.pi)
            wave = rng.uniform(0, 15) * np.sin(columns / rng.uniform(20, 120))
            page += rng.uniform(0.01, 0.09) * np.sin((rows * np.cos(angle) + columns * np.sin(angle) + wave) * 2 * np.pi / period)
    if rng.random() < 0.5:
        cells = (int(rng.integers(2, 6)), int(rng.integers(3, 14)))
        page += rng.uniform(0.02, 0.12) * cv2.resize(rng.standard_normal(cells, np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    return page


SMALL = 0.5  # of CELL: drawn pages are halved, enough for symbols of 18 px


def photograph(rng, printer, lines, hard=1.0, fixed=None):
    """A camera's picture of a block of lines.

    - `hard`: scales the chance and depth of faults.
    - `fixed`: None, or a dictionary `noise` (σ in levels), `blur` (σ in camera pixels), `lean` (degrees), `cap` (height of
      capitals in camera pixels) for measuring.
    -> (grey uint8 picture, map 3x3 from block to picture, tops of lines in the block, size of the block)."""
    page, tops = printer.block(rng, lines)
    stretch = rng.uniform(0.9, 1.1) if fixed is None and rng.random() < 0.4 else 1.0  # a scan that keeps no proportions
    page = cv2.resize(page, None, fx=SMALL, fy=SMALL * stretch, interpolation=cv2.INTER_AREA)
    tops = [top * SMALL * stretch for top in tops]
    height, width = page.shape
    if fixed is None:
        cap = np.exp(rng.uniform(np.log(4.8), np.log(30)))
        lean = rng.normal(0, 8, 2) * hard
        blur = rng.uniform(0, 0.11) * cap * hard if rng.random() < 0.7 else 0.0
        noise = np.exp(rng.uniform(np.log(0.5), np.log(14 if cap > 8 else 5))) * hard
        turn = np.radians(rng.normal(0, 2.5))
    else:
        cap, blur, noise = fixed["cap"], fixed["blur"], fixed["noise"]
        direction = rng.uniform(0, 2 * np.pi)
        lean = fixed["lean"] * np.array([np.cos(direction), np.sin(direction)])
        turn = np.radians(rng.normal(0, 1.5))
    scale = cap / (0.66 * CELL[1] * SMALL)
    ink = page * rng.uniform(0.45, 0.95)
    paper = rng.uniform(0.55, 0.95)
    if rng.random() < 0.1 * hard and fixed is None:
        ink = ink * np.clip(1 + 0.8 * cv2.resize(rng.standard_normal((6, 60), np.float32), (width, height)), 0.3, 1)
    picture = (paper + security_print(rng, height, width)) * (1 - ink) + 0.05
    picture = np.clip(picture, 0, 1)
    # Perspective: the page leans about its middle, seen from three of its widths away.
    tilt, pan = np.radians(lean)
    away = rng.uniform(1.2, 3) * width
    corners = np.array([[-width / 2, -height / 2], [width / 2, -height / 2], [width / 2, height / 2], [-width / 2, height / 2]])
    x, y = corners[:, 0] * np.cos(pan), corners[:, 1] * np.cos(tilt)
    z = away + corners[:, 0] * np.sin(pan) + corners[:, 1] * np.sin(tilt)
    x, y = x * away / z, y * away / z
    x, y = scale * (x * np.cos(turn) - y * np.sin(turn)), scale * (x * np.sin(turn) + y * np.cos(turn))
    left, top = x.min() - 3, y.min() - 3
    size = (int(x.max() - left + 4), int(y.max() - top + 4))
    target = np.stack([x - left, y - top], 1).astype(np.float32)
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    map_ = cv2.getPerspectiveTransform(source, target)
    if scale < 0.8:
        picture = cv2.GaussianBlur(picture, (0, 0), 0.4 / scale)
    camera = cv2.warpPerspective(picture.astype(np.float32), map_, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    camera = camera * 255
    tall, wide = camera.shape
    if rng.random() < (0.5 * hard if fixed is None else 0.3):
        across, down = np.linspace(-1, 1, wide)[None], np.linspace(-1, 1, tall)[:, None]
        camera = camera * (1 + rng.uniform(-0.4, 0.4) * across + rng.uniform(-0.2, 0.2) * down).astype(np.float32)
    if fixed is None and rng.random() < 0.2 * hard:  # glare that does not wholly hide the ink
        rows, columns = np.mgrid[:tall, :wide].astype(np.float32)
        spread = rng.uniform(0.5, 3) * tall
        glow = np.exp(-(((columns - rng.uniform(0, wide)) / spread) ** 2 + ((rows - rng.uniform(0, tall)) / (spread * rng.uniform(0.3, 1))) ** 2))
        camera = camera * (1 - rng.uniform(0, 0.5) * glow) + rng.uniform(60, 200) * glow
    if fixed is None and rng.random() < 0.15 * hard:
        camera = camera * (1 - rng.uniform(0.2, 0.6) / (1 + np.exp(-(np.arange(wide) - rng.uniform(0, wide)) / rng.uniform(1, 30))))[None]
    if fixed is None and rng.random() < 0.25 * hard:  # stored smaller, or larger, than it was
        share = rng.uniform(max(0.35, min(0.95, 5 / cap)), 1.0) if cap > 6 else rng.uniform(1.2, 2)
        ways = [cv2.INTER_AREA, cv2.INTER_CUBIC, cv2.INTER_LINEAR]
        small = cv2.resize(camera, (max(8, int(wide * share)), max(4, int(tall * share))), interpolation=ways[rng.integers(3)])
        if rng.random() < 0.5:
            small = cv2.imdecode(cv2.imencode(".jpg", np.clip(small, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 90))])[1], cv2.IMREAD_GRAYSCALE)
        camera = cv2.resize(small.astype(np.float32), (wide, tall), interpolation=ways[1 + rng.integers(2)])
    if blur > 0.2:
        camera = cv2.GaussianBlur(camera, (0, 0), blur)
    if fixed is None and rng.random() < 0.12 * hard:
        length = max(2, int(cap * rng.uniform(0.08, 0.25)))
        camera = cv2.filter2D(camera, -1, np.full((1, length) if rng.random() < 0.5 else (length, 1), 1 / length, np.float32))
    if fixed is None:
        camera = (camera - 128) * rng.uniform(0.35, 1.1) + 128 + rng.uniform(-60, 40)
    camera = np.clip(camera, 0, 255) + noise * rng.standard_normal(camera.shape, np.float32)
    if fixed is None and rng.random() < 0.25:
        camera = camera + rng.uniform(0.3, 1.5) * (camera - cv2.GaussianBlur(camera, (0, 0), 1.2))
    camera = np.clip(camera, 0, 255).astype(np.uint8)
    if fixed is None and rng.random() < 0.5:
        camera = cv2.imdecode(cv2.imencode(".jpg", camera, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(30, 95))])[1], cv2.IMREAD_GRAYSCALE)
    return camera, map_, tops, (width, height)


def line_picture(camera, quad):
    """The line that lies in `quad` (corners from the top left, clockwise, camera pixels) as the network sees it: (float32
    [32, 640] 0-1, the map 3x3 from the camera's pixels to the line's)."""
    quad = np.asarray(quad, np.float32)
    wide = (np.linalg.norm(quad[1] - quad[0]) + np.linalg.norm(quad[2] - quad[3])) / 2
    tall = max(1.0, (np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])) / 2)
    width = int(np.clip(round(wide * HEIGHT / tall), 32, WIDTH))
    source_scale = tall / HEIGHT
    if source_scale > 1.5:
        camera = cv2.GaussianBlur(camera, (0, 0), 0.3 * source_scale)
    target = np.array([[0, 0], [width, 0], [width, HEIGHT], [0, HEIGHT]], np.float32)
    map_ = cv2.getPerspectiveTransform(quad - 0.5, target - 0.5)
    line = cv2.warpPerspective(camera, map_, (width, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.float32) / 255
    border = np.concatenate([line[0], line[-1], line[:, 0], line[:, -1]]).mean()
    full = np.full((HEIGHT, WIDTH), border, np.float32)
    full[:, :width] = line
    return full, map_


def cuts(rng, lines, camera, map_, tops, loose=1.0):
    """Every line of a photograph cut with the faults of a layout finder (`loose` scales them): (line pictures, columns of
    the middles of their symbols)."""
    pictures, columns = [], []
    for text, top in zip(lines, tops):
        cell_w, cell_h = CELL[0] * SMALL, CELL[1] * SMALL
        start = CELL[0] * 2 * SMALL + 8 * SMALL
        length = cell_w * len(text)
        middle = top + 0.6 * cell_h  # about the middle of capitals
        tall = cell_w * 2.2 * np.exp(rng.normal(0.03, 0.15) * loose)  # 5.6 mm in nature
        shift = rng.normal(0, 0.06) * loose * tall
        before, after = np.clip(rng.normal(0.6, 0.4 * loose, 2), 0.08, 2.0) * cell_w
        slant = np.clip(rng.normal(0, 0.06), -0.12, 0.12) * loose * tall
        quad = np.array([
            [start - before, middle + shift - tall / 2 - slant], [start + length + after, middle + shift - tall / 2 + slant],
            [start + length + after, middle + shift + tall / 2 + slant], [start - before, middle + shift + tall / 2 - slant],
        ], np.float32)
        if loose:
            quad += rng.normal(0, 0.025 * loose, (4, 2)).astype(np.float32) * tall
        picture, seen = line_picture(camera, cv2.perspectiveTransform(quad[None], map_)[0])
        middles = np.array([[start + (at + 0.5) * cell_w, middle] for at in range(len(text))], np.float32)
        pictures.append(picture)
        columns.append(cv2.perspectiveTransform(middles[None], seen @ map_)[0, :, 0])
    return pictures, columns


def some_lines(rng):
    """Lines to print: a document's, or as many random ones."""
    if rng.random() < 0.6:
        return document(rng)[1]
    width, count = ((30, 3), (36, 2), (44, 2))[rng.integers(3)]
    alphabet = list(SYMBOLS) + ["<"] * int(rng.integers(0, 20))
    return ["".join(rng.choice(alphabet, width)) for _ in range(count)]
