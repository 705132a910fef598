//! What only a desk may do: other settings, kept and in force at once; people leaving and entering in sealed files.

use crate::stage::{Stage, stage_at, stage_configured};
use visavis::advice::Advice;
use visavis::config::Change;
use visavis::ports::audit::AuditEvent;
use visavis::runtime::messages::{Command, Notice, Seat};
use visavis::runtime::settings::SettingsFile;
use visavis::runtime::transfer::{ExportOrder, ImportOrder};
use visavis::units::SensitiveText;
use visavis::workflow::input::FlowInput;
use visavis::workflow::view::FlowKind;

fn advice(stage: &Stage) -> Option<Advice> {
    stage.notices.iter().rev().find_map(|n| if let Notice::Failed(_, advice) = n { Some(*advice) } else { None })
}

fn kept(stage: &Stage) -> bool {
    stage.notices.iter().any(|n| matches!(n, Notice::SettingsKept))
}

fn export(file: &std::path::Path) -> Command {
    let passphrase = Some(SensitiveText("a long enough one".into()));
    Command::Export(ExportOrder { to: file.to_owned(), gallery: None, recipients: Vec::new(), passphrase })
}

fn import(file: &std::path::Path) -> Command {
    Command::Import(ImportOrder { from: file.to_owned(), trusted: None, passphrase: Some(SensitiveText("a long enough one".into())) })
}

#[test]
fn a_kiosk_changes_no_settings_and_lets_nobody_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("visavis.toml");
    let mut stage = stage_at(Seat::Kiosk, Some(SettingsFile::new(path.clone(), Vec::new())), |store| store);
    for (command, code) in [
        (Command::ChangeSettings(vec![Change::set("matching.level", 1)]), "CFG-06"),
        (export(&folder.path().join("out")), "GAL-51"),
        (import(&folder.path().join("out")), "GAL-51"),
        (Command::AskMachineKeys, "GAL-51"),
    ] {
        stage.app.handle(command.clone());
        stage.poll();
        assert_eq!(advice(&stage).map(|a| a.code), Some(code), "{command:?}");
    }
    assert!(!stage.app.snapshot().status.settings.changeable);
    assert!(stage.end());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn settings_are_in_force_when_they_are_kept_and_said_so_in_the_audit_trail() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("visavis.toml");
    let mut stage = stage_at(Seat::Desk, Some(SettingsFile::new(path.clone(), Vec::new())), |store| store);
    assert!(stage.app.snapshot().status.settings.changeable);
    stage.app.handle(Command::ChangeSettings(vec![
        Change::set("matching.level", 4),
        Change::set("capture.profile", "portrait"),
        Change::set("capture.profiles.portrait.attempts", 2),
    ]));
    stage.until("the settings are kept", kept);
    let status = stage.app.snapshot().status;
    assert_eq!((status.match_level, status.false_match_rate, status.capture_profile.as_str()), (4, 1e-4, "portrait"));
    assert_eq!(status.settings.profiles.get("portrait").unwrap().attempts, 2);
    // The next flow is captured by them.
    stage.start(FlowKind::Identify);
    let attempts = |s: &Stage| match s.view() {
        Some(visavis::workflow::view::StepView::Face(view)) => Some(view.attempts_left),
        _ => None,
    };
    stage.until("the face step", |s| attempts(s).is_some());
    assert_eq!(attempts(&stage), Some(2));
    let audit = std::sync::Arc::clone(&stage.audit.0);
    assert!(stage.end());
    let changed = |e: &AuditEvent| matches!(e, AuditEvent::SettingsChanged { keys } if keys.len() == 3 && keys[0] == "matching.level");
    assert!(audit.lock().unwrap().iter().any(changed));
    assert!(std::fs::read_to_string(path).unwrap().contains("level = 4"));
}

#[test]
fn what_is_demanded_of_documents_holds_from_the_next_check_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("visavis.toml");
    let mut stage = stage_at(Seat::Desk, Some(SettingsFile::new(path, Vec::new())), |store| store);
    let demanded = |s: &Stage| s.app.flow().map(|flow| flow.setup().documents.clone()).expect("a check");
    stage.start(FlowKind::VerifyId);
    let before = demanded(&stage);
    stage.app.handle(Command::ChangeSettings(vec![
        Change::set("documents.minimum_age", 18),
        Change::set("documents.issuers", vec!["FRA"]),
        Change::set("documents.most_captures", 5),
    ]));
    stage.until("the settings are kept", kept);
    assert_eq!(stage.app.snapshot().status.settings.documents.minimum_age, 18);
    assert_eq!(demanded(&stage), before, "a check keeps the rules it began with");
    stage.input(FlowInput::Cancel);
    stage.start(FlowKind::VerifyId);
    let after = demanded(&stage);
    // Practice accepts its specimens beside them.
    assert_eq!((after.minimum_age, after.issuers, after.most_captures), (Some(18), vec!["FRA".to_owned(), "UTO".to_owned()], 5));
    assert!(stage.end());
}

