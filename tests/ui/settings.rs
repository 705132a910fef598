//! The settings page: what is drafted, what is saved, what cannot be saved; and a camera's format.

use crate::stage::{commands, press, stage};
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use visavis::config::Change;
use visavis::runtime::messages::{Command, Notice, Seat};
use visavis::ui::fixtures;

#[test]
fn thresholds_are_changed_together_and_only_where_they_were_measured() {
    let mut stage = stage(Seat::Desk, fixtures::idle(false));
    stage.get_by_label("Settings").click();
    stage.run_steps(3);
    stage.get_by_label("measured: 1 in 870 to 1 in 1\u{a0}163");
    stage.get_by_role_and_label(Role::RadioButton, "Level 5 · Strictest, 1 in 100\u{a0}000").click();
    stage.run_steps(2);
    assert!(stage.query_by_label("Save").is_none(), "a level that was not measured cannot be chosen");
    stage.get_by_role_and_label(Role::RadioButton, "Level 4 · Strict, 1 in 10\u{a0}000").click();
    stage.get_by_label("More: Lead over the next person").click();
    stage.run_steps(3);
    stage.get_by_label("2 changes are not saved");
    stage.get_by_label("Save").click();
    stage.run_steps(2);
    let changes = vec![Change::set("identification.margin_percent", 4.0), Change::set("matching.level", 4)];
    assert_eq!(commands(&stage).last(), Some(&Command::ChangeSettings(changes)));
    stage.state_mut().backend_mut().answers.push(Notice::SettingsKept);
    stage.run_steps(2);
    assert!(stage.query_by_label("Save").is_none(), "nothing is left to save");
    stage.get_by_label("The settings are saved and in force.");
}

#[test]
fn a_profile_is_changed_number_by_number_and_never_into_a_contradiction() {
    let mut stage = stage(Seat::Desk, fixtures::idle(false));
    stage.get_by_label("Settings").click();
    stage.run_steps(3);
    let more = "More: Head turned, Asked for";
    for _ in 0..2 {
        stage.get_by_label(more).scroll_to_me();
        stage.run_steps(4);
        stage.get_by_label(more).click();
        stage.run_steps(2);
    }
    stage.get_by_role_and_label(Role::SpinButton, "Head turned, Asked for: 10°");
    for _ in 0..12 {
        stage.get_by_label(more).click();
        stage.run_steps(2);
    }
    stage.get_by_role_and_label(Role::SpinButton, "Head turned, Asked for: 15°");
    stage.get_by_label("Save").click();
    stage.run_steps(2);
    let changes = vec![Change::set("capture.profiles.liveness.pose.yaw.hint", 15.0)];
    assert_eq!(commands(&stage).last(), Some(&Command::ChangeSettings(changes)), "never more than what stops capture");
}

#[test]
fn demands_of_documents_are_typed_and_saved_and_a_wrong_one_is_not() {
    let mut stage = stage(Seat::Desk, fixtures::idle(false));
    stage.get_by_label("Settings").click();
    stage.run_steps(3);
    let youngest = "Youngest age";
    stage.get_by_role_and_label(Role::TextInput, youngest).scroll_to_me();
    stage.run_steps(4);
    stage.get_by_role_and_label(Role::TextInput, youngest).focus();
    stage.run_steps(2);
    stage.get_by_role_and_label(Role::TextInput, youngest).type_text("181");
    stage.run_steps(3);
    stage.get_by_label("Please write 0 to 130 years. Leave it empty for no limit.");
    stage.get_by_label("Save").click();
    stage.run_steps(2);
    assert!(!commands(&stage).iter().any(|c| matches!(c, Command::ChangeSettings(_))), "what is wrong is not saved");
    stage.get_by_role_and_label(Role::TextInput, youngest).focus();
    press(&mut stage, egui::Key::End);
    press(&mut stage, egui::Key::Backspace);
    assert!(stage.query_by_label_contains("0 to 130 years").is_none(), "mended");
    stage.get_by_label("More: Captures").click();
    stage.run_steps(2);
    stage.get_by_role_and_label(Role::RadioButton, "Expired documents: Accepted").click();
    stage.run_steps(2);
    stage.get_by_label("Not needed: every expired document is accepted.");
    stage.get_by_label("Save").click();
    stage.run_steps(2);
    let changes = vec![
        Change::set("documents.minimum_age", 18),
        Change::set("documents.most_captures", 4),
        Change::set("documents.refuse_expired", false),
    ];
    assert_eq!(commands(&stage).last(), Some(&Command::ChangeSettings(changes)));
    stage.state_mut().backend_mut().answers.push(Notice::SettingsKept);
    stage.run_steps(2);
    assert!(stage.query_by_label("Save").is_none(), "nothing is left to save");
}

#[test]
fn a_cameras_format_is_chosen_by_hand_and_kept() {
    let mut stage = stage(Seat::Desk, fixtures::idle(false));
    stage.get_by_label("Devices").click();
    stage.run_steps(4);
    stage.get_by_role_and_label(Role::RadioButton, "Logitech BRIO: 1920 × 1080, MJPEG, 30 a second").click();
    stage.run_steps(2);
    let changes = vec![
        Change::set("camera.device", "webcam:0"),
        Change::set("camera.width", 1920),
        Change::set("camera.height", 1080),
        Change::set("camera.pixels", "mjpeg"),
        Change::set("camera.rate", 30.0),
    ];
    assert_eq!(commands(&stage).last(), Some(&Command::ChangeSettings(changes)));
}
