"""From a trained network to the ONNX file of the pack: float16 weights, checked against PyTorch on both sides."""

import hashlib

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import helper, numpy_helper

from datasets import PROJECT

PACK = PROJECT / "models" / "builtin"


def halved(model):
    """Weights of 64 values or more kept as float16, followed by a Cast: the arithmetic stays float32, the file halves."""
    graph = model.graph
    casts, kept = [], []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < 64:
            kept.append(tensor)
            continue
        kept.append(numpy_helper.from_array(values.astype(np.float16), tensor.name + ".half"))
        casts.append(helper.make_node("Cast", [tensor.name + ".half"], [tensor.name], to=onnx.TensorProto.FLOAT))
    del graph.initializer[:]
    graph.initializer.extend(kept)
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend(casts + nodes)
    return model


def export(net, example, name, inputs, outputs, tolerance=2e-2, half=True):
    """Writes models/builtin/`name`.onnx and prints its size, hash and largest difference from PyTorch on `example`
    (in units of the output's spread); refuses when that is above `tolerance`."""
    PACK.mkdir(parents=True, exist_ok=True)
    file = PACK / f"{name}.onnx"
    net = net.eval().to(memory_format=torch.contiguous_format)
    with torch.no_grad():
        expected = net(example)
        torch.onnx.export(net, example, str(file), input_names=inputs, output_names=outputs, opset_version=13, dynamo=False)
    expected = [expected] if torch.is_tensor(expected) else list(expected)
    model = onnx.load(str(file))
    model.producer_name, model.producer_version, model.doc_string = "visavis", "", ""
    for node in model.graph.node:
        node.doc_string = ""
    model = halved(model) if half else model
    onnx.checker.check_model(model)
    file.write_bytes(model.SerializeToString(deterministic=True))
    answers = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"]).run(outputs, {inputs[0]: example.numpy()})
    worst = max(float(np.abs(a - e.numpy()).max() / (e.numpy().std() + 1e-2)) for a, e in zip(answers, expected))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    print(f"{file.name}: {file.stat().st_size} bytes, sha256 {digest}, largest difference {worst:.5f} of the spread", flush=True)
    if worst > tolerance:
        raise SystemExit(f"{file.name} differs from the trained network")
    return file
