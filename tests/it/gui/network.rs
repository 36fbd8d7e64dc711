//! Network: endpoints are tried out, switched off, removed; sources are compared.

use std::sync::Arc;

use egui_kittest::kittest::{NodeT as _, Queryable as _};
use lifeboat::app::{
    Answer, BaseFeesAnswer, Command, ContractAnswer, ContractQuestion, EndpointKind, Loadable, Question,
    Reason, Trial, TrialOutcome,
};
use lifeboat::gui::{Screen, refresh};

use super::lab::{Desk, Window, click, desk, open_at, says};

/// Everything is in sight without scrolling.
fn open_window(desk: Desk) -> Window {
    open_at(desk, egui::vec2(1100.0, 2600.0))
}

#[test]
fn an_endpoint_is_tried_before_it_joins() {
    let mut desk = desk(Screen::Network);
    desk.state.network.adding = true;
    desk.state.network.url.text = "ftp://x".to_owned();
    let mut window = open_window(desk);
    click(&mut window, "Test and add");
    assert!(says(&window, "give an http:// or https:// address"));
    assert!(window.state().sent.is_empty());

    window.state_mut().state.network.url.text = "http://my.node:8545".to_owned();
    window.run();
    assert!(says(&window, "Without https others on your network can read what you ask."));
    click(&mut window, "Test and add");
    let [Command::AddEndpoint { config, anyway: false }] = window.state().sent.as_slice() else {
        panic!("{:?}", window.state().sent)
    };
    assert_eq!((config.kind, config.url.as_str()), (EndpointKind::Execution, "http://my.node:8545/"));
}

#[test]
fn what_came_of_a_trial_is_said() {
    for (outcome, said) in [
        (
            TrialOutcome::WrongNetwork { found: "137".to_owned(), expected: "1".to_owned() },
            "x serves chain 137, not 1. It was not added.",
        ),
        (TrialOutcome::AddedWithoutProofs, "x works, but serves no proofs: used for sending only."),
        (TrialOutcome::Added, "x works and was added."),
    ] {
        let mut desk = desk(Screen::Network);
        desk.state.network.adding = true;
        desk.snapshot.trial = Some(Trial { label: "x".to_owned(), kind: EndpointKind::Execution, outcome });
        assert!(says(&open_window(desk), said), "{said}");
    }
    let mut desk = desk(Screen::Network);
    desk.state.network.adding = true;
    desk.state.network.url.text = "https://a.example".to_owned();
    let outcome = TrialOutcome::NoAnswer("no answer within 4000 ms".to_owned());
    desk.snapshot.trial = Some(Trial { label: "x".to_owned(), kind: EndpointKind::Execution, outcome });
    let mut window = open_window(desk);
    click(&mut window, "Add it anyway");
    assert!(matches!(window.state().sent.as_slice(), [Command::AddEndpoint { anyway: true, .. }]));
}

#[test]
fn an_endpoint_is_switched_off_and_removed() {
    let mut desk = desk(Screen::Network);
    let mut endpoints = desk.snapshot.endpoints.to_vec();
    endpoints[0].by_user = true;
    let id = endpoints[0].id.clone();
    let label = format!("Asked: {id} {}", endpoints[0].kind.name());
    desk.snapshot.endpoints = endpoints.into();
    let mut window = open_window(desk);
    click(&mut window, &label);
    click(&mut window, &format!("Remove: {id}"));
    assert_eq!(
        window.state().sent,
        [Command::SetEndpoint { endpoint: id.clone(), on: false }, Command::RemoveEndpoint(id)]
    );
}

#[test]
fn sources_are_compared_and_all_are_tested() {
    let mut window = open_window(desk(Screen::Network));
    click(&mut window, "Compare sources");
    click(&mut window, "Test all endpoints");
    assert_eq!(window.state().sent, [Command::CompareCheckpoints, Command::ProbeEndpoints]);
}

#[test]
fn before_anything_is_sent_the_list_comes_first() {
    let mut desk = desk(Screen::Network);
    desk.snapshot.offline = true;
    desk.snapshot.head = None;
    desk.snapshot.answers = Arc::default();
    let mut window = open_window(desk);
    assert!(says(&window, "Nothing has been sent. These endpoints would be asked"));
    assert!(window.get_by_label("Test all endpoints").accesskit_node().is_disabled());
    window.get_all_by_label("Go online").next().unwrap().click();
    window.run();
    assert!(window.state().sent.contains(&Command::SetOffline(false)));
}

#[test]
fn the_base_fee_is_a_line_and_the_same_in_words() {
    let question = Question::Contract(ContractQuestion::BaseFees(256));
    let desk = desk(Screen::Network);
    let at = desk.snapshot.head.unwrap().block.unwrap();
    let mut window = open_window(desk);
    let asked = |desk: &mut Desk| {
        desk.sent.clear();
        refresh(&desk.snapshot, &mut desk.state, &mut desk.sent);
        desk.sent.contains(&Command::Ask(question.clone()))
    };
    assert!(!asked(window.state_mut()), "it was asked for when the screen opened");
    window.state_mut().state.now_ms += 61_000;
    assert!(asked(window.state_mut()), "it is old");
    assert!(says(&window, "Reading headers"));
    let fees = vec![(at.number - 1, 1_500_000_000), (at.number, 840_000_000)];
    let answer = ContractAnswer::BaseFees(BaseFeesAnswer { at, fees });
    let state = window.state_mut();
    Arc::make_mut(&mut state.snapshot.answers)
        .insert(question.clone(), Loadable::Ready(Answer::Contract(Arc::new(answer))));
    window.run();
    let words = "now 0.84 gwei, lowest 0.84 gwei, highest 1.5 gwei";
    assert!(says(&window, "Base fee of the last 2 blocks") && says(&window, words));
    let charts = |window: &Window| {
        let nodes = window.root().children_recursive();
        nodes.filter(|node| node.accesskit_node().role() == egui::accesskit::Role::Image).count()
    };
    assert_eq!(charts(&window), 1);
    window.state_mut().state.kept.calm = true;
    window.run();
    assert!(says(&window, words) && charts(&window) == 0, "calm mode has no charts");
    let state = window.state_mut();
    let reason = Reason::new("No endpoint gave the headers", "no fee is shown", "try again");
    Arc::make_mut(&mut state.snapshot.answers)
        .insert(question.clone(), Loadable::Failed { reason, previous: None });
    window.run();
    assert!(says(&window, "No endpoint gave the headers") && !says(&window, "gwei, lowest"));
}
