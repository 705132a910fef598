//! A generated model pack for tests: complete, a few hundred kilobytes, written byte by byte, so that no test needs downloaded weights.
//!
//! Its detector calls every patch a face that is much redder than it is blue (see [`marker_frame`]); its recogniser is a fixed
//! pseudo-random projection; landmarks, pose and PAD answer constants. Include it with `#[path = "../tiny_pack.rs"] mod tiny_pack;`.
#![allow(dead_code, reason = "every test target uses its own part")]

use std::path::Path;
use visavis::geometry::Size;
use visavis::imaging::Frame;

/// Side of the detector's input, pixels.
pub const DETECTOR_SIDE: usize = 128;

/// Writes the pack into `folder`.
pub fn write(folder: &Path) {
    std::fs::create_dir_all(folder).expect("the folder can be made");
    let mut manifest = "schema = \"visavis.models/1\"\nname = \"tiny\"\nversion = \"1\"\n".to_owned();
    for (id, onnx, contract) in models() {
        let file = format!("{id}.onnx");
        std::fs::write(folder.join(&file), &onnx).expect("a model can be written");
        let (sha256, bytes) = (sha256(&onnx), onnx.len());
        manifest.push_str(&format!(
            "\n[[model]]\nid = \"{id}\"\nfile = \"{file}\"\nsha256 = \"{sha256}\"\nbytes = {bytes}\nlicence = \"MIT OR Apache-2.0\"\n{contract}\n"
        ));
    }
    std::fs::write(folder.join("manifest.toml"), manifest).expect("the manifest can be written");
}

/// SHA-256 in lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// A grey picture with one red square per centre: the pack's detector finds a face at each. Centres are fractions of the side.
pub fn marker_frame(side: u32, centres: &[(f32, f32)]) -> Frame {
    let half = side as f32 / 16.0;
    Frame::from_fn(Size::new(side, side), |x, y| {
        let near = |c: &&(f32, f32)| (x as f32 + 0.5 - c.0 * side as f32).abs() < half && (y as f32 + 0.5 - c.1 * side as f32).abs() < half;
        if centres.iter().any(|c| near(&c)) { [250, 40, 10] } else { [((x * 7 + y * 3) % 90) as u8 + 60, 110, 120] }
    })
}

/// Identifier, ONNX bytes and manifest lines of every model.
pub fn models() -> Vec<(&'static str, Vec<u8>, String)> {
    let input = |side: usize, order: &str, mean: f32, std: f32| {
        format!(
            "input = {{ width = {side}, height = {side}, order = \"{order}\", mean = [{mean:.1}, {mean:.1}, {mean:.1}], std = [{std:.1}, {std:.1}, {std:.1}] }}"
        )
    };
    let raw = |side| input(side, "bgr", 0.0, 1.0);
    vec![
        ("tiny-detector", detector(false), format!("role = \"detector\"\nfamily = \"yunet\"\n{}\nstrides = [8]", raw(DETECTOR_SIDE))),
        (
            "tiny-landmarks",
            constant(192, &[("points", mesh()), ("presence", vec![0.98])]),
            format!("role = \"landmarks\"\nfamily = \"facemesh-468\"\n{}", input(192, "rgb", 0.0, 255.0)),
        ),
        (
            "tiny-pose",
            constant(64, &[("angles", vec![-3.0, 2.0, 0.0])]),
            format!("role = \"pose\"\nfamily = \"fsanet\"\n{}", input(64, "bgr", 127.5, 128.0)),
        ),
        (
            "tiny-recogniser",
            recogniser(),
            format!("role = \"recogniser\"\nfamily = \"aligned-112\"\n{}\ndimensions = 128", input(112, "rgb", 127.5, 128.0)),
        ),
        (
            "tiny-pad",
            constant(80, &[("logits", vec![0.0, 6.0, 0.0])]),
            format!("role = \"pad\"\nfamily = \"minifasnet\"\n{}\ncrop_scale = 2.7\nbona_fide_class = 1", raw(80)),
        ),
    ]
}

