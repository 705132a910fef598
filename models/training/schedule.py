"""Training by the clock: a time budget, a warm cosine learning rate, averaged weights, checkpoints that resume."""

import math
import os
import time

import torch

from computing import DEVICE
from datasets import SEED, folder

NOTED_EVERY = 20  # steps between looks at the loss: each look waits for the device


def threads():
    """Uses VISAVIS_TRAINING_THREADS threads (all cores otherwise) and the fixed seed."""
    wanted = int(os.environ.get("VISAVIS_TRAINING_THREADS", os.cpu_count()))
    torch.set_num_threads(wanted)
    torch.manual_seed(SEED)
    return wanted


class Schedule:
    """Steps a network until `minutes` of computing are used up.

        schedule = Schedule("recogniser", net, minutes=60, peak=4e-3)
        while schedule.open():
            loss = ...
            schedule.step(loss)
        net = schedule.averaged()

    A checkpoint is written every minute and taken up again when it is there; `minutes` counts over all tries, so that
    a longer second try goes on where the first stopped, at the learning rate that is due.
    """

    def __init__(self, name, net, minutes, peak, decay=5e-4, warm=200, keep=0.999):
        self.net, self.minutes, self.peak, self.warm, self.keep = net, minutes, peak, warm, keep
        self.optimiser = torch.optim.AdamW(net.parameters(), lr=peak, weight_decay=decay, fused=DEVICE.type == "cuda")
        self.mean = {key: value.clone() for key, value in net.state_dict().items()}
        self.file = folder(name) / "checkpoint.pt"
        self.steps, self.used, self.told, self.smooth = 0, 0.0, 0.0, None
        if self.file.exists():
            saved = torch.load(self.file, weights_only=True, map_location=DEVICE)
            net.load_state_dict(saved["net"])
            self.mean = saved["mean"]
            self.optimiser.load_state_dict(saved["optimiser"])
            self.steps, self.used = saved["steps"], saved["used"]
            self.told = self.used
            print(f"goes on at step {self.steps}, minute {self.used:.1f}", flush=True)
        self.mark = time.monotonic()

    def open(self):
        """True while there is time left; sets the learning rate of the next step."""
        share = min(1.0, self.used / self.minutes)
        rate = self.peak * min(1.0, (self.steps + 1) / self.warm) * 0.5 * (1 + math.cos(math.pi * share)) + 1e-6
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        if share >= 1:
            for key, value in self.net.state_dict().items():
                if not value.dtype.is_floating_point:
                    self.mean[key].copy_(value)
            self.save()
        return share < 1

    def step(self, loss, note=str):
        """One step against `loss`; `note()` is printed beside it once a minute."""
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
        self.optimiser.step()
        self.steps += 1
        keep = min(self.keep, self.steps / (self.steps + 50))
        with torch.no_grad():
            state = self.net.state_dict()
            real = [key for key, value in state.items() if value.dtype.is_floating_point]
            torch._foreach_lerp_([self.mean[key] for key in real], [state[key] for key in real], 1 - keep)
        now = time.monotonic()
        self.used, self.mark = self.used + (now - self.mark) / 60, now
        if self.steps % NOTED_EVERY == 0:
            value = float(loss.detach())
            self.smooth = value if self.smooth is None else 0.8 * self.smooth + 0.2 * value
        if self.used - self.told >= min(1, self.minutes / 8):
            self.told = self.used
            print(f"{self.file.parent.name}: minute {self.used:.1f} of {self.minutes}, step {self.steps}, loss {self.smooth or 0:.4f} {note()}", flush=True)
            self.save()

    def save(self):
        """Writes the checkpoint whole or not at all."""
        fresh = self.file.with_suffix(".part")
        torch.save({"net": self.net.state_dict(), "mean": self.mean, "optimiser": self.optimiser.state_dict(), "steps": self.steps, "used": self.used}, fresh)
        fresh.replace(self.file)

    def averaged(self):
        """The network with its averaged weights, for measuring and exporting."""
        self.net.load_state_dict(self.mean)
        return self.net.eval()
