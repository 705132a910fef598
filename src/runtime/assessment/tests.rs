//! The assessment of a burst with scripted networks.

use super::*;
use crate::biometrics::detection::FiveLandmarks;
use crate::biometrics::model::ModelError;
use crate::biometrics::observation::{ObservedFace, StageTimes};
use crate::biometrics::pack::Role;
use crate::biometrics::quality::QualityReport;
use crate::geometry::{Point, Rect};
use crate::units::Moment;

struct Scripted {
    values: Vec<Option<f32>>,
    asked: usize,
    pad_error: Option<PipelineError>,
    embed_error: Option<PipelineError>,
}

impl Networks for Scripted {
    fn pad(&mut self, _: &Frame, _: &FaceDetection) -> Result<PadDecision, PipelineError> {
        if let Some(error) = &self.pad_error {
            return Err(error.clone());
        }
        let value = self.values[self.asked % self.values.len()];
        self.asked += 1;
        // The single outcome is not what counts: the burst's mean is.
        let layer = PadLayer { name: "passive", method: "scripted".into(), value, limit: 0.5, outcome: PadOutcome::BonaFide };
        Ok(PadDecision::fuse(vec![layer]))
    }

    fn embed(&mut self, _: &Frame, _: &FaceDetection) -> Result<Template, PipelineError> {
        match &self.embed_error {
            Some(error) => Err(error.clone()),
            None => Ok(Template::new(TemplateFormat { recogniser: "scripted".into(), dimensions: 2 }, vec![3.0, 4.0]).unwrap()),
        }
    }
}

fn scripted(values: &[Option<f32>]) -> Scripted {
    Scripted { values: values.to_vec(), asked: 0, pad_error: None, embed_error: None }
}

fn shots(count: usize, origin: Origin, with_face: bool) -> Vec<Shot> {
    let landmarks = FiveLandmarks::from_array(
        [(60.0, 80.0), (100.0, 80.0), (80.0, 100.0), (65.0, 120.0), (95.0, 120.0)].map(|(x, y)| Point::new(x, y)),
    );
    let detection = FaceDetection { bounds: Rect::new(40.0, 50.0, 80.0, 100.0), score: 0.9, landmarks };
    let face = with_face.then(|| ObservedFace {
        detection,
        shape: None,
        pose: None,
        quality: QualityReport { assessments: vec![], capture_score: 70.0 },
    });
    let size = Size::new(160, 200);
    let shot = |number| Shot {
        frame: CapturedFrame { frame: Arc::new(Frame::filled(size, [200, 10, 10])), number, captured_at: Moment::default(), origin },
        observation: Arc::new(Observation {
            frame_number: number,
            frame_size: size,
            faces: vec![],
            face: face.clone(),
            times: StageTimes::default(),
        }),
    };
    (0..count as u64).map(shot).collect()
}

