//! Changing settings: what is kept, what is refused, and that a refusal changes nothing.

use super::*;
use crate::biometrics::comparison::OperatingPoint;
use std::sync::Arc;

const TEXT: &str = "# Branch 12\n[matching]\nlevel = 2 # agreed in May\n";

fn calibration() -> Calibration {
    let point = |fmr: f64, threshold| OperatingPoint { fmr, threshold, low: fmr * 0.9, high: fmr * 1.1 };
    Calibration::new("r@1", "made up", 30_000, vec![point(1e-2, 0.3), point(3e-3, 0.35), point(1e-3, 0.4), point(1e-4, 0.5)]).unwrap()
}

struct Desk {
    folder: tempfile::TempDir,
    file: SettingsFile,
}

fn desk(overrides: Vec<(String, Value)>) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("visavis.toml");
    std::fs::write(&path, TEXT).unwrap();
    Desk { file: SettingsFile::new(path, overrides).calibrated(Some(calibration())), folder }
}

impl Desk {
    fn text(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("visavis.toml")).unwrap()
    }

    fn files(&self) -> usize {
        std::fs::read_dir(self.folder.path()).unwrap().count()
    }
}

#[test]
fn a_change_is_kept_with_the_remarks_around_it() {
    let mut desk = desk(Vec::new());
    let changes = [Change::set("matching.level", 4), Change::set("capture.profiles.quick.attempts", 5)];
    let checked = desk.file.change(&changes).unwrap();
    assert_eq!(checked.config.matching.level, 4);
    assert_eq!(checked.profiles.get("quick").unwrap().attempts, 5);
    assert!(desk.text().starts_with("# Branch 12\n[matching]\nlevel = 4 # agreed in May\n"), "{}", desk.text());
    let again = Effective::from_layers(Some(&desk.text()), &[]).unwrap().config;
    assert_eq!(again, checked.config, "the next start reads what was put in force");
    assert_eq!(desk.files(), 1, "nothing half-written is left");
}

#[test]
fn what_would_not_be_valid_is_refused_and_changes_nothing() {
    let cases = [
        (Change::set("matching.level", 9), "CFG-03"),
        (Change::set("matching.levle", 3), "CFG-02"),
        (Change::set("matching.level", 5), "BIO-22"),
        (Change::set("capture.profile", "lobby"), "FLW-12"),
        (Change::set("capture.profiles.quick.pose.yaw.hint", 80.0), "FLW-13"),
        (Change::set("capture.profiles.quick.patience", 80), "FLW-13"),
        (Change::set("camera.rate", "fast"), "CFG-02"),
        (Change::set("documents.minimum_age", 131), "CFG-03"),
        (Change::set("documents.issuers", vec!["FRA", "FRE"]), "CFG-03"),
    ];
    for (change, code) in cases {
        let mut desk = desk(Vec::new());
        let error = desk.file.change(std::slice::from_ref(&change)).expect_err(&change.key);
        assert_eq!(error.advice().code, code, "{}: {error}", change.key);
        assert_eq!(desk.text(), TEXT, "{}", change.key);
        assert_eq!(desk.files(), 1, "{}", change.key);
    }
}

#[test]
fn an_option_of_the_command_line_gives_way_to_what_is_chosen_later() {
    let mut desk = desk(vec![("capture.profile".into(), "knomi".into()), ("camera.device".into(), "synthetic".into())]);
    let checked = desk.file.change(&[Change::set("matching.level", 3)]).unwrap();
    assert_eq!((checked.config.capture.profile.as_str(), checked.config.camera.device.as_str()), ("knomi", "synthetic"));
    let checked = desk.file.change(&[Change::set("capture.profile", "portrait")]).unwrap();
    assert_eq!((checked.config.capture.profile.as_str(), checked.config.camera.device.as_str()), ("portrait", "synthetic"));
    assert!(!desk.text().contains("synthetic"), "an option is not written into the file");
}

#[test]
fn a_file_that_is_not_there_yet_is_made_and_one_that_cannot_be_is_said_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/visavis.toml");
    SettingsFile::new(path.clone(), Vec::new()).change(&[Change::set("matching.level", 1)]).unwrap();
    assert!(std::fs::read_to_string(&path).unwrap().contains("level = 1"));
    // A file where the folder should be.
    let blocked = path.join("visavis.toml");
    let error = SettingsFile::new(blocked, Vec::new()).change(&[Change::set("matching.level", 1)]).unwrap_err();
    assert_eq!(error.advice().code, "CFG-05");
    // A file that is meant to stay as it is.
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    let error = SettingsFile::new(path, Vec::new()).change(&[Change::set("matching.level", 2)]).unwrap_err();
    assert_eq!(error.advice().code, "CFG-05");
}

#[test]
#[cfg(unix)]
fn permissions_and_links_are_kept() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = desk(Vec::new());
    let (real, link) = (desk.folder.path().join("visavis.toml"), desk.folder.path().join("link.toml"));
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    SettingsFile::new(link.clone(), Vec::new()).change(&[Change::set("matching.level", 1)]).unwrap();
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(std::fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(desk.text().contains("level = 1"));
}

#[test]
fn changes_are_made_in_the_order_asked_and_before_the_end() {
    let desk = desk(Vec::new());
    let mut worker = SettingsWorker::start(Some(desk.file.clone()), Arc::new(|| ())).unwrap();
    let pending: Vec<_> = (1..=4).map(|level| worker.change(vec![Change::set("matching.level", level)])).collect();
    assert!(worker.shut_down(Duration::from_secs(20)));
    let levels: Vec<u8> = pending.iter().map(|p| p.try_get().unwrap().unwrap().config.matching.level).collect();
    assert_eq!(levels, [1, 2, 3, 4]);
    assert!(desk.text().contains("level = 4"));
    assert_eq!(worker.change(Vec::new()).try_get(), Some(Err(SettingsError::NotHere)));
}