#[test]
fn a_change_that_is_refused_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("visavis.toml");
    let mut stage = stage_at(Seat::Desk, Some(SettingsFile::new(path.clone(), Vec::new())), |store| store);
    let before = stage.app.snapshot().status;
    stage.app.handle(Command::ChangeSettings(vec![Change::set("matching.level", 2), Change::set("capture.profiles.quick.burst", 900)]));
    stage.until("the refusal", |s| advice(s).is_some());
    assert_eq!(advice(&stage).map(|a| a.code), Some("FLW-13"));
    assert_eq!(stage.app.snapshot().status.match_level, before.match_level);
    assert!(!path.exists());
}

#[test]
fn people_leave_and_enter_and_no_flow_begins_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.visavis");
    let mut stage = stage_at(Seat::Desk, None, |store| store);
    stage.start_enrolment();
    stage.finish_enrolment(3);
    stage.app.handle(export(&file));
    stage.poll();
    assert_eq!(advice(&stage).map(|a| a.code), Some("GAL-53"), "not during a flow");
    stage.input(visavis::workflow::input::FlowInput::Next);
    stage.until("the flow is over", |s| s.view().is_none());

    stage.app.handle(export(&file));
    assert!(stage.app.snapshot().status.transfer.is_some());
    stage.app.handle(Command::StartFlow { flow: FlowKind::Identify, claim: None });
    stage.app.handle(export(&file));
    assert!(stage.view().is_none(), "its questions would wait behind the export");
    stage.until("the export", |s| s.notices.iter().any(|n| matches!(n, Notice::Exported(report) if report.people == 1)));
    assert_eq!(advice(&stage).map(|a| a.code), Some("GAL-52"));
    assert!(stage.app.snapshot().status.transfer.is_none());
    stage.app.handle(import(&file));
    stage.until("the import", |s| s.notices.iter().any(|n| matches!(n, Notice::Imported(report, _) if report.people_unchanged == 1)));
    // The trail is written on a thread of its own; at the end everything is in it.
    let audit = std::sync::Arc::clone(&stage.audit.0);
    assert!(stage.end());
    let changes = audit.lock().unwrap().iter().filter(|e| matches!(e, AuditEvent::GalleryChanged { .. })).count();
    assert_eq!(changes, 2, "both are in the audit trail");
}

#[test]
fn an_import_of_something_else_is_refused_and_the_desk_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.visavis");
    std::fs::write(&file, b"not a sealed file").unwrap();
    let mut stage = stage_at(Seat::Desk, None, |store| store);
    stage.app.handle(import(&file));
    stage.until("the refusal", |s| advice(s).is_some());
    assert!(stage.app.snapshot().status.transfer.is_none());
    stage.start(FlowKind::Identify);
    assert!(stage.view().is_some());
    assert!(stage.end());
}

/// Also after the seat went over from practice to real people: what was let through at the start is asked again.
#[test]
fn nobody_real_is_enrolled_with_models_whose_terms_were_not_accepted() {
    for (text, code) in [("", Some("MOD-21")), ("accept_model_terms = true", None)] {
        let mut stage = stage_configured(Seat::Desk, text, None, |store| store);
        stage.app.handle(Command::StartFlow { flow: FlowKind::Enrol, claim: None });
        stage.poll();
        assert!(stage.app.flow().is_some(), "practice needs no leave");
        stage.app.handle(Command::Flow(FlowInput::Cancel));
        stage.app.handle(Command::UseCamera("webcam".into()));
        stage.app.handle(Command::StartFlow { flow: FlowKind::Enrol, claim: None });
        stage.poll();
        assert_eq!(advice(&stage).map(|a| a.code), code);
        assert_eq!(stage.app.flow().is_some(), code.is_none());
        // Before the scripted camera says that it is none of those to be trusted, which ends the flow for another reason.
        stage.app.handle(Command::StartFlow { flow: FlowKind::Identify, claim: None });
        assert!(stage.app.flow().is_some(), "a search needs no leave");
        assert!(stage.end());
    }
}
