//! A wallet under test: reviews made by the wallet itself from cases set by hand, and a journal folded from its own
//! entries.

use std::sync::Arc;

use alloy::consensus::TxEip1559;
use alloy::primitives::{Address, B256, TxKind, U256, address};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use lifeboat::app::{
    AccountKind, AccountView, Command, Prepared, ReviewView, TransactionView, WalletCommand, WalletView,
};
use lifeboat::contracts::AbiBook;
use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;
use lifeboat::gui::Screen;
use lifeboat::wallet::keys::PrivateKey;
use lifeboat::wallet::review::{
    AccountFacts, Answers, HealthFact, Party, PartyKind, Review, ReviewInput, Standing, Units,
};
use lifeboat::wallet::{Draft, Effects, Entry, FeeQuote, Fees, History, Intent, Signed, TipBasis, Unsigned};

use super::lab::{Desk, Window, desk};

const GWEI: u128 = 1_000_000_000;
pub(crate) const BOB: Address = address!("52908400098527886E0F7030069857D2E4169EE7");

/// Whose wallet it is.
pub(crate) fn me() -> Address {
    PRACTICE_ACCOUNTS[0].address
}

fn tx(nonce: u64) -> TxEip1559 {
    TxEip1559 {
        chain_id: 1,
        nonce,
        gas_limit: 21_000,
        max_fee_per_gas: 3 * GWEI,
        max_priority_fee_per_gas: GWEI,
        to: TxKind::Call(BOB),
        value: U256::from(1_250_000_000_000_000_000_u64),
        ..TxEip1559::default()
    }
}

fn quiet<'a>(book: &'a AbiBook, effects: &'a Effects) -> ReviewInput<'a> {
    let ether = U256::from(10).pow(U256::from(18));
    ReviewInput {
        standing: Standing::Proven,
        state_age_secs: 4,
        at_secs: 1_764_500_000,
        sender: AccountFacts { balance: ether * U256::from(48), nonce: 211, has_code: false },
        recipient: Some(AccountFacts { balance: ether, nonce: 3, has_code: false }),
        parties: vec![Party { name: "Bob".to_owned(), address: BOB, kind: PartyKind::Saved }],
        delegate_is_bundled: true,
        fees: quote(),
        effects: Some(effects),
        value_share: Some(3),
        ..ReviewInput::bare(book, (1, "Ethereum".to_owned()), me())
    }
}

fn quote() -> FeeQuote {
    let speeds = [GWEI / 2, GWEI, 2 * GWEI].map(|tip| Fees { max_fee: 2 * GWEI + tip, tip });
    FeeQuote { base_fee: 1_000_000_000, speeds, basis: TipBasis::Default }
}

fn no_effects() -> Effects {
    Effects { gas_used: 21_000, ..Effects::default() }
}

