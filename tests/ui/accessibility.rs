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
        let wanted: BTreeSet<String> = shown(&stage).iter().filter(|n| acted_on(n) && !n.is_disabled()).map(what).collect();
        count += wanted.len();
        let mut reached = BTreeSet::new();
        // Once around everything that takes the focus, whether or not it can be acted on now.
        let stops = shown(&stage).iter().filter(|n| n.data().supports_action(Action::Focus)).count();
        for _ in 0..stops + 4 {
            press(&mut stage, egui::Key::Tab);
            reached.extend(shown(&stage).iter().filter(|n| n.is_focused()).map(what));
        }
        faults.extend(wanted.difference(&reached).map(|missed| format!("{name}: {missed}")));
    }
    assert!(count > 100, "the buttons were found: {count}");
    assert!(faults.is_empty(), "not reached by Tab:\n{}", faults.into_iter().collect::<Vec<_>>().join("\n"));
}
