//! Detection, landmarks, pose, PAD and recognition on real pictures, with the reference pack.

use crate::reference;
use visavis::biometrics::detection::DetectorSettings;

#[test]
fn one_person_is_more_like_themselves_than_like_another() {
    let Some(folder) = reference::folder("embeddings") else { return };
    let mut pipeline = reference::pipeline(&folder);
    let mut template = |name: &str| {
        let frame = reference::picture(&folder.join("datasets/people").join(name));
        let face = pipeline.only_face(&frame, &DetectorSettings::for_stills()).expect("the picture shows a face");
        pipeline.embed(&frame, &face).expect("the face can be embedded")
    };
    let [a, b, c] = ["obama.jpg", "obama-480p.jpg", "biden.jpg"].map(&mut template);
    let cosine = |x: &visavis::biometrics::template::Template, y: &visavis::biometrics::template::Template| {
        x.values().iter().zip(y.values()).map(|(p, q)| p * q).sum::<f32>()
    };
    let (mated, non_mated) = (cosine(&a, &b), cosine(&a, &c));
    assert!(mated > 0.5 && non_mated < 0.3, "mated {mated}, non-mated {non_mated}");
}
