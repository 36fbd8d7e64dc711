//! Send's form as a whole: what was typed, what is proven about it, and why it cannot be reviewed yet.

use alloy::primitives::{Address, U256};

use super::send_name::{self, Meant};
use super::send_recipient;
use crate::app::signing::review::ClipboardFact;
use crate::app::signing::{Amount, Intent, TxType};
use crate::app::{
    Answer, Command, ContractAnswer, ContractQuestion, FeeChoice, FeesAnswer, Loadable, Noted, Question,
    SendRequest, Snapshot, Speed, Tag,
};
use crate::gui::format::{self, Round};
use crate::gui::known::Known;
use crate::gui::refresh;
use crate::gui::seen::Seen;
use crate::gui::ui_state::UiState;
use crate::gui::wallet_state::{AmountError, FeeSpeed, SendAsset, amount};
use crate::gui::words::Word;
use crate::gui::worth;

/// Gas of ether to an account without code.
const TRANSFER_GAS: u64 = 21_000;
/// Fees are asked for again after this long, in milliseconds.
const FEES_EVERY_MS: u64 = 30_000;

/// A token as the form needs it.
#[derive(Debug, Clone)]
pub(super) struct TokenHeld {
    /// The token.
    pub address: Address,
    /// Its symbol, safe to show.
    pub symbol: String,
    /// Its decimals, proven.
    pub decimals: u8,
    /// What the account has, raw units.
    pub balance: U256,
    /// How that is known.
    pub known: Known,
    /// Where it was proven.
    pub at: crate::app::BlockRef,
}

/// Why the form cannot be reviewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Blocked {
    /// In a sentence.
    Because(String),
    /// It can be reviewed, and signed elsewhere.
    WatchOnly,
}

/// The form.
#[derive(Debug)]
pub(super) struct Form {
    /// Who pays.
    pub from: Option<Address>,
    /// Whom the recipient's text means.
    pub meant: Meant,
    /// What is known of the payer.
    pub payer: Option<Seen>,
    /// What is known of the recipient.
    pub recipient: Option<Seen>,
    /// Tokens that the payer holds.
    pub tokens: Vec<TokenHeld>,
    /// Raw units to send; `None` for all there is.
    pub amount: Result<Option<U256>, AmountError>,
    /// What gas costs.
    pub fees: Option<FeesAnswer>,
    /// Gas of the transaction, where it is known before it is run.
    pub gas: Option<u64>,
}

impl Form {
    /// Reads the form.
    pub(super) fn read(snapshot: &Snapshot, state: &UiState) -> Self {
        let draft = &state.wallet.send.draft;
        let from = draft.from;
        let meant = Meant::of(&draft.to, snapshot, state);
        let to = meant.address();
        let tokens = from.map(|from| held(from, snapshot, state)).unwrap_or_default();
        let (payer, recipient) =
            (from.and_then(|one| state.newest(one)), to.and_then(|one| state.newest(one)));
        let plain = recipient.is_some_and(|seen| !seen.facts.has_code);
        let gas = (draft.asset == SendAsset::Ether && plain).then_some(TRANSFER_GAS);
        let mut form = Self { from, meant, payer, recipient, tokens, amount: Ok(None), fees: None, gas };
        form.fees = fees(snapshot).cloned();
        let decimals = form.decimals(draft.asset);
        form.amount = match (draft.max, decimals) {
            (true, _) => Ok(None),
            (false, Some(decimals)) => amount(&draft.amount, decimals).map(Some),
            (false, None) => Err(AmountError::Empty),
        };
        form
    }

    /// Decimals of an asset; `None` where they are not known.
    pub(super) fn decimals(&self, asset: SendAsset) -> Option<u8> {
        match asset {
            SendAsset::Ether => Some(18),
            SendAsset::Token(_) => self.token(asset).map(|token| token.decimals),
        }
    }