/// What the checks look at where nothing is wrong.
pub(crate) fn quiet_input<T>(work: impl FnOnce(&ReviewInput<'_>) -> T) -> T {
    let (book, effects) = (AbiBook::new(), no_effects());
    work(&quiet(&book, &effects))
}

/// The wallet's own review of 1.25 ETH to Bob, after `change` was made to what the checks look at.
pub(crate) fn review(change: impl FnOnce(&mut ReviewInput<'_>)) -> Review {
    review_of(tx(211), change)
}

/// An approval without limit, of a token of which the account has 1,000.
pub(crate) fn unlimited(token: Address) -> Review {
    let intent = Intent::Approve { token, spender: BOB, amount: U256::MAX };
    let (_, value, input) = intent.call(me(), U256::ZERO);
    review_of(TxEip1559 { to: TxKind::Call(token), value, input, gas_limit: 60_000, ..tx(211) }, |input| {
        input.units = Units::from([(token, ("USDC".to_owned(), 6))]);
        input.held = Some(U256::from(1_000_000_000));
        input.spender = Some(AccountFacts { has_code: true, ..AccountFacts::default() });
    })
}

fn review_of(tx: TxEip1559, change: impl FnOnce(&mut ReviewInput<'_>)) -> Review {
    let (book, effects) = (AbiBook::new(), no_effects());
    let mut input = quiet(&book, &effects);
    change(&mut input);
    let simulated = Draft::of(me(), Unsigned::Eip1559(tx)).without_simulation();
    let mut review = Review::new(&simulated, &input).unwrap();
    review.effects = Some(effects.clone());
    review
}

/// The health factor ends at 1.11.
pub(crate) fn close_to_liquidation(input: &mut ReviewInput<'_>) {
    let most = "2.07 WETH".to_owned();
    input.health = Some(HealthFact { protocol: "Aave".to_owned(), after: Some(111), most });
}

/// The user never paid Bob.
pub(crate) fn stranger(input: &mut ReviewInput<'_>) {
    input.parties.clear();
}

fn account(kind: AccountKind) -> AccountView {
    let file = (kind == AccountKind::KeyFile).then(|| "main.lbkey".into());
    AccountView { name: "Main".to_owned(), address: me(), kind, path: None, file }
}

/// A desk whose wallet holds one key, locked or not.
pub(crate) fn keyed(screen: Screen, unlocked: bool) -> Desk {
    let mut desk = desk(screen);
    let open: Vec<Address> = if unlocked { vec![me()] } else { Vec::new() };
    desk.snapshot.wallet = Arc::new(WalletView {
        accounts: vec![account(AccountKind::KeyFile)].into(),
        unlocked: open.into(),
        ..WalletView::default()
    });
    desk
}

/// Shows a reading of a review.
pub(crate) fn show(desk: &mut Desk, review: Review, reading: u64) {
    let at = desk.snapshot.head.unwrap().block.unwrap();
    let prepared = Prepared {
        shown: review.effects.clone(),
        review,
        at,
        fees: quote(),
        units: Units::new(),
        prepared_at_ms: desk.state.now_ms,
        typed: None,
        clipboard: None,
        noted: Default::default(),
        witnessed: None,
    };
    let wallet = Arc::make_mut(&mut desk.snapshot.wallet);
    let prepared = Arc::new(prepared);
    wallet.review = Some(ReviewView { prepared, reading, heading: None, outdated: None });
}

/// Review, open on an unlocked account, and armed.
pub(crate) fn reviewing(change: impl FnOnce(&mut ReviewInput<'_>)) -> Desk {
    let mut desk = keyed(Screen::Review, true);
    desk.state.wallet.review.fresh = true;
    desk.state.wallet.review.focused = true;
    show(&mut desk, review(change), 1);
    desk
}

/// Draws some frames with the clock standing still. A button that is not armed asks for frames without end.
pub(crate) fn frames(window: &mut Window) {
    window.run_steps(4);
}

/// Lets time pass, a frame each tenth of a second.
pub(crate) fn pass(window: &mut Window, millis: u64) {
    for _ in 0..millis / 100 {
        window.state_mut().state.now_ms += 100;
        window.step();
    }
}

/// Orders to sign.
pub(crate) fn signs(window: &Window) -> Vec<Answers> {
    let sent = window.state().sent.iter();
    let of = |command: &Command| match command {
        Command::Wallet(WalletCommand::Sign { answers, .. }) => Some(answers.clone()),
        _ => None,
    };
    sent.filter_map(of).collect()
}

/// The middle of what has this label.
pub(crate) fn middle(window: &Window, label: &str) -> egui::Pos2 {
    window.get_by_label(label).rect().center()
}

/// The mouse goes down or up there.
pub(crate) fn mouse(window: &mut Window, pos: egui::Pos2, pressed: bool) {
    window.event(egui::Event::PointerMoved(pos));
    window.step();
    let modifiers = egui::Modifiers::NONE;
    window.event(egui::Event::PointerButton {
        pos,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers,
    });
    window.step();
}

/// Fields that hide what is typed.
pub(crate) fn secret_fields(window: &Window) -> usize {
    let nodes = window.root().children_recursive();
    nodes.filter(|node| node.accesskit_node().role() == egui::accesskit::Role::PasswordInput).count()
}

/// A key of the tests, and a signed payment of it.
pub(crate) fn signed(nonce: u64) -> Signed {
    let key = PrivateKey::of_bytes(&[7; 32]).ok().unwrap();
    let (book, effects) = (AbiBook::new(), no_effects());
    let mut input = quiet(&book, &effects);
    input.from = key.address();
    input.sender.nonce = nonce;
    let simulated = Draft::of(key.address(), Unsigned::Eip1559(tx(nonce))).without_simulation();
    let review = Review::new(&simulated, &input).unwrap();
    let answers = Answers { held: true, facts: Vec::new() };
    review.approve(review.id(), &answers).unwrap().sign(&key).unwrap()
}

/// A journal of one signed payment and what followed, as the window is shown it.
pub(crate) fn journal(signed: &Signed, more: &[Entry], now_ms: u64) -> Vec<TransactionView> {
    let mut history = History::default();
    let first = Entry::Signed {
        raw: signed.raw().clone(),
        at_ms: 1_000,
        title: "Send 1.25 ETH".to_owned(),
        head: 1,
        payment: None,
    };
    for entry in std::iter::once(&first).chain(more) {
        assert!(history.apply(entry));
    }
    history.records().iter().map(|one| TransactionView::of(one, now_ms)).collect()
}

/// The transaction's page on such a journal.
pub(crate) fn on_page(journal: Vec<TransactionView>, hash: B256) -> Desk {
    let mut desk = keyed(Screen::Transaction, true);
    Arc::make_mut(&mut desk.snapshot.wallet).history = journal.into();
    desk.state.wallet.transaction = Some(hash);
    desk
}
