//! Banners of flows 11, 12 and 13: what happened, what it means, what can be done, and which command that sends.

use std::sync::Arc;

use egui_kittest::kittest::Queryable as _;
use lifeboat::app::{Command, EndpointKind, Lie, Loadable, Notice, Reason, Standing, SyncView};
use lifeboat::gui::Screen;

use super::lab::{Desk, accounts_question, click, desk, open_window, says, tokens_question, words};

fn stand(desk: &mut Desk, of: impl Fn(EndpointKind, usize) -> Standing) {
    let mut endpoints = desk.snapshot.endpoints.to_vec();
    for (at, one) in endpoints.iter_mut().enumerate() {
        one.standing = of(one.kind, at);
    }
    desk.snapshot.endpoints = endpoints.into();
}

fn failing() -> Standing {
    Standing::Failing { why: "cannot connect (Connection refused)".to_owned() }
}

fn all_down() -> Desk {
    let mut desk = desk(Screen::Home);
    stand(&mut desk, |_, _| failing());
    desk.snapshot.sync = SyncView::Failed(Reason::new("No endpoint gave an answer", "-", "-"));
    let head = desk.snapshot.head.unwrap().proven.slot();
    desk.state.now_ms = desk.snapshot.network.slot_start_ms(head) + 14 * 60_000;
    desk.snapshot.next_try_ms = Some(desk.state.now_ms + 8_000);
    desk
}

#[test]
fn all_endpoints_down() {
    let desk = all_down();
    let block = desk.snapshot.head.unwrap().block.unwrap().number;
    let mut window = open_window(desk);
    assert!(says(&window, "No endpoint is answering. Last verified 14 min ago."), "{:?}", words(&window));
    let means = format!(
        "This does not move or lock your funds: Lifeboat just cannot read the chain now. Amounts are the last verified \
         ones, block {block}. Next try in 8 s."
    );
    assert!(says(&window, &means), "{:?}", words(&window));
    assert!(says(&window, "Hosts are there but refuse or do not answer"));
    assert!(says(&window, "ETH balance of Main. Known as: Stale 14 min"), "{:?}", words(&window));
    assert!(says(&window, "9979."), "the last verified amount stays");
    assert!(!says(&window, "Known as: Latest"));
    click(&mut window, "Retry now");
    assert!(window.state().sent.contains(&Command::ProbeEndpoints));
    click(&mut window, "Work offline");
    assert!(window.state().sent.contains(&Command::SetOffline(true)));
    click(&mut window, "Add an endpoint");
    assert_eq!(window.state().state.screen, Screen::Network);
    assert!(window.state().state.network.adding);
}

#[test]
fn the_users_own_connection_is_told_apart() {
    let mut desk = all_down();
    let dns =
        || Standing::Failing { why: "cannot connect (failed to lookup address information)".to_owned() };
    stand(&mut desk, |_, _| dns());
    let window = open_window(desk);
    assert!(says(&window, "No host name can be looked up: your own connection seems to be down."));
}

#[test]
fn one_back_is_not_all_down() {
    let mut desk = all_down();
    stand(&mut desk, |_, at| if at == 0 { Standing::Healthy } else { failing() });
    let window = open_window(desk);
    assert!(!says(&window, "No endpoint is answering."));
}

fn with_a_liar() -> Desk {
    let mut desk = desk(Screen::Home);
    let rule = "the claimed balance differs from the proven one".to_owned();
    let liar = desk.snapshot.endpoints.iter().position(|one| one.kind == EndpointKind::Execution).unwrap();
    let out = rule.clone();
    stand(&mut desk, move |_, at| {
        if at == liar { Standing::Quarantined { rule: out.clone() } } else { Standing::Healthy }
    });
    let endpoint = desk.snapshot.endpoints[liar].id.clone();
    let lie = Lie { endpoint, rule, bytes: vec![1, 2, 3].into(), at_ms: desk.state.now_ms };
    desk.snapshot.lies = Arc::new([lie]);
    desk.snapshot.notices = Arc::new([Notice { text: "it gave an answer that broke a rule".to_owned() }]);
    desk
}

