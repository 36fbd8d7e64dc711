//! The practice panel: what is ordered of endpoints and of the market, and that a real network has neither.

use lifeboat::gui::{EtherFall, Outage, PracticeEndpoint, PracticeOrder, PracticeView, Screen};

use super::lab::{click, desk, open_at, says};

fn view() -> PracticeView {
    let one = |label: &str, kind, carrier: &str| PracticeEndpoint {
        label: label.to_owned(),
        kind,
        carrier: carrier.to_owned(),
        outage: Outage::Well,
    };
    let endpoints = vec![one("a", "execution", "north"), one("b", "execution", "south")];
    PracticeView { endpoints, accounts: Vec::new(), ether: EtherFall::TenPercent }
}

#[test]
fn a_price_is_ordered_beside_the_outages() {
    let mut desk = desk(Screen::Practice);
    desk.state.practice = Some(view());
    let mut window = open_at(desk, egui::vec2(1100.0, 1600.0));
    click(&mut window, "Practice market: Ether falls 15 %");
    click(&mut window, "Practice market: Ether as at the start");
    click(&mut window, "south: Switched off");
    let fifteen = PracticeOrder::Ether(EtherFall::FifteenPercent);
    let back = PracticeOrder::Ether(EtherFall::None);
    assert_eq!(window.state().state.orders, [fifteen, back, PracticeOrder::Endpoint(1, Outage::Off)]);
}

#[test]
fn on_a_real_network_nothing_can_be_ordered() {
    let window = open_at(desk(Screen::Practice), egui::vec2(1100.0, 1600.0));
    assert!(!says(&window, "Ether falls") && !says(&window, "Practice market"));
    assert!(says(&window, "Start `lifeboat --network practice`"));
}
