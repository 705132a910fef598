//! Sealed files on the command line: who may open them, whose are taken.

use crate::program::Place;

fn keys(place: &Place) -> (String, String) {
    let key = place.run(&["gallery", "key"]).expect(0).json();
    let text = |name: &str| key[name].as_str().expect("text").to_owned();
    (text("receives_as"), text("signs_as"))
}

#[test]
fn a_gallery_travels_to_the_machine_it_is_sealed_for() {
    let (here, there) = (Place::new(), Place::new());
    let ((own, signer), (receiver, stranger)) = (keys(&here), keys(&there));
    assert_eq!(keys(&here).0, own, "the machine keeps its key");
    here.run(&["gallery", "create", "staff"]).expect(0);
    let path = here.path().join("people.visavis");
    let file = path.to_str().expect("UTF-8");
    here.run(&["gallery", "export", file]).expect_error(2, "GAL-46");
    here.run(&["gallery", "export", file, "--to", "nonsense"]).expect_error(2, "GAL-45");
    here.run(&["gallery", "export", file, "--to", &receiver, "--gallery", "guests"]).expect_error(2, "GAL-06");
    assert!(!path.exists(), "an export that fails leaves no file");
    let report = here.run(&["gallery", "export", file, "--to", &receiver]).expect(0).json();
    assert_eq!((&report["schema"], &report["people"]), (&"visavis.gallery-export/1".into(), &0.into()));

    let taken = there.run(&["gallery", "import", file, "--from", &signer]).expect(0).json();
    assert_eq!(taken["report"]["people_added"], 0);
    there.run(&["gallery", "import", file, "--from", &stranger]).expect_error(2, "GAL-44");
    let unnamed = there.run(&["gallery", "import", file]).expect(2);
    assert!(unnamed.stderr.contains("--from-anyone"), "{}", unnamed.stderr);
    here.run(&["gallery", "import", file, "--from-anyone"]).expect_error(2, "GAL-42");
    let garbage = here.file("garbage", b"not sealed at all, whatever it says");
    here.run(&["gallery", "import", garbage.to_str().expect("UTF-8"), "--from-anyone"]).expect_error(2, "GAL-40");
    let mut cut = std::fs::read(&path).expect("written");
    cut.truncate(cut.len() - 1);
    let cut = here.file("cut", &cut);
    there.run(&["gallery", "import", cut.to_str().expect("UTF-8"), "--from-anyone"]).expect_error(2, "GAL-43");
    there.run(&["gallery", "import", "no-such-file", "--from-anyone"]).expect_error(2, "GAL-48");
}

#[test]
fn a_passphrase_opens_a_file_anywhere() {
    let (here, there) = (Place::new(), Place::new());
    let right = format!("file:{}", here.file("right", b"correct horse battery staple\n").display());
    let wrong = format!("file:{}", here.file("wrong", b"another\n").display());
    let path = here.path().join("people.visavis");
    let file = path.to_str().expect("UTF-8");
    here.run(&["gallery", "export", file, "--passphrase", "file:/no/such"]).expect_error(2, "GAL-49");
    here.run(&["gallery", "export", file, "--passphrase", &right]).expect(0);
    there.run(&["gallery", "import", file, "--from-anyone", "--passphrase", &wrong]).expect_error(2, "GAL-42");
    there.run(&["gallery", "import", file, "--from-anyone", "--passphrase", &right]).expect(0);
}