#[test]
fn a_burst_is_judged_by_the_mean_of_shots_spread_over_it() {
    use PadOutcome::{Attack, BonaFide, NonResponse};
    /// Evidence per shot, and the outcome and mean they come to.
    type Case = (&'static [Option<f32>], PadOutcome, Option<f32>);
    let cases: &[Case] = &[
        (&[Some(0.9), Some(0.8)], BonaFide, Some(0.85)),
        (&[Some(1.0), Some(0.1), Some(0.1)], Attack, Some(0.4)),
        (&[Some(0.5)], BonaFide, Some(0.5)),
        (&[Some(0.9), None], NonResponse, None),
    ];
    for (values, outcome, mean) in cases {
        let found = assess_burst(&mut scripted(values), &shots(values.len(), Origin::Camera, true), &PadRules::default()).unwrap();
        assert_eq!(found.pad.outcome, *outcome, "{values:?}");
        let value = found.pad.layers[0].value;
        assert!(value.zip(*mean).is_none_or(|(a, b)| (a - b).abs() < 1e-6) && value.is_some() == mean.is_some(), "{value:?} for {mean:?}");
    }
    let mut many = scripted(&[Some(0.9)]);
    assess_burst(&mut many, &shots(23, Origin::Camera, true), &PadRules::default()).unwrap();
    assert_eq!(many.asked, 5);
}

#[test]
fn a_picture_file_is_not_assessed_and_gives_a_template() {
    let mut networks = scripted(&[Some(1.0)]);
    let found = assess_burst(&mut networks, &shots(1, Origin::File, true), &PadRules::default()).unwrap();
    assert_eq!((networks.asked, found.pad.outcome), (0, PadOutcome::NonResponse));
    assert_eq!(found.templates.len(), 1);
    assert_eq!(found.templates[0].1, 70.0);
}

#[test]
fn without_a_network_for_it_nobody_is_bona_fide() {
    let mut networks = scripted(&[Some(1.0)]);
    networks.pad_error = Some(PipelineError::RoleMissing { pack: "x".into(), role: Role::Pad });
    let found = assess_burst(&mut networks, &shots(3, Origin::Practice, true), &PadRules::default()).unwrap();
    assert_eq!(found.pad.outcome, PadOutcome::NonResponse);
}

#[test]
fn a_failing_network_is_the_machines_fault_and_a_missing_face_the_pictures() {
    let broken = || Some(PipelineError::Model(ModelError::NotFinite));
    let mut pad_broken = scripted(&[Some(1.0)]);
    pad_broken.pad_error = broken();
    assert!(matches!(
        assess_burst(&mut pad_broken, &shots(1, Origin::Camera, true), &PadRules::default()),
        Err(AssessmentFailure::Fault(_))
    ));
    let mut embed_broken = scripted(&[Some(1.0)]);
    embed_broken.embed_error = broken();
    assert!(matches!(
        assess_burst(&mut embed_broken, &shots(1, Origin::Camera, true), &PadRules::default()),
        Err(AssessmentFailure::Fault(_))
    ));
    assert!(matches!(
        assess_burst(&mut scripted(&[None]), &shots(2, Origin::Camera, false), &PadRules::default()),
        Err(AssessmentFailure::NotUsable)
    ));
    assert!(matches!(assess_burst(&mut scripted(&[None]), &[], &PadRules::default()), Err(AssessmentFailure::NotUsable)));
}

#[test]
fn both_pictures_are_kept_and_the_portrait_is_framed_by_the_eyes() {
    let found = assess_burst(&mut scripted(&[Some(1.0)]), &shots(1, Origin::Camera, true), &PadRules::default()).unwrap();
    assert_eq!(found.portrait.size(), PORTRAIT);
    // Eyes at (80, 80), 40 apart, become 120 apart at (240, 270): 3 portrait pixels per frame pixel, so the frame begins at y = 30.
    assert_eq!(found.portrait.pixel_clamped(240, 20), [128; 3]);
    assert_eq!(found.portrait.pixel_clamped(240, 40), [200, 10, 10]);
    assert_eq!(found.pictures.iter().map(|p| p.kind).collect::<Vec<_>>(), [PictureKind::Frame, PictureKind::Portrait]);
    assert!(found.pictures.iter().all(|p| p.encoded.0.starts_with(&[0xFF, 0xD8])));
}

#[test]
fn the_face_of_the_challenge_has_to_be_the_one_of_the_burst() {
    let rules = PadRules::default();
    let template = |values: Vec<f32>| Template::new(TemplateFormat { recogniser: "scripted".into(), dimensions: 2 }, values).unwrap();
    let layers =
        |templates: &[Template]| assess_challenge(&mut scripted(&[Some(0.9)]), &shots(3, Origin::Camera, true), templates, &rules).unwrap();
    let outcomes = |layers: &[PadLayer]| layers.iter().map(|l| (l.name, l.outcome)).collect::<Vec<_>>();
    let same = layers(&[template(vec![3.0, 4.0])]);
    assert_eq!(outcomes(&same), [(PASSIVE_DURING, PadOutcome::BonaFide), (CONTINUITY, PadOutcome::BonaFide)]);
    assert_eq!(outcomes(&layers(&[template(vec![-4.0, 3.0])]))[1].1, PadOutcome::Attack, "another face");
    assert_eq!(outcomes(&layers(&[]))[1].1, PadOutcome::Attack, "nothing to compare with");
    let nobody = assess_challenge(&mut scripted(&[Some(0.9)]), &[], &[template(vec![3.0, 4.0])], &rules).unwrap();
    assert_eq!(outcomes(&nobody), [(CONTINUITY, PadOutcome::NonResponse)]);
}
