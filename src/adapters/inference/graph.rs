//! A look at an ONNX file before a backend sees it: refuses what is not a complete model, and prepares what a backend would choke on.
//!
//! ONNX is protocol buffers: fields of a tag (number, wire type) and a value. Only the fields needed here are read; everything else is
//! copied as it is. Two things are changed:
//!
//! - Weights that are listed as graph inputs too are taken off the input list. The pure-Rust backend would end the process on them,
//!   and ONNX Runtime cannot fold them (a third of the speed).
//! - A symbolic first axis of an input becomes 1: every network here is fed one picture, and fixed shapes are planned ahead.
//!
//! # Source
//! Field numbers from the ONNX format's `onnx.proto`: ModelProto.graph 7; GraphProto.node 1, initializer 5, input 11, output 12;
//! NodeProto.input 1, output 2, op_type 4, attribute 5; TensorProto.dims 1, data_type 2, float_data 4, name 8, raw_data 9,
//! external_data 13; ValueInfoProto.name 1, type 2; TypeProto.tensor_type 1; TypeProto.Tensor.shape 2; TensorShapeProto.dim 1;
//! Dimension.dim_value 1, dim_param 2.

use std::collections::HashSet;

const MODEL_GRAPH: u64 = 7;
const GRAPH_NODE: u64 = 1;
const GRAPH_INITIALIZER: u64 = 5;
const GRAPH_INPUT: u64 = 11;
const GRAPH_OUTPUT: u64 = 12;

/// What a model asks for and gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Prepared {
    /// The file with the changes described at the module.
    pub onnx: Vec<u8>,
    /// Name of the only real input.
    pub input: String,
    /// Axes of that input; 0 where an axis is symbolic.
    pub input_shape: Vec<u64>,
    /// Output names in the model's order.
    pub outputs: Vec<String>,
}

/// Checks and prepares a model file.
///
/// # Errors
/// Words for what is wrong: the file is cut off, is not an ONNX model, has not exactly one input, or does not hold together.
pub(super) fn prepare(onnx: &[u8]) -> Result<Prepared, String> {
    let model = fields(onnx).map_err(|e| format!("not an ONNX file ({e})"))?;
    let mut graphs = model.iter().filter(|f| f.number == MODEL_GRAPH);
    let graph_bytes = graphs.next().and_then(|f| f.bytes()).ok_or("not an ONNX file (no graph)")?;
    if graphs.next().is_some() {
        return Err("not an ONNX file (two graphs)".to_owned());
    }
    let graph = fields(graph_bytes).map_err(|e| format!("the graph is damaged ({e})"))?;
    let mut known = HashSet::new();
    for initializer in graph.iter().filter(|f| f.number == GRAPH_INITIALIZER) {
        known.insert(check_tensor(initializer.bytes().ok_or("a weight is damaged")?)?);
    }
    let inputs = named(&graph, GRAPH_INPUT)?;
    let mut real = inputs.iter().filter(|(name, _)| !known.contains(name));
    let (input, input_bytes) = match (real.next(), real.next()) {
        (Some((name, bytes)), None) => (name.clone(), *bytes),
        _ => return Err("the model has not exactly one input".to_owned()),
    };
    let (fixed_input, input_shape) = fix_batch(input_bytes)?;
    let outputs: Vec<String> = named(&graph, GRAPH_OUTPUT)?.into_iter().map(|(name, _)| name).collect();
    known.insert(input.clone());
    check_nodes(&graph, known, &outputs)?;

    let mut rebuilt_graph = Vec::with_capacity(graph_bytes.len());
    for field in &graph {
        match field.number {
            GRAPH_INPUT if field.bytes() == Some(input_bytes) => put_bytes(&mut rebuilt_graph, GRAPH_INPUT, &fixed_input),
            GRAPH_INPUT => {}
            _ => rebuilt_graph.extend_from_slice(field.whole),
        }
    }
    let mut rebuilt = Vec::with_capacity(onnx.len() + 16);
    for field in &model {
        match field.number {
            MODEL_GRAPH => put_bytes(&mut rebuilt, MODEL_GRAPH, &rebuilt_graph),
            _ => rebuilt.extend_from_slice(field.whole),
        }
    }
    Ok(Prepared { onnx: rebuilt, input, input_shape, outputs })
}

