"""Presentations mixed and bent on the device, so that a network learns what a medium looks like wherever it is, and not only the
outlines that the simulation draws.

A part of an attack, under a random outline, is laid into a genuine view. No outline here follows a face: nothing stands in
for a species that was left out. Views are float tensors [n, 3, side, side]; nothing waits for the device.
"""

import torch
from torch.nn import functional as F


def fields(count, side, cells, device):
    """[count, side, side] smooth random values of unit variance, whose features are about `side` / `cells` pixels."""
    coarse = torch.randn(count, 1, cells + 3, cells + 3, device=device)
    whole = F.interpolate(coarse, size=side * (cells + 3) // cells, mode="bicubic", align_corners=False)
    low = (whole.shape[2] - side) // 2
    part = whole[:, 0, low : low + side, low : low + side]
    return (part - part.mean((1, 2), keepdim=True)) / (part.std((1, 2), keepdim=True) + 1e-6)


def of_sizes(count, side, sizes, device):
    """`fields` of several sizes, as many of each."""
    return torch.cat([fields(len(part), side, cells, device) for part, cells in zip(torch.arange(count).tensor_split(len(sizes)), sizes) if len(part)])


def free_forms(count, side, device):
    """[count, side, side] covers 0-1 of random shapes, the places where a smooth random field is high: 20 to 80 % of the view,
    edges hard to soft."""
    share = torch.rand(count, 1, 1, device=device) * 0.6 + 0.2
    limit = -(2**0.5) * torch.erfinv(2 * share - 1)
    steep = torch.exp(torch.rand(count, 1, 1, device=device) * 3 + 1.2)  # 3 to 66 per unit of the field
    return torch.sigmoid((of_sizes(count, side, (2, 3, 5), device) - limit) * steep)


def rectangles(count, side, device):
    """[count, side, side] covers of random rectangles."""
    size = torch.rand(count, 2, device=device) * 0.7 + 0.2
    low = torch.rand(count, 2, device=device) * (1.2 - size) - 0.1
    at = (torch.arange(side, device=device) + 0.5) / side
    down, along = (((at > low[:, k : k + 1]) & (at < (low + size)[:, k : k + 1])).float() for k in (0, 1))
    return down[:, :, None] * along[:, None, :]


def covers(count, side, device):
    """Covers to mix by: three free forms for every rectangle."""
    angular = torch.rand(count, 1, 1, device=device) < 0.25
    return torch.where(angular, rectangles(count, side, device), free_forms(count, side, device))


def bent(x, most):
    """Views as through glass that bends: displaced smoothly, by up to about `most` pixels."""
    count, side, device = len(x), x.shape[2], x.device
    strength = torch.rand(count, 1, 1, device=device) * most / side
    at = (torch.arange(side, device=device) + 0.5) / side * 2 - 1
    rows, columns = torch.meshgrid(at, at, indexing="ij")
    across, down = (strength * of_sizes(count, side, (2, 4), device) for _ in range(2))
    return F.grid_sample(x, torch.stack([columns + across, rows + down], 3), mode="bilinear", padding_mode="reflection", align_corners=False)
