//! Pictures given as files: whenever they come, and when nobody looks at them.

use super::*;

#[test]
fn files_enrol_where_the_flow_allows_them() {
    let from_file = |allowed: bool, scene: Scene| {
        let source = PictureSource::File { reason: "picture file".into() };
        let mut setup = FlowSetup::standard(FlowStart { source, attended: true, ..start(FlowKind::Enrol) }, profile("quick"));
        setup.allow_files = allowed;
        let mut bench = Bench::new(setup);
        bench.send(FlowEvent::Begin).next().fill("full_name", "Ada").next();
        bench.show(&Scene { origin: Origin::Camera, ..scene.clone() }, 1).show(&Scene { origin: Origin::File, ..scene }, 1);
        bench
    };
    assert_eq!(from_file(false, Scene::default()).screen(), "= refused FLW-05 refused-files-not-allowed");
    assert_eq!(from_file(true, Scene::empty()).screen(), "= refused BIO-01 picture-no-face");
    let mut bench = from_file(true, Scene { height: 0.2, offset: (0.5, 0.3), ..Scene::default() });
    bench.assessed(PadOutcome::NonResponse).duplicates(vec![]).next();
    let draft = bench.draft.unwrap();
    assert_eq!((draft.origin, draft.pad), (Origin::File, PadRecord::NotAssessed { reason: "picture file".into() }));
}

fn enrolling_from_a_file() -> Bench {
    let source = PictureSource::File { reason: "picture file".into() };
    let mut setup = FlowSetup::standard(FlowStart { source, attended: true, ..start(FlowKind::Enrol) }, profile("quick"));
    setup.allow_files = true;
    let mut bench = Bench::new(setup);
    bench.send(FlowEvent::Begin);
    bench
}

#[test]
fn a_picture_that_was_looked_at_before_the_flow_came_to_it_is_used() {
    let picture = Scene { origin: Origin::File, ..Scene::default() };
    for (steps, scene, expected) in [
        (0, &picture, "= working-assessing"),
        (1, &picture, "= working-assessing"),
        (0, &Scene { origin: Origin::File, ..Scene::empty() }, "= refused BIO-01 picture-no-face"),
    ] {
        let mut bench = enrolling_from_a_file();
        (0..steps).for_each(|_| _ = bench.next());
        bench.show(scene, 1);
        assert!(["= consent", "= details, complete false"].contains(&bench.screen().as_str()), "{}", bench.screen());
        (steps..1).for_each(|_| _ = bench.next());
        bench.fill("full_name", "Ada").next();
        assert_eq!(bench.screen(), expected);
    }
    // Taken again, it is the same picture.
    let mut bench = enrolling_from_a_file();
    bench.show(&picture, 1).next().fill("full_name", "Ada").next();
    let first = bench.attempt;
    bench.assessed(PadOutcome::NonResponse).duplicates(vec![]).input(FlowInput::Retake);
    assert_ne!(bench.attempt, first);
    bench.assessed(PadOutcome::NonResponse).duplicates(vec![]);
    assert_eq!(bench.screen(), "= review, 0 duplicates");
}

#[test]
fn a_picture_that_nobody_looks_at_ends_the_flow_with_a_code() {
    let mut bench = enrolling_from_a_file();
    bench.next().fill("full_name", "Ada").next();
    bench.send(FlowEvent::Lost(Fault::camera("CAM-01")));
    assert_eq!(bench.screen(), "= working-assessing", "no camera is needed");
    bench.send(FlowEvent::Lost(Fault::model("MOD-10")));
    assert_eq!(bench.screen(), "= refused MOD-10 refused-not-assessed");
    let mut bench = enrolling_from_a_file();
    bench.send(FlowEvent::Lost(Fault::model("MOD-10"))).next().fill("full_name", "Ada").next();
    assert_eq!(bench.screen(), "= refused MOD-10 refused-not-assessed");
    let mut bench = enrolling_from_a_file();
    bench.next().fill("full_name", "Ada").next();
    let (due, _) = bench.flow.next_deadline().expect("it is not waited for ever");
    bench.wait(due.since(ms(bench.now)).as_millis() as u64);
    assert_eq!(bench.screen(), "= refused FLW-30 refused-not-assessed");
}
