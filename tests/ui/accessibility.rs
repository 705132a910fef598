//! Assistive technology: everything that can be read or acted on has a name, and the keyboard alone reaches everything that can be acted on.

use crate::stage::{Stage, at_scene, press};
use egui::accesskit::{Action, Role};
use egui_kittest::kittest::{AccessKitNode, NodeT as _};
use std::collections::BTreeSet;
use visavis::ui::fixtures;

/// Roles whose whole point is what they say.
const READ: [Role; 4] = [Role::Label, Role::Heading, Role::Image, Role::Alert];

fn acted_on(node: &AccessKitNode<'_>) -> bool {
    let actions = [Action::Click, Action::Increment, Action::SetValue];
    let structure = [Role::Window, Role::GenericContainer, Role::ScrollView, Role::Pane, Role::Unknown, Role::ScrollBar];
    !structure.contains(&node.role()) && actions.iter().any(|action| node.data().supports_action(*action))
}

/// Whether it is part of a dialog over the page.
fn in_dialog(node: &AccessKitNode<'_>) -> bool {
    let mut at = node.parent();
    while let Some(parent) = at {
        if parent.role() == Role::Dialog {
            return true;
        }
        at = parent.parent();
    }
    false
}

/// Everything in the window that is not hidden.
fn shown(stage: &Stage) -> Vec<AccessKitNode<'_>> {
    let all = stage.root().children_recursive().map(|node| node.accesskit_node());
    all.filter(|node| !node.is_hidden()).collect()
}

/// What a screen reader would say: a label's own text, anything else by the name it was given.
fn name_of(node: &AccessKitNode<'_>) -> Option<String> {
    let own_text = || node.value().filter(|_| node.role() == Role::Label);
    node.label().or_else(own_text).filter(|name| !name.trim().is_empty())
}

/// Its role and name.
fn what(node: &AccessKitNode<'_>) -> String {
    format!("{:?} “{}”", node.role(), name_of(node).unwrap_or_default())
}

/// Its name, and where it is.
fn place_of(node: &AccessKitNode<'_>) -> String {
    format!("{} at {:?}", what(node), node.bounding_box())
}

#[test]
fn everything_that_is_read_or_acted_on_has_a_name() {
    let mut faults = BTreeSet::new();
    let mut named = 0;
    for scene in fixtures::scenes() {
        let name = scene.name;
        let stage = at_scene(scene);
        for node in shown(&stage).into_iter().filter(|node| acted_on(node) || READ.contains(&node.role())) {
            match name_of(&node) {
                Some(_) => named += 1,
                None => drop(faults.insert(format!("{name}: {} has no name", place_of(&node)))),
            }
        }
    }
    assert!(named > 200, "the nodes were found: {named}");
    assert!(faults.is_empty(), "{}", faults.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn tab_reaches_everything_that_can_be_acted_on() {
    let mut faults = BTreeSet::new();
    let mut count = 0;
    for scene in fixtures::scenes() {
        let name = scene.name;
        let mut stage = at_scene(scene);
        // By what they are, not where: what takes the focus may move.
        // A dialog keeps the keyboard to itself; lines of the palette are chosen by arrow keys while its field is typed in.
        let dialog = shown(&stage).iter().any(in_dialog);
        let meant = |n: &&AccessKitNode<'_>| acted_on(n) && !n.is_disabled() && n.role() != Role::MenuItem && in_dialog(n) == dialog;
        let wanted: BTreeSet<String> = shown(&stage).iter().filter(meant).map(what).collect();
        assert!(!wanted.is_empty() || !dialog, "{name}: the dialog can be acted on");
        count += wanted.len();
        let mut reached = BTreeSet::new();
        // Once around everything that takes the focus, whether or not it can be acted on now.
        let stops = shown(&stage).iter().filter(|n| n.data().supports_action(Action::Focus)).count();
        // What is scrolled into view on the way was not counted.
        for _ in 0..2 * stops + 4 {
            press(&mut stage, egui::Key::Tab);
            reached.extend(shown(&stage).iter().filter(|n| n.is_focused()).map(what));
        }
        faults.extend(wanted.difference(&reached).map(|missed| format!("{name}: {missed}")));
    }
    assert!(count > 100, "the buttons were found: {count}");
    assert!(faults.is_empty(), "not reached by Tab:\n{}", faults.into_iter().collect::<Vec<_>>().join("\n"));
}
