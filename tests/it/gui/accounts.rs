//! Accounts and contacts: nothing joins a list of addresses unless it was compared with a source.

use egui_kittest::kittest::Queryable as _;
use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;
use lifeboat::gui::Screen;

use super::lab::{click, desk, open_at, open_window, says};

const BOB: &str = "0x52908400098527886E0F7030069857D2E4169EE7";

#[test]
fn a_contact_needs_what_it_was_compared_with() {
    let mut desk = desk(Screen::Accounts);
    desk.state.accounts.address.text = BOB.to_owned();
    desk.state.accounts.name = "Bob".to_owned();
    let mut window = open_at(desk, egui::vec2(1100.0, 1600.0));
    window.get_all_by_label("Add contact").next().unwrap().click();
    window.run();
    assert!(says(&window, "Say what you compared the address with."));
    window.state_mut().state.accounts.compared_with = "a phone call".to_owned();
    window.run();
    window.get_all_by_label("Add contact").last().unwrap().click();
    window.run();
    let contacts = &window.state().state.book.contacts;
    assert_eq!(contacts.len(), 1);
    assert_eq!((contacts[0].name.as_str(), contacts[0].compared_with.as_str()), ("Bob", "a phone call"));
    assert!(says(&window, &format!("Bob, {BOB}, a phone call")));
}

#[test]
fn removing_asks_and_the_safe_choice_has_the_focus() {
    let mut window = open_window(desk(Screen::Accounts));
    click(&mut window, "Remove: Main");
    assert!(says(&window, "Remove Main from this computer?"));
    assert!(window.get_by_label("Keep it").is_focused());
    click(&mut window, "Keep it");
    assert_eq!(window.state().state.book.watched.len(), 2);
    click(&mut window, "Remove: Main");
    click(&mut window, "Remove");
    let left = &window.state().state.book.watched;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].address, PRACTICE_ACCOUNTS[1].address);
}

#[test]
fn a_key_in_the_address_field_is_wiped() {
    let mut window = open_at(desk(Screen::Accounts), egui::vec2(1100.0, 1600.0));
    window.get_by_label("Address").focus();
    window.run();
    super::lab::paste(&mut window, &PRACTICE_ACCOUNTS[3].key.to_string()[2..]);
    assert!(window.state().state.accounts.watch.text.is_empty());
    assert!(says(&window, "That looks like a secret. Lifeboat removed it and sent nothing."));
}

#[test]
fn five_thousand_contacts_are_listed_a_few_at_a_time() {
    let mut desk = desk(Screen::Accounts);
    for number in 0..5_000_u64 {
        let address = alloy::primitives::Address::left_padding_from(&number.to_be_bytes());
        desk.state.book.contacts.push(lifeboat::gui::Contact {
            address,
            name: format!("Contact {number:04}"),
            compared_with: "paper".to_owned(),
            confirmed: true,
        });
    }
    let window = open_at(desk, egui::vec2(1100.0, 1600.0));
    assert!(says(&window, "Contacts (5000)"));
    let rows = super::lab::words(&window)
        .iter()
        .filter(|text| text.starts_with("Contact 0") && text.ends_with("paper"))
        .count();
    assert!((5..40).contains(&rows), "{rows}");
}
