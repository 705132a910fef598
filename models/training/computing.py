"""Where training computes and who prepares its examples: an accelerator where there is one, worker processes beside it."""

import multiprocessing
import os

import cv2
import numpy as np
import torch

from datasets import SEED

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
torch.backends.cudnn.benchmark = True


def workers():
    """How many processes prepare examples: VISAVIS_TRAINING_WORKERS, one otherwise."""
    return int(os.environ.get("VISAVIS_TRAINING_WORKERS", 1))


def autocast():
    """bfloat16 where matrix units are."""
    return torch.autocast(DEVICE.type, torch.bfloat16)


def _endless(make, seed, queue):
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    while True:
        queue.put(make(rng))


class Makers:
    """Processes that call `make(rng)` for ever; each answer is a tuple of arrays with examples along the first axis."""

    def __init__(self, make, salt, share=1.0, ahead=8):
        self.queue, self.processes = multiprocessing.Queue(ahead), []
        for at in range(max(1, round(workers() * share))):
            process = multiprocessing.Process(target=_endless, args=(make, [SEED, salt, at], self.queue), daemon=True)
            process.start()
            self.processes.append(process)

    def stop(self):
        """Ends the processes."""
        for process in self.processes:
            process.terminate()


class Pool:
    """Examples kept on the device, the oldest replaced by fresh ones: each is used a few times, varied each time."""

    def __init__(self, makers, most, least):
        self.makers, self.most, self.stored, self.count, self.next, self.seen = makers, most, None, 0, 0, 0
        while self.count < least:
            self.add(self.makers.queue.get())

    def add(self, arrays):
        """Takes fresh examples in."""
        fresh = [torch.from_numpy(array).to(DEVICE) for array in arrays]
        if self.stored is None:
            self.stored = [torch.empty((self.most, *part.shape[1:]), dtype=part.dtype, device=DEVICE) for part in fresh]
        at = (self.next + torch.arange(len(fresh[0]), device=DEVICE)) % self.most
        for kept, part in zip(self.stored, fresh):
            kept[at] = part
        self.next, self.seen = (self.next + len(fresh[0])) % self.most, self.seen + len(fresh[0])
        self.count = min(self.most, self.count + len(fresh[0]))

    def refresh(self):
        """Takes in what is waiting."""
        while not self.makers.queue.empty():
            self.add(self.makers.queue.get())

    def some(self, size):
        """Random examples."""
        at = torch.randint(self.count, (size,), device=DEVICE)
        return [kept[at] for kept in self.stored]
