"""Random views of many pictures at once, on the device: geometry, and what `distortions.py` does to one picture.

Pictures are float tensors [n, 3, height, width], 0-255. Effects that need one setting for all are applied to a random part
of the batch, with a fresh setting at every call.
"""

import functools

import torch
from torch.nn import functional as F


def uniform(count, low, high, device):
    """[count, 1, 1, 1] uniform values."""
    return torch.rand(count, 1, 1, 1, device=device) * (high - low) + low


def normal(count, spread, device, channels=1):
    """[count, channels, 1, 1] normal values."""
    return torch.randn(count, channels, 1, 1, device=device) * spread


def warped(pictures, maps, size, field=None, padding="border"):
    """`pictures` [n, 3, h, w] through `maps` [n, 2, 3], which lead from a pixel of the answer (continuous coordinates: the first
    pixel's centre is 0.5) to a pixel of the picture. `size` of the answer: a side, or (height, width); `field` [n, 2, *size] is
    added to the places in the picture."""
    height, width = pictures.shape[2:]
    down, along = (size, size) if isinstance(size, int) else size
    rows, columns = torch.meshgrid(torch.arange(down, device=pictures.device) + 0.5, torch.arange(along, device=pictures.device) + 0.5, indexing="ij")
    places = torch.stack([columns, rows, torch.ones_like(rows)], 2).reshape(1, -1, 3)
    at = (places @ maps.transpose(1, 2)).view(-1, down, along, 2)
    if field is not None:
        at = at + field.permute(0, 2, 3, 1)
    grid = at / torch.tensor([width, height], device=pictures.device) * 2 - 1
    return F.grid_sample(pictures, grid.to(pictures.dtype), mode="bilinear", padding_mode=padding, align_corners=False)


def backwards(scale, angle, shift, side, source):
    """[n, 2, 3] maps for `warped`: the answer shows the source about its middle, `scale` times as large, turned by `angle` and
    moved by `shift` [n, 2] pixels of the answer."""
    cosine, sine = torch.cos(angle) / scale, torch.sin(angle) / scale
    turn = torch.stack([torch.stack([cosine, sine], 1), torch.stack([-sine, cosine], 1)], 1)
    middle = source / 2 - (turn @ (side / 2 + shift)[:, :, None])[:, :, 0]
    return torch.cat([turn, middle[:, :, None]], 2)


def lit(x):
    """Exposure, contrast, white balance, saturation, and at times a light from one side."""
    count, device = len(x), x.device
    middle = x.mean((1, 2, 3), keepdim=True)
    x = (x - middle) * uniform(count, 0.65, 1.35, device) + middle + uniform(count, -35, 35, device) + 20 * (torch.rand(count, 3, 1, 1, device=device) - 0.5)
    grey = x.mean(1, keepdim=True)
    colour = uniform(count, 0.5, 1.4, device) * (torch.rand(count, 1, 1, 1, device=device) > 0.06)
    x = grey + (x - grey) * colour
    height, width = x.shape[2:]
    angle = uniform(count, 0, 6.2832, device)
    depth = uniform(count, 0.15, 0.5, device) * (torch.rand(count, 1, 1, 1, device=device) < 0.25)
    across = torch.linspace(-1, 1, width, device=device).view(1, 1, 1, -1) * torch.cos(angle) + torch.linspace(-1, 1, height, device=device).view(1, 1, -1, 1) * torch.sin(angle)
    return (x * (1 + depth * across)).clamp(0, 255)


def smoothed(x, sigma):
    """Gaussian blur, the same for all."""
    reach = 6  # always, so that one shape of convolution serves
    at = torch.arange(-reach, reach + 1, device=x.device, dtype=torch.float32)
    kernel = torch.exp(-(at**2) / (2 * sigma**2))
    kernel = (kernel / kernel.sum()).view(1, 1, -1)
    flat = x.reshape(-1, 1, *x.shape[2:])
    flat = F.conv2d(F.pad(flat, (reach, reach, 0, 0), mode="replicate"), kernel[:, :, None])
    return F.conv2d(F.pad(flat, (0, 0, reach, reach), mode="replicate"), kernel[:, :, :, None]).view_as(x)


def shrunken(x, share):
    """As if the original were smaller by `share`."""
    size = [max(8, int(side * share)) for side in x.shape[2:]]
    return F.interpolate(F.interpolate(x, size, mode="area"), x.shape[2:], mode="bilinear", align_corners=False)


LUMINANCE = [
    [16, 11, 10, 16, 24, 40, 51, 61], [12, 12, 14, 19, 26, 58, 60, 55], [14, 13, 16, 24, 40, 57, 69, 56], [14, 17, 22, 29, 51, 87, 80, 62],
    [18, 22, 37, 56, 68, 109, 103, 77], [24, 35, 55, 64, 81, 104, 113, 92], [49, 64, 78, 87, 103, 121, 120, 101], [72, 92, 95, 98, 112, 100, 103, 99],
]


@functools.cache
def _cosines(device):
    at = torch.arange(8, dtype=torch.float32, device=device)
    basis = torch.cos((2 * at[None] + 1) * at[:, None] * torch.pi / 16) / 2
    basis[0] /= 2**0.5
    return basis


def compressed(x, quality):
    """What JPEG of a `quality` (1-99) leaves of pictures whose sides are multiples of 16: colour at half the resolution, all planes
    quantised by the table of luminance (ITU-T T.81, annex K)."""
    device = x.device
    share = 50 / quality if quality < 50 else 2 - quality / 50
    table = (torch.tensor(LUMINANCE, device=device, dtype=torch.float32) * share).clamp(1, 255)
    red, green, blue = x.unbind(1)
    light = 0.299 * red + 0.587 * green + 0.114 * blue
    basis = _cosines(device)

    def plane(values):
        count, height, width = values.shape
        blocks = values.view(count, height // 8, 8, width // 8, 8).transpose(2, 3) - 128
        blocks = torch.round(basis @ blocks @ basis.T / table) * table
        return (basis.T @ blocks @ basis + 128).transpose(2, 3).reshape(count, height, width)

    def colour(values):
        half = plane(F.avg_pool2d(values[:, None], 2)[:, 0])
        return F.interpolate(half[:, None], scale_factor=2, mode="bilinear", align_corners=False)[:, 0]

    light, blueish, reddish = plane(light), colour(128 + 0.564 * (blue - light)) - 128, colour(128 + 0.713 * (red - light)) - 128
    return torch.stack([light + 1.402 * reddish, light - 0.344 * blueish - 0.714 * reddish, light + 1.772 * blueish], 1)


def part(count, share, device):
    """Places of a random `share` of a batch."""
    return torch.randperm(count, device=device)[: int(count * share)]


def worn(x, rng, share=0.3):
    """All that happens on the way from a face to a picture: light for every one; blur, noise and compression for a `share` each,
    in several portions with a setting each."""
    x, device = lit(x), x.device
    for portion in part(len(x), share, device).chunk(4):
        if len(portion):
            x[portion] = smoothed(x[portion], rng.uniform(0.4, 1.8)) if rng.random() < 0.5 else shrunken(x[portion], rng.uniform(0.3, 0.9))
    portion = part(len(x), share, device)
    x[portion] += torch.randn_like(x[portion]) * uniform(len(portion), 1, 9, device)
    for portion in part(len(x), share, device).chunk(4):
        if len(portion):
            x[portion] = compressed(x[portion].clamp(0, 255), rng.uniform(25, 90))
    return x.clamp(0, 255)