/// Every value a node takes must have been made before it; every output must be made by somebody.
fn check_nodes(graph: &[Field<'_>], mut known: HashSet<String>, outputs: &[String]) -> Result<(), String> {
    let mut count = 0;
    for node in graph.iter().filter(|f| f.number == GRAPH_NODE) {
        let node = fields(node.bytes().ok_or("a node is damaged")?).map_err(|e| format!("a node is damaged ({e})"))?;
        if !node.iter().any(|f| f.number == 4) {
            return Err("a node has no operator".to_owned());
        }
        for name in node.iter().filter(|f| f.number == 1) {
            let name = text(name)?;
            if !name.is_empty() && !known.contains(&name) {
                return Err(format!("nothing makes the value {name:?}"));
            }
        }
        for name in node.iter().filter(|f| f.number == 2) {
            known.insert(text(name)?);
        }
        count += 1;
    }
    if count == 0 || outputs.is_empty() {
        return Err("the model computes nothing".to_owned());
    }
    match outputs.iter().find(|o| !known.contains(*o)) {
        Some(output) => Err(format!("nothing makes the output {output:?}")),
        None => Ok(()),
    }
}

/// Name of a weight, after checking that its data has the length its shape says.
fn check_tensor(bytes: &[u8]) -> Result<String, String> {
    let tensor = fields(bytes).map_err(|e| format!("a weight is damaged ({e})"))?;
    let (mut elements, mut kind, mut raw, mut name, mut packed) = (1u64, 0, None, None, 0usize);
    for field in &tensor {
        match field.number {
            1 => {
                for dim in field.integers()? {
                    elements = elements.checked_mul(dim).ok_or("a weight's shape overflows")?;
                }
            }
            2 => kind = field.integers()?.first().copied().unwrap_or(0),
            4 => packed += field.bytes().map_or(4, <[u8]>::len),
            8 => name = Some(text(field)?),
            9 => raw = field.bytes(),
            13 => return Err("weights outside the file are not accepted".to_owned()),
            _ => {}
        }
    }
    let name = name.ok_or("a weight has no name")?;
    let element_bytes = match kind {
        1 | 6 | 12 => 4,
        2 | 3 | 9 => 1,
        4 | 5 | 10 | 16 => 2,
        7 | 11 | 13 => 8,
        other => return Err(format!("the weight {name:?} has the unknown type {other}")),
    };
    let expected = elements.checked_mul(element_bytes).ok_or("a weight's shape overflows")?;
    let found = match raw {
        Some(raw) => Some(raw.len() as u64),
        None if kind == 1 => Some(packed as u64),
        None => None,
    };
    match found {
        Some(found) if found != expected => Err(format!("the weight {name:?} has {found} bytes, its shape needs {expected}")),
        _ => Ok(name),
    }
}

/// The value-info message with a symbolic first axis replaced by 1, and its axes (0 where symbolic).
fn fix_batch(value_info: &[u8]) -> Result<(Vec<u8>, Vec<u64>), String> {
    let mut shape = Vec::new();
    let fixed = rewrite(value_info, 2, &mut |r#type| {
        rewrite(r#type, 1, &mut |tensor| {
            rewrite(tensor, 2, &mut |dims| {
                rewrite(dims, 1, &mut |dim| {
                    let value = fields(dim)?.iter().find(|f| f.number == 1).map(Field::integers).transpose()?;
                    let value = value.and_then(|v| v.first().copied()).unwrap_or(0);
                    let first = shape.is_empty();
                    let fixed = if first && value == 0 { 1 } else { value };
                    shape.push(fixed);
                    Ok(if fixed == value { dim.to_vec() } else { vec![1 << 3, fixed as u8] })
                })
            })
        })
    })?;
    if shape.len() != 4 {
        return Err(format!("the input has {} axes, expected 4", shape.len()));
    }
    Ok((fixed, shape))
}

/// What a sub-message becomes.
type Change<'a> = dyn FnMut(&[u8]) -> Result<Vec<u8>, String> + 'a;

/// Copies a message with every sub-message `number` replaced by what `change` makes of it.
fn rewrite(message: &[u8], number: u64, change: &mut Change<'_>) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(message.len());
    for field in fields(message)? {
        match field.bytes() {
            Some(inner) if field.number == number => put_bytes(&mut out, number, &change(inner)?),
            _ => out.extend_from_slice(field.whole),
        }
    }
    Ok(out)
}

/// The named sub-messages `number` of a graph.
fn named<'a>(graph: &[Field<'a>], number: u64) -> Result<Vec<(String, &'a [u8])>, String> {
    let messages = graph.iter().filter(|f| f.number == number);
    messages
        .map(|f| {
            let bytes = f.bytes().ok_or("an input or output is damaged")?;
            let inner = fields(bytes)?;
            let name = inner.iter().find(|f| f.number == 1).ok_or("an input or output has no name")?;
            Ok((text(name)?, bytes))
        })
        .collect()
}

fn text(field: &Field<'_>) -> Result<String, String> {
    let bytes = field.bytes().ok_or("a name is damaged")?;
    Ok(std::str::from_utf8(bytes).map_err(|_| "a name is not text")?.to_owned())
}

/// One field of a message.
struct Field<'a> {
    number: u64,
    /// Tag and value.
    whole: &'a [u8],
    value: Value<'a>,
}

enum Value<'a> {
    Varint(u64),
    Fixed,
    Bytes(&'a [u8]),
}

impl<'a> Field<'a> {
    fn bytes(&self) -> Option<&'a [u8]> {
        match self.value {
            Value::Bytes(bytes) => Some(bytes),
            Value::Varint(_) | Value::Fixed => None,
        }
    }

    /// One integer, or the packed list that newer writers use.
    fn integers(&self) -> Result<Vec<u64>, String> {
        match self.value {
            Value::Varint(value) => Ok(vec![value]),
            Value::Bytes(mut rest) => {
                let mut values = Vec::new();
                while !rest.is_empty() {
                    values.push(varint(&mut rest)?);
                }
                Ok(values)
            }
            Value::Fixed => Err("a number has the wrong type".to_owned()),
        }
    }
}

