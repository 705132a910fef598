//! From an aligned face to a template.

use crate::biometrics::alignment::{self, AlignError};
use crate::biometrics::detection::FiveLandmarks;
use crate::biometrics::model::{Model, ModelError, Tensor};
use crate::biometrics::pack::InputContract;
use crate::biometrics::template::{Template, TemplateError, TemplateFormat};
use crate::geometry::Affine;
use crate::imaging::Frame;

/// Why no template could be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EmbedError {
    /// The face could not be aligned.
    #[error(transparent)]
    Align(#[from] AlignError),
    /// The network failed.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The network's answer is no template.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

impl crate::advice::Advised for EmbedError {
    fn advice(&self) -> crate::advice::Advice {
        match self {
            Self::Align(e) => e.advice(),
            Self::Model(e) => e.advice(),
            Self::Template(e) => e.advice(),
        }
    }
}

/// A recogniser of the family `aligned-112`: five-point alignment to 112x112, optionally a window of it, one vector out.
pub struct Recogniser {
    model: Box<dyn Model>,
    contract: InputContract,
    crop: (usize, usize),
    flip_average: bool,
    format: TemplateFormat,
    input: Tensor,
}

impl Recogniser {
    /// A recogniser over a loaded network.
    ///
    /// - `crop`: top-left corner of the network's window in the aligned picture, pixels.
    /// - `flip_average`: add the outputs of the picture and of its mirror image; twice the work.
    #[must_use]
    pub fn new(model: Box<dyn Model>, contract: InputContract, crop: (usize, usize), flip_average: bool, format: TemplateFormat) -> Self {
        Self { model, input: contract.tensor(), contract, crop, flip_average, format }
    }

    /// What its templates are tagged with.
    #[must_use]
    pub const fn format(&self) -> &TemplateFormat {
        &self.format
    }

    /// Aligns and embeds one face.
    ///
    /// # Errors
    /// [`EmbedError`] if the face is too small, the network fails, or its answer is not a direction.
    pub fn embed(&mut self, frame: &Frame, landmarks_in_frame: &FiveLandmarks) -> Result<Template, EmbedError> {
        let aligned_from_frame = alignment::aligned_from_frame(landmarks_in_frame)?;
        let degenerate = AlignError::Degenerate { inter_eye_distance: landmarks_in_frame.inter_eye_distance() };
        let frame_from_aligned = aligned_from_frame.inverse().ok_or(degenerate)?;
        let mut frame_from_input = shifted(&frame_from_aligned, self.crop);
        let mut values = self.run(frame, &frame_from_input)?;
        if self.flip_average {
            // The mirror image is sampled through the same map with the x axis turned round inside the window.
            let m = &mut frame_from_input.0;
            m[2] += m[0] * self.contract.width as f32;
            m[5] += m[3] * self.contract.width as f32;
            m[0] = -m[0];
            m[3] = -m[3];
            let mirrored = self.run(frame, &frame_from_input)?;
            values.iter_mut().zip(mirrored).for_each(|(v, m)| *v += m);
        }
        Ok(Template::new(self.format.clone(), values)?)
    }

    fn run(&mut self, frame: &Frame, frame_from_input: &Affine) -> Result<Vec<f32>, ModelError> {
        self.contract.sample(frame, frame_from_input, &mut self.input);
        let outputs = self.model.run(&self.input)?;
        let (name, tensor) = outputs.0.into_iter().next().ok_or_else(|| ModelError::MissingOutput { name: "(first)".to_owned() })?;
        if tensor.data.len() == self.format.dimensions {
            Ok(tensor.data)
        } else {
            Err(ModelError::Shape { name, found: tensor.shape, expected: "one row of the manifest's dimensions" })
        }
    }
}

/// The map of a window whose corner lies at `corner` of the larger picture.
fn shifted(map: &Affine, corner: (usize, usize)) -> Affine {
    let mut m = map.0;
    let (x, y) = (corner.0 as f32, corner.1 as f32);
    m[2] += m[0] * x + m[1] * y;
    m[5] += m[3] * x + m[4] * y;
    Affine(m)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::alignment::TEMPLATE_112;
    use crate::biometrics::model::Outputs;
    use crate::geometry::Size;
    use crate::imaging::warp::{ChannelOrder, TensorFormat};

    const CONTRACT: InputContract = InputContract { width: 96, height: 112, format: TensorFormat::raw(ChannelOrder::Rgb) };

    /// Answers with the first two values of its input's top row, and its last one.
    struct Corner {
        dimensions: usize,
    }

    impl Model for Corner {
        fn run(&mut self, input: &Tensor) -> Result<Outputs, ModelError> {
            let mut data = vec![input.data[0], input.data[1], input.data[95]];
            data.resize(self.dimensions, 0.0);
            Ok(Outputs(vec![("out".to_owned(), Tensor { shape: vec![1, self.dimensions], data })]))
        }
    }

    fn recogniser(flip_average: bool, answered: usize) -> Recogniser {
        let format = TemplateFormat { recogniser: "test@0000000000000000".into(), dimensions: 3 };
        Recogniser::new(Box::new(Corner { dimensions: answered }), CONTRACT, (8, 0), flip_average, format)
    }

    /// A picture that is aligned already, with a ramp from left to right.
    fn ramp() -> (Frame, FiveLandmarks) {
        (Frame::from_fn(Size::new(112, 112), |x, _| [(x * 2) as u8, 0, 0]), FiveLandmarks::from_array(TEMPLATE_112))
    }

    #[test]
    fn the_window_is_cut_out_of_the_aligned_picture() {
        let (frame, landmarks) = ramp();
        let template = recogniser(false, 3).embed(&frame, &landmarks).unwrap();
        let v = template.values();
        assert!((v[0] / v[1] - 16.0 / 18.0).abs() < 1e-3, "columns 8 and 9 of the ramp: {v:?}");
        assert!((v[2] / v[0] - 206.0 / 16.0).abs() < 1e-2, "column 103 of the ramp: {v:?}");
    }

    #[test]
    fn averaging_with_the_mirror_makes_it_symmetric() {
        let (frame, landmarks) = ramp();
        let template = recogniser(true, 3).embed(&frame, &landmarks).unwrap();
        let v = template.values();
        assert!((v[0] - v[2]).abs() < 1e-3, "first and last column see the same sum: {v:?}");
    }

    #[test]
    fn an_answer_of_another_length_is_refused() {
        let (frame, landmarks) = ramp();
        assert!(matches!(recogniser(false, 4).embed(&frame, &landmarks), Err(EmbedError::Model(ModelError::Shape { .. }))));
    }

    #[test]
    fn a_picture_without_content_gives_no_template() {
        let (_, landmarks) = ramp();
        let black = Frame::filled(Size::new(112, 112), [0; 3]);
        assert!(matches!(recogniser(false, 3).embed(&black, &landmarks), Err(EmbedError::Template(_))));
    }
}
