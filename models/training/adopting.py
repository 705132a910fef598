"""Takes an exported file up again: its weights back in the PyTorch network that it came from, so that training can go on
where no checkpoint was kept.

Exporting folds batch normalisation into the convolutions. Here each normalisation gets the mean and spread that its
convolution has on pictures given, with gain and offset that undo them: the network answers as the file does, and learns
as a network with normalisation does.
"""

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn


def adopted(net, file, batches):
    """`net` with the weights of `file`; `batches` are inputs of the kind it will be trained on, about a thousand in all.

    Modules must run in the order of the file's nodes, as they do when `net` is what was exported."""
    model = onnx.load(str(file))
    stored = {tensor.name: numpy_helper.to_array(tensor).astype(np.float32) for tensor in model.graph.initializer}
    stored |= {node.output[0]: stored[node.input[0]] for node in model.graph.node if node.op_type == "Cast" and node.input[0] in stored}
    nodes = [node for node in model.graph.node if node.op_type in ("Conv", "Gemm")]
    order, kinds = [], (nn.Conv2d, nn.BatchNorm2d, nn.Linear)
    hooks = [module.register_forward_hook(lambda module, *_: order.append(module)) for module in net.modules() if isinstance(module, kinds)]
    net.eval()
    with torch.no_grad():
        net(batches[0][:1])
    for hook in hooks:
        hook.remove()
    layers = [(module, following) for module, following in zip(order, [*order[1:], None]) if not isinstance(module, nn.BatchNorm2d)]
    if len(layers) != len(nodes):
        raise SystemExit(f"{file} has {len(nodes)} layers with weights, the network {len(layers)}")
    folded = {}
    for node, (module, following) in zip(nodes, layers):
        weight = stored[node.input[1]]
        weight = weight if weight.shape == tuple(module.weight.shape) else weight.T
        bias = stored[node.input[2]] if len(node.input) > 2 else np.zeros(len(module.weight), np.float32)
        module.weight.data = torch.from_numpy(weight.copy()).reshape(module.weight.shape)
        if module.bias is not None:
            module.bias.data = torch.from_numpy(bias.copy())
        elif isinstance(following, nn.BatchNorm2d):
            folded[following] = torch.from_numpy(bias.copy())
            following.running_mean.zero_()
            following.running_var.fill_(1 - following.eps)
            following.weight.data.fill_(1)
            following.bias.data.copy_(folded[following])
    sums = {norm: [0, 0.0, 0.0] for norm in folded}

    def gather(norm, inputs, _):
        values = inputs[0].double()
        sums[norm][0] += values.numel() // values.shape[1]
        sums[norm][1] = sums[norm][1] + values.sum((0, 2, 3))
        sums[norm][2] = sums[norm][2] + (values**2).sum((0, 2, 3))

    hooks = [norm.register_forward_hook(gather) for norm in folded]
    with torch.no_grad():
        for batch in batches:
            net(batch)
    for hook in hooks:
        hook.remove()
    for norm, (count, total, squares) in sums.items():
        mean = total / count
        spread = (squares / count - mean**2).clamp(min=1e-6)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(spread)
        norm.weight.data.copy_((spread + norm.eps).sqrt())
        norm.bias.data.copy_(mean + folded[norm])
    return net