/// The detector; with `weights_as_inputs` its weights are listed as graph inputs too, as some exporters do.
pub fn detector(weights_as_inputs: bool) -> Vec<u8> {
    const STRIDE: usize = 8;
    let side = DETECTOR_SIDE;
    let cells = (side / STRIDE) * (side / STRIDE);
    // One 8x8 patch per cell: the class follows how much redder than blue it is, the rest is constant.
    let per_pixel = 0.06 / (STRIDE * STRIDE) as f32;
    let patch = STRIDE * STRIDE;
    let mut class = vec![-per_pixel; patch];
    class.extend(vec![0.0; patch]);
    class.extend(vec![per_pixel; patch]);
    let zeros = |channels: usize| vec![0.0; channels * 3 * patch];
    let landmarks = [-0.8, -0.6, 1.8, -0.6, 0.5, 0.6, -0.5, 1.9, 1.5, 1.9];
    let heads: [(&str, Vec<f32>, Vec<f32>, bool); 4] = [
        ("cls", class, vec![-5.0], true),
        ("obj", zeros(1), vec![5.0], true),
        ("bbox", zeros(4), vec![0.5, 0.5, 5f32.ln(), 6f32.ln()], false),
        ("kps", zeros(10), landmarks.to_vec(), false),
    ];
    let mut graph = Graph::new(&[1, 3, side, side]);
    for (name, weights, bias, squash) in heads {
        let channels = bias.len();
        let w = graph.weight(&format!("{name}_w"), &[channels, 3, STRIDE, STRIDE], &weights);
        let b = graph.weight(&format!("{name}_b"), &[channels], &bias);
        let size = ints(&[STRIDE, STRIDE]);
        let mut value = graph.node("Conv", &["input", &w, &b], &[("kernel_shape", size.clone()), ("strides", size)]);
        if squash {
            value = graph.node("Sigmoid", &[&value], &[]);
        }
        value = graph.node("Transpose", &[&value], &[("perm", ints(&[0, 2, 3, 1]))]);
        let shape = graph.integers(&format!("{name}_shape"), &[1, cells, channels]);
        graph.output("Reshape", &[&value, &shape], &format!("{name}_{STRIDE}"), &[1, cells, channels]);
    }
    graph.finish(weights_as_inputs)
}

/// A fixed projection of a 112x112 picture to 128 values.
fn recogniser() -> Vec<u8> {
    let mut state = 1u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    };
    let weights: Vec<f32> = (0..8 * 3 * 28 * 28).map(|_| next()).collect();
    let mut graph = Graph::new(&[1, 3, 112, 112]);
    let w = graph.weight("w", &[8, 3, 28, 28], &weights);
    let value = graph.node("Conv", &["input", &w], &[("kernel_shape", ints(&[28, 28])), ("strides", ints(&[28, 28]))]);
    let shape = graph.integers("shape", &[1, 128]);
    graph.output("Reshape", &[&value, &shape], "embedding", &[1, 128]);
    graph.finish(false)
}

/// A model that answers constants whatever it sees.
fn constant(side: usize, outputs: &[(&str, Vec<f32>)]) -> Vec<u8> {
    let mut graph = Graph::new(&[1, 3, side, side]);
    let pooled = graph.node("GlobalAveragePool", &["input"], &[]);
    for (name, values) in outputs {
        let n = values.len();
        let w = graph.weight(&format!("{name}_w"), &[n, 3, 1, 1], &vec![0.0; n * 3]);
        let b = graph.weight(&format!("{name}_b"), &[n], values);
        let value = graph.node("Conv", &[&pooled, &w, &b], &[("kernel_shape", ints(&[1, 1]))]);
        let shape = graph.integers(&format!("{name}_shape"), &[1, n]);
        graph.output("Reshape", &[&value, &shape], name, &[1, n]);
    }
    graph.finish(false)
}

/// 468 points of a schematic face in a 192x192 crop: the points the program reads are in place, the others in the middle.
fn mesh() -> Vec<f32> {
    let mut points = [96.0, 96.0, 0.0].repeat(468);
    let mut put = |index: usize, x: f32, y: f32| points[index * 3..index * 3 + 2].copy_from_slice(&[x, y]);
    for (indices, x, y) in
        [(&[33, 133, 160, 159, 158, 144, 145, 153][..], 68.0, 78.0), (&[263, 362, 385, 386, 387, 380, 374, 373], 124.0, 78.0)]
    {
        let outward = if x < 96.0 { -1.0 } else { 1.0 };
        let offsets =
            [(12.0 * outward, 0.0), (-12.0 * outward, 0.0), (-4.0, -4.0), (0.0, -5.0), (4.0, -4.0), (-4.0, 4.0), (0.0, 5.0), (4.0, 4.0)];
        for (index, (dx, dy)) in indices.iter().zip(offsets) {
            put(*index, x + dx, y + dy);
        }
    }
    for (index, x, y) in [(4, 96.0, 104.0), (152, 96.0, 170.0), (10, 96.0, 30.0), (61, 76.0, 134.0), (291, 116.0, 134.0)] {
        put(index, x, y);
    }
    for (upper, lower, x) in [(81, 178, 90.0), (13, 14, 96.0), (311, 402, 102.0)] {
        put(upper, x, 133.0);
        put(lower, x, 135.0);
    }
    let jaw = [127, 234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454, 356];
    for (i, index) in jaw.into_iter().enumerate() {
        let angle = std::f32::consts::PI * i as f32 / 22.0;
        put(index, 96.0 - 62.0 * angle.cos(), 90.0 + 80.0 * angle.sin());
    }
    for (i, index) in [70, 63, 105, 66, 107, 336, 296, 334, 293, 300].into_iter().enumerate() {
        put(index, 50.0 + 10.2 * i as f32, 62.0);
    }
    points
}

/// Writes an ONNX graph: protocol buffers by hand, only what these models need.
pub struct Graph {
    input_shape: Vec<usize>,
    nodes: Vec<u8>,
    weights: Vec<u8>,
    weight_infos: Vec<u8>,
    outputs: Vec<u8>,
    count: usize,
}