#[test]
fn a_lie_that_others_refute_leaves_the_numbers() {
    let desk = with_a_liar();
    let name = desk.snapshot.lies[0].endpoint.to_string();
    let mut window = open_window(desk);
    assert!(says(
        &window,
        &format!("{name} sent false data: the claimed balance differs from the proven one.")
    ));
    let second = format!("Lifeboat rejected it and stopped using {name}. Your numbers are proven by others.");
    assert!(says(&window, &second), "{:?}", words(&window));
    assert!(says(&window, "ETH balance of Main. Known as: Latest"), "numbers stay");
    click(&mut window, "Copy as evidence");
    click(&mut window, "See the proof");
    assert_eq!(window.state().state.screen, Screen::Network);
    window.run();
    click(&mut window, &format!("Forgive: {name}"));
    assert!(matches!(window.state().sent.last(), Some(Command::Forgive(who)) if who.to_string() == name));
}

#[test]
fn what_nobody_can_prove_is_not_shown() {
    let mut desk = with_a_liar();
    let mut reason = Reason::new("Every answer was refused", "none was used", "add an endpoint");
    reason.refuted = true;
    let answers = Arc::make_mut(&mut desk.snapshot.answers);
    answers.insert(accounts_question(), Loadable::Failed { reason, previous: None });
    let window = open_window(desk);
    assert!(says(&window, "No endpoint could prove this. Do not act on numbers from anywhere else."));
    assert!(says(&window, "ETH balance of Main. Known as: Refuted"));
    assert!(words(&window).iter().any(|text| text == "—"));
    assert!(!says(&window, "9979."), "{:?}", words(&window));
    window.get_by_label("1 more. Messages");
}

#[test]
fn a_wrong_clock() {
    let mut desk = desk(Screen::Home);
    desk.snapshot.clock_skew_ms = Some(250_000);
    let mut window = open_window(desk);
    let said = "Your computer clock is 4 min 10 s behind the network. Ages shown may be wrong, and new blocks may be \
                refused.";
    assert!(says(&window, said), "{:?}", words(&window));
    click(&mut window, "Continue, ages say \"about\"");
    assert!(says(&window, " · about "), "{:?}", words(&window));
}

#[test]
fn offline_by_choice_is_no_failure() {
    let mut desk = desk(Screen::Home);
    desk.snapshot.offline = true;
    let mut window = open_window(desk);
    assert!(says(&window, "You work offline: nothing is asked of anybody."));
    assert!(says(&window, "Offline by choice. Opens Network."));
    click(&mut window, "Go online");
    assert_eq!(window.state().sent, [Command::SetOffline(false)]);
}

#[test]
fn only_one_banner_stands_and_the_others_are_counted() {
    let mut desk = with_a_liar();
    desk.snapshot.clock_skew_ms = Some(-90_000);
    let mut window = open_window(desk);
    let banners = words(&window).iter().filter(|text| text.contains("sent false data")).count();
    assert!(banners >= 1);
    assert!(!says(&window, "Your computer clock"), "it waits in Messages");
    click(&mut window, "1 more. Messages");
    assert!(says(&window, "Your computer clock is 1 min 30 s ahead of the network."));
}

/// After an outage the tokens are not left stale for a minute; while it lasts nobody is asked every few seconds.
#[test]
fn what_failed_is_asked_again_soon_after_an_outage() {
    let mut desk = desk(Screen::Home);
    let tokens = Command::Ask(tokens_question());
    let reason = Reason::new("No endpoint gave an answer", "only the way failed", "try again");
    let failed = Loadable::Failed { reason: reason.clone(), previous: None };
    Arc::make_mut(&mut desk.snapshot.answers).insert(tokens_question(), failed);
    let asked = |desk: &mut Desk, later_ms: u64| {
        desk.state.now_ms += later_ms;
        desk.sent.clear();
        lifeboat::gui::refresh(&desk.snapshot, &mut desk.state, &mut desk.sent);
        desk.sent.contains(&tokens)
    };
    desk.snapshot.no_reads = Some(reason);
    assert!(!asked(&mut desk, 6_000), "the outage lasts");
    desk.snapshot.no_reads = None;
    assert!(asked(&mut desk, 1), "reads work again");
    assert!(!asked(&mut desk, 1_000), "once");
}
