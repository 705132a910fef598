//! People leaving in sealed files: nothing without a recipient, progress that can be broken off, the result in words.

use crate::stage::{Stage, commands, stage};
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use visavis::runtime::messages::{Command, Notice, Seat, TransferView};
use visavis::runtime::transfer::{ExportOrder, ExportReport};
use visavis::ui::fixtures;
use visavis::units::SensitiveText;

#[test]
fn people_leave_only_sealed_for_somebody() {
    let mut stage = stage(Seat::Desk, fixtures::idle(false));
    stage.get_by_label("Gallery").click();
    stage.run_steps(4);
    stage.get_by_label("Export…").click();
    stage.run_steps(4);
    assert!(commands(&stage).contains(&Command::AskMachineKeys));
    let write = |stage: &mut Stage, role: Role, label: &str, words: &str| {
        stage.get_by_role_and_label(role, label).focus();
        stage.run_steps(2);
        stage.event(egui::Event::Text(words.to_owned()));
        stage.run_steps(2);
    };
    write(&mut stage, Role::TextInput, "File", "/media/stick/people.visavis");
    stage.get_by_label("Please name a machine, or give a passphrase.");
    stage.get_by_label("Export").click();
    stage.run_steps(2);
    assert!(commands(&stage).iter().all(|c| !matches!(c, Command::Export(_))), "not without a recipient");
    write(&mut stage, Role::PasswordInput, "Passphrase", "a long one");
    write(&mut stage, Role::PasswordInput, "the same again", "a long one");
    stage.get_by_label("Export").click();
    stage.run_steps(2);
    let order = ExportOrder {
        to: "/media/stick/people.visavis".into(),
        gallery: None,
        recipients: Vec::new(),
        passphrase: Some(SensitiveText("a long one".into())),
    };
    assert_eq!(commands(&stage).last(), Some(&Command::Export(order)));

    stage.state_mut().backend_mut().snapshot.status.transfer =
        Some(TransferView { importing: false, people: 1_204, of: Some(10_482), cancelled: false });
    stage.run_steps(3);
    stage.get_by_role_and_label(Role::ProgressIndicator, "1\u{a0}204 of 10\u{a0}482 done");
    stage.get_by_label("Break off").click();
    stage.run_steps(2);
    assert_eq!(commands(&stage).last(), Some(&Command::CancelTransfer));

    stage.state_mut().backend_mut().snapshot.status.transfer = None;
    let report = ExportReport { people: 10_482, records: 10_500, pictures: 20_964 };
    stage.state_mut().backend_mut().answers.push(Notice::Exported(report));
    stage.run_steps(3);
    stage.get_by_label("People: 10\u{a0}482. Registrations: 10\u{a0}500. Pictures: 20\u{a0}964.");
    stage.get_by_label("Close").click();
    stage.run_steps(3);
    assert!(stage.query_by_label("Exported").is_none());
}