impl Graph {
    /// A graph with the input `input`.
    pub fn new(input_shape: &[usize]) -> Self {
        Self { input_shape: input_shape.to_vec(), nodes: vec![], weights: vec![], weight_infos: vec![], outputs: vec![], count: 0 }
    }

    /// Adds float weights and returns their name.
    pub fn weight(&mut self, name: &str, shape: &[usize], values: &[f32]) -> String {
        assert_eq!(shape.iter().product::<usize>(), values.len());
        let raw: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.tensor(name, shape, 1, &raw);
        name.to_owned()
    }

    /// Adds an integer list and returns its name.
    pub fn integers(&mut self, name: &str, values: &[usize]) -> String {
        let raw: Vec<u8> = values.iter().flat_map(|v| (*v as i64).to_le_bytes()).collect();
        self.tensor(name, &[values.len()], 7, &raw);
        name.to_owned()
    }

    fn tensor(&mut self, name: &str, shape: &[usize], kind: u64, raw: &[u8]) {
        let mut tensor = Vec::new();
        shape.iter().for_each(|d| put_number(&mut tensor, 1, *d as u64));
        put_number(&mut tensor, 2, kind);
        put_bytes(&mut tensor, 8, name.as_bytes());
        put_bytes(&mut tensor, 9, raw);
        put_bytes(&mut self.weights, 5, &tensor);
        put_bytes(&mut self.weight_infos, 11, &value_info(name, shape, kind));
    }

    /// Adds a node and returns the name of its output.
    pub fn node(&mut self, operator: &str, inputs: &[&str], attributes: &[(&str, Vec<u8>)]) -> String {
        self.count += 1;
        let output = format!("v{}", self.count);
        self.named_node(operator, inputs, &output, attributes);
        output
    }

    fn named_node(&mut self, operator: &str, inputs: &[&str], output: &str, attributes: &[(&str, Vec<u8>)]) {
        let mut node = Vec::new();
        inputs.iter().for_each(|name| put_bytes(&mut node, 1, name.as_bytes()));
        put_bytes(&mut node, 2, output.as_bytes());
        put_bytes(&mut node, 3, format!("n_{output}").as_bytes());
        put_bytes(&mut node, 4, operator.as_bytes());
        for (name, value) in attributes {
            let mut attribute = Vec::new();
            put_bytes(&mut attribute, 1, name.as_bytes());
            attribute.extend_from_slice(value);
            put_bytes(&mut node, 5, &attribute);
        }
        put_bytes(&mut self.nodes, 1, &node);
    }

    /// Adds a node whose output the graph gives out.
    pub fn output(&mut self, operator: &str, inputs: &[&str], name: &str, shape: &[usize]) {
        self.named_node(operator, inputs, name, &[]);
        put_bytes(&mut self.outputs, 12, &value_info(name, shape, 1));
    }

    /// The whole file.
    pub fn finish(self, weights_as_inputs: bool) -> Vec<u8> {
        let mut graph = self.nodes;
        put_bytes(&mut graph, 2, b"tiny");
        graph.extend_from_slice(&self.weights);
        put_bytes(&mut graph, 11, &value_info("input", &self.input_shape, 1));
        if weights_as_inputs {
            graph.extend_from_slice(&self.weight_infos);
        }
        graph.extend_from_slice(&self.outputs);
        let mut opset = Vec::new();
        put_bytes(&mut opset, 1, b"");
        put_number(&mut opset, 2, 13);
        let mut model = Vec::new();
        put_number(&mut model, 1, 8);
        put_bytes(&mut model, 7, &graph);
        put_bytes(&mut model, 8, &opset);
        model
    }
}

/// An attribute's list of integers.
pub fn ints(values: &[usize]) -> Vec<u8> {
    let mut attribute = Vec::new();
    values.iter().for_each(|v| put_number(&mut attribute, 8, *v as u64));
    put_number(&mut attribute, 20, 7);
    attribute
}

/// Name and shape of an input or output; a 0 axis is written as the symbol `n`.
fn value_info(name: &str, shape: &[usize], kind: u64) -> Vec<u8> {
    let mut dims = Vec::new();
    for axis in shape {
        let mut dim = Vec::new();
        match axis {
            0 => put_bytes(&mut dim, 2, b"n"),
            _ => put_number(&mut dim, 1, *axis as u64),
        }
        put_bytes(&mut dims, 1, &dim);
    }
    let mut tensor = Vec::new();
    put_number(&mut tensor, 1, kind);
    put_bytes(&mut tensor, 2, &dims);
    let mut r#type = Vec::new();
    put_bytes(&mut r#type, 1, &tensor);
    let mut info = Vec::new();
    put_bytes(&mut info, 1, name.as_bytes());
    put_bytes(&mut info, 2, &r#type);
    info
}

fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn put_number(out: &mut Vec<u8>, field: u64, value: u64) {
    put_varint(out, field << 3);
    put_varint(out, value);
}

fn put_bytes(out: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    put_varint(out, field << 3 | 2);
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}