    /// The token chosen.
    pub(super) fn token(&self, asset: SendAsset) -> Option<&TokenHeld> {
        let SendAsset::Token(address) = asset else { return None };
        self.tokens.iter().find(|one| one.address == address)
    }

    /// The symbol of an asset.
    pub(super) fn symbol(&self, asset: SendAsset) -> String {
        match asset {
            SendAsset::Ether => "ETH".to_owned(),
            SendAsset::Token(address) => {
                self.token(asset).map_or_else(|| format::short_address(address), |one| one.symbol.clone())
            }
        }
    }

    /// Wei per gas at most, and of it the tip; `None` while nothing is known or what was typed is no fee.
    pub(super) fn per_gas(&self, state: &UiState) -> Option<(u128, u128)> {
        let send = &state.wallet.send;
        let speed = match send.draft.speed {
            FeeSpeed::Slow => Speed::Slow,
            FeeSpeed::Normal => Speed::Usual,
            FeeSpeed::Fast => Speed::Fast,
            FeeSpeed::Custom => {
                let read = |text: &str| amount(text, 9).ok().and_then(|wei| u128::try_from(wei).ok());
                let (most, tip) = (read(&send.max_fee)?, read(&send.tip).unwrap_or(0));
                return (tip <= most).then_some((most, tip));
            }
        };
        self.fees.as_ref().map(|fees| fees.of(speed)).map(|fee| (fee.max_fee, fee.tip))
    }

    /// Most that the fee can come to, in wei, where it is known before the transaction is run.
    pub(super) fn most_fee(&self, state: &UiState) -> Option<U256> {
        let (most, _) = self.per_gas(state)?;
        Some(U256::from(most).saturating_mul(U256::from(self.gas?)))
    }

    /// What is left of the asset afterwards, raw units; `None` where it cannot be said.
    pub(super) fn left(&self, asset: SendAsset, state: &UiState) -> Option<U256> {
        let amount = self.amount.as_ref().ok().copied().flatten()?;
        match asset {
            // The fee at its most: what is said to be left is there.
            SendAsset::Ether => {
                let fee = self.most_fee(state).unwrap_or_default();
                self.payer?.facts.balance.checked_sub(amount)?.checked_sub(fee)
            }
            SendAsset::Token(_) => self.token(asset)?.balance.checked_sub(amount),
        }
    }

    /// The next nonce: behind what is proven used, and behind what waits in the journal.
    pub(super) fn next_nonce(&self, snapshot: &Snapshot) -> Option<u64> {
        let from = self.from?;
        let proven = self.payer?.facts.nonce;
        let waiting = snapshot.wallet.history.iter().filter(|one| one.from == from && waits(one));
        let behind = waiting.map(|one| one.nonce.saturating_add(1)).max().unwrap_or_default();
        Some(proven.max(behind))
    }

    /// Why it cannot be reviewed; `None` where it can.
    pub(super) fn blocked(&self, snapshot: &Snapshot, state: &UiState) -> Option<Blocked> {
        let because = |text: String| Some(Blocked::Because(text));
        let word = |word: Word| Some(Blocked::Because(state.t(word).to_owned()));
        let draft = &state.wallet.send.draft;
        let Some(from) = self.from else { return word(Word::ChooseFrom) };
        if draft.to.trim().is_empty() {
            return word(Word::EnterRecipient);
        }
        match &self.meant {
            Meant::Nobody(why) => return because(why.clone()),
            Meant::Asking => return because(state.tf(Word::NameAsking, &[draft.to.trim()])),
            Meant::Digits(_) | Meant::Known(_) | Meant::Name { .. } => {}
        }
        if let Some(text) = self.amount_trouble(state) {
            return because(text);
        }
        if state.wallet.send.nonce.as_ref().is_some_and(|text| text.trim().parse::<u64>().is_err()) {
            return word(Word::NonceNotNumber);
        }
        if draft.speed == FeeSpeed::Custom && self.per_gas(state).is_none() {
            return word(Word::CustomFeeWrong);
        }
        if snapshot.head.is_none() {
            return word(Word::NoHeadYet);
        }
        let Some(payer) = self.payer.filter(|_| self.tokens_known(draft.asset)) else {
            return word(Word::CheckingBalance);
        };
        if let Some(text) = self.not_enough(payer.facts.balance, state) {
            return because(text);
        }
        let signs = snapshot.wallet.account(from).is_some_and(|one| one.kind.can_sign());
        (!signs).then_some(Blocked::WatchOnly)
    }

