"""A reference model as a PyTorch module, so that teachers answer on the device where the student learns.

Knows the operations of the reference recogniser and of the reference PAD models, nothing more.
"""

import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional as F

from datasets import TEACHERS

SHAPES = ("Shape", "Constant", "Gather", "Unsqueeze", "Concat")  # they only say how to flatten


class Graph(nn.Module):
    """`name` of the reference folder; `forward` answers the tensors named in `wanted`."""

    def __init__(self, name, wanted):
        super().__init__()
        model = onnx.load(str(TEACHERS / name))
        self.nodes, self.wanted, self.source = [n for n in model.graph.node if n.op_type not in SHAPES], list(wanted), model.graph.input[0].name
        self.places = {}
        for at, tensor in enumerate(model.graph.initializer):
            self.places[tensor.name] = f"w{at}"
            self.register_buffer(f"w{at}", torch.from_numpy(numpy_helper.to_array(tensor).copy()))
        self.settings = [{a.name: onnx.helper.get_attribute_value(a) for a in node.attribute} for node in self.nodes]

    def forward(self, x):
        known = {name: getattr(self, place) for name, place in self.places.items()} | {self.source: x}
        for node, settings in zip(self.nodes, self.settings):
            known[node.output[0]] = self.answer(node.op_type, settings, [known.get(name) for name in node.input])
            if all(name in known for name in self.wanted):
                break
        return [known[name] for name in self.wanted]

    def answer(self, kind, settings, given):
        """One operation."""
        x = given[0]
        if kind == "Conv":
            top, left, bottom, right = settings.get("pads", [0, 0, 0, 0])
            if (top, left) != (bottom, right):
                x, top, left = F.pad(x, (left, right, top, bottom)), 0, 0
            return F.conv2d(x, given[1], given[2] if len(given) > 2 else None, settings.get("strides", 1), (top, left), settings.get("dilations", 1), settings.get("group", 1))
        if kind == "PRelu":
            return F.prelu(x, given[1].reshape(-1).to(x.dtype))
        if kind == "Add":
            return x + given[1]
        if kind == "Mul":
            return x * given[1]
        if kind == "Reshape":
            return x.flatten(1)
        if kind == "MatMul":
            return x @ given[1].to(x.dtype)
        if kind == "BatchNormalization":
            return F.batch_norm(x, given[3], given[4], given[1], given[2], False, 0.0, settings.get("epsilon", 1e-5))
        if kind == "GlobalAveragePool":
            return x.mean((2, 3), keepdim=True)
        if kind == "Relu":
            return F.relu(x)
        if kind == "Sigmoid":
            return torch.sigmoid(x)
        raise SystemExit(f"operation {kind} of a reference model is not known")