fn fields(message: &[u8]) -> Result<Vec<Field<'_>>, String> {
    let mut rest = message;
    let mut found = Vec::new();
    while !rest.is_empty() {
        let start = rest;
        let tag = varint(&mut rest)?;
        let value = match tag & 7 {
            0 => Value::Varint(varint(&mut rest)?),
            1 => take(&mut rest, 8).map(|_| Value::Fixed)?,
            2 => {
                let length = varint(&mut rest)?;
                Value::Bytes(take(&mut rest, length)?)
            }
            5 => take(&mut rest, 4).map(|_| Value::Fixed)?,
            other => return Err(format!("unknown wire type {other}")),
        };
        if tag >> 3 == 0 {
            return Err("field number 0".to_owned());
        }
        found.push(Field { number: tag >> 3, whole: &start[..start.len() - rest.len()], value });
    }
    Ok(found)
}

fn take<'a>(rest: &mut &'a [u8], length: u64) -> Result<&'a [u8], String> {
    let length = usize::try_from(length).ok().filter(|l| *l <= rest.len()).ok_or("cut off")?;
    let (head, tail) = rest.split_at(length);
    *rest = tail;
    Ok(head)
}

fn varint(rest: &mut &[u8]) -> Result<u64, String> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let (&byte, tail) = rest.split_first().ok_or("cut off")?;
        *rest = tail;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err("a number is too long".to_owned())
}

fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn put_bytes(out: &mut Vec<u8>, number: u64, bytes: &[u8]) {
    put_varint(out, number << 3 | 2);
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message field that holds bytes.
    fn field(number: u64, parts: &[&[u8]]) -> Vec<u8> {
        let mut out = Vec::new();
        put_bytes(&mut out, number, &parts.concat());
        out
    }

    fn number(field: u64, value: u64) -> Vec<u8> {
        let mut out = Vec::new();
        put_varint(&mut out, field << 3);
        put_varint(&mut out, value);
        out
    }

    /// Name and axes of an input; 0 is symbolic.
    fn value_info(name: &str, axes: &[u64]) -> Vec<u8> {
        let dims: Vec<u8> = axes.iter().flat_map(|a| field(1, &[&if *a == 0 { field(2, &[b"n"]) } else { number(1, *a) }])).collect();
        [field(1, &[name.as_bytes()]), field(2, &[&field(1, &[&number(1, 1), &field(2, &[&dims])])])].concat()
    }

    /// One convolution with a weight of `weight_bytes` bytes for a shape of four floats.
    fn model(batch: u64, weight_bytes: usize, weight_as_input: bool, node_input: &str) -> Vec<u8> {
        let node = [field(1, &[node_input.as_bytes()]), field(1, &[b"w"]), field(2, &[b"out"]), field(4, &[b"Conv"])].concat();
        let weight = [number(1, 4), number(2, 1), field(8, &[b"w"]), field(9, &[&vec![0; weight_bytes]])].concat();
        let mut graph = [field(1, &[&node]), field(5, &[&weight]), field(11, &[&value_info("in", &[batch, 3, 8, 8])])].concat();
        if weight_as_input {
            graph.extend(field(11, &[&value_info("w", &[4])]));
        }
        graph.extend(field(12, &[&value_info("out", &[1, 4])]));
        [number(1, 8), field(7, &[&graph]), field(8, &[&number(2, 13)])].concat()
    }

    #[test]
    fn a_plain_model_is_left_alone() {
        let onnx = model(1, 16, false, "in");
        let prepared = prepare(&onnx).unwrap();
        assert_eq!((prepared.input.as_str(), prepared.input_shape, prepared.outputs), ("in", vec![1, 3, 8, 8], vec!["out".to_owned()]));
        assert_eq!(prepared.onnx, onnx);
    }

    #[test]
    fn symbolic_batches_and_listed_weights_become_plain() {
        assert_eq!(prepare(&model(0, 16, true, "in")).unwrap().onnx, model(1, 16, false, "in"));
    }

    #[test]
    fn what_does_not_hold_together_is_named() {
        for (onnx, words) in [
            (model(1, 15, false, "in"), "its shape needs 16"),
            (model(1, 16, false, "elsewhere"), "nothing makes the value"),
            (b"hello".to_vec(), "not an ONNX file"),
            (Vec::new(), "no graph"),
        ] {
            let reason = prepare(&onnx).unwrap_err();
            assert!(reason.contains(words), "{reason}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2000))]

        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
            let _ = prepare(&bytes);
        }

        #[test]
        fn any_damage_is_survived(at in 0usize..400, with in proptest::prelude::any::<u8>(), cut in 0usize..400) {
            let mut onnx = model(0, 16, true, "in");
            onnx.truncate(cut.max(1));
            let length = onnx.len();
            onnx[at % length] = with;
            let _ = prepare(&onnx);
        }
    }
}