    fn tokens_known(&self, asset: SendAsset) -> bool {
        asset == SendAsset::Ether || self.token(asset).is_some()
    }

    /// What is wrong with the amount.
    pub(super) fn amount_trouble(&self, state: &UiState) -> Option<String> {
        let asset = state.wallet.send.draft.asset;
        match self.amount.as_ref().err()? {
            AmountError::Empty | AmountError::Zero => Some(state.t(Word::EnterAmount).to_owned()),
            AmountError::NotANumber => Some(state.t(Word::AmountNotNumber).to_owned()),
            AmountError::Decimals(has, may) => {
                let (symbol, may, has) = (self.symbol(asset), may.to_string(), has.to_string());
                Some(state.tf(Word::AmountDecimals, &[&symbol, &may, &has]))
            }
        }
    }

    fn not_enough(&self, ether: U256, state: &UiState) -> Option<String> {
        let asset = state.wallet.send.draft.asset;
        let amount = self.amount.as_ref().ok().copied().flatten();
        let fee = self.most_fee(state).unwrap_or_default();
        let words = |symbol: &str, needs: String, has: String| {
            let (needs, has) = (state.amount(needs), state.amount(has));
            Some(state.tf(Word::NotEnough, &[symbol, &needs, &has]))
        };
        match (asset, self.token(asset)) {
            (SendAsset::Ether, _) => {
                let needs = amount.unwrap_or_default().saturating_add(fee);
                if needs <= ether && !(amount.is_none() && needs == ether) {
                    return None;
                }
                words("ETH", format::ether(needs, Round::Up), format::ether(ether, Round::Down))
            }
            (_, Some(token)) => {
                let needs = amount.unwrap_or(U256::from(1));
                let shown =
                    |raw: U256, round| format::amount(raw, token.decimals, token.decimals.min(6), round);
                if needs > token.balance {
                    let (needs, has) = (shown(needs, Round::Up), shown(token.balance, Round::Down));
                    return words(&token.symbol, needs, has);
                }
                None
            }
            _ => None,
        }
    }

    /// The order to review it.
    pub(super) fn request(&self, state: &UiState) -> Option<SendRequest> {
        let send = &state.wallet.send;
        let (from, to) = (self.from?, self.meant.address()?);
        let amount = self.amount.as_ref().ok()?.map_or(Amount::Max, Amount::Exactly);
        let intent = match send.draft.asset {
            SendAsset::Ether => Intent::SendEther { to, amount },
            SendAsset::Token(token) => Intent::SendToken { token, to, amount },
        };
        let fees = match send.draft.speed {
            FeeSpeed::Slow => FeeChoice::Speed(Speed::Slow),
            FeeSpeed::Normal => FeeChoice::Speed(Speed::Usual),
            FeeSpeed::Fast => FeeChoice::Speed(Speed::Fast),
            FeeSpeed::Custom => {
                let (max_fee, tip) = self.per_gas(state)?;
                FeeChoice::Custom { max_fee, tip }
            }
        };
        let clipboard = send_recipient::swapped_for(to, state).map(|one| ClipboardFact {
            name: one.name.clone(),
            address: one.address,
            secs_ago: state.now_ms.saturating_sub(one.at_ms) / 1_000,
        });
        let digits = matches!(self.meant, Meant::Digits(_)) && !send.picked;
        let name = match &self.meant {
            Meant::Name { name, .. } => Some(name.clone()),
            _ => None,
        };
        Some(SendRequest {
            fees,
            nonce: send.nonce.as_ref().and_then(|text| text.trim().parse().ok()),
            kind: TxType::Eip1559,
            typed: digits.then(|| send.draft.to.trim().to_owned()),
            clipboard,
            noted: Noted { name, ..Noted::default() },
            ..SendRequest::new(from, intent)
        })
    }
}

/// It waits for a block.
pub(in crate::gui) fn waits(one: &crate::app::TransactionView) -> bool {
    use crate::app::signing::State;
    matches!(one.state, State::Saved | State::Sent | State::Reorged { .. })
}

fn answer(held: Option<&Loadable<Answer>>) -> Option<&Answer> {
    match held? {
        Loadable::Ready(answer) => Some(answer),
        Loadable::Loading { previous } | Loadable::Failed { previous, .. } => previous.as_ref(),
    }
}

fn fees(snapshot: &Snapshot) -> Option<&FeesAnswer> {
    let question = Question::Contract(ContractQuestion::Fees);
    let Answer::Contract(found) = answer(snapshot.answers.get(&question))? else { return None };
    match &**found {
        ContractAnswer::Fees(fees) => Some(fees),
        _ => None,
    }
}

fn held(from: Address, snapshot: &Snapshot, state: &UiState) -> Vec<TokenHeld> {
    let Some(balances) = worth::balances(from, snapshot, state) else { return Vec::new() };
    let Some(owner) = balances.owners.iter().find(|one| one.account.value().address == from) else {
        return Vec::new();
    };
    let both = balances.tokens.iter().zip(&owner.balances);
    let read = both.filter_map(|(token, balance)| {
        let balance = balance.as_ref().ok().filter(|balance| !balance.value().is_zero())?;
        let facts = balances.facts_of(*token)?;
        Some(TokenHeld {
            address: *token,
            symbol: facts.shown_symbol(),
            decimals: facts.proven_decimals()?,
            balance: *balance.value(),
            known: Known::state(balance.at(), snapshot, state.now_ms),
            at: balance.at(),
        })
    });
    read.collect()
}

/// Takes what came, and asks for what is missing: both accounts at each head, fees now and then, tokens once.
pub(super) fn ask(snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let draft = &state.wallet.send.draft;
    let Some(from) = draft.from else { return };
    let mut who = vec![from];
    who.extend(Meant::of(&draft.to, snapshot, state).address().filter(|to| *to != from));
    let question = Question::Accounts(who, Tag::Latest);
    if let Some(Answer::Accounts(found)) = answer(snapshot.answers.get(&question)) {
        for account in found {
            let address = account.value().address;
            if state.seen.get(&address).is_none_or(|old| old.at().number < account.at().number) {
                state.seen.insert(address, account.clone());
            }
        }
    }
    let Some(head) = snapshot.head.as_ref().filter(|_| !snapshot.offline) else { return };
    let slot = head.proven.slot();
    send_name::ask(slot, snapshot, state, commands);
    let wanted = (question, slot);
    let running = matches!(snapshot.answers.get(&wanted.0), Some(Loadable::Loading { .. }));
    if state.wallet.send.asked.as_ref() != Some(&wanted) && !running {
        state.wallet.send.asked = Some(wanted.clone());
        commands.push(Command::Ask(wanted.0));
    }
    if state.now_ms.saturating_sub(state.wallet.send.fees_asked_ms) > FEES_EVERY_MS {
        state.wallet.send.fees_asked_ms = state.now_ms;
        commands.push(Command::Ask(Question::Contract(ContractQuestion::Fees)));
    }
    let tokens = refresh::tokens_question(from, state);
    if !snapshot.answers.contains_key(&tokens) {
        commands.push(Command::Ask(tokens));
    }
}
