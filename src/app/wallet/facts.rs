//! Gathers what the checks look at, proven at one block.

use std::collections::BTreeSet;

use alloy::primitives::Address;

use super::super::Reason;
use super::super::fees::fees;
use super::desk::Wallet;
use crate::chain::{Heads, ReadError, StateAt};
use crate::execution::Account;
use crate::protocols::tokens;
use crate::wallet::review::{AccountFacts, Act, Party, PastPayment, ReviewInput, Standing, Units, WaitingTx};
use crate::wallet::{Asset, Effects, FeeQuote, Fees, State, TipBasis, Unsigned};

/// Length of an EIP-7702 delegation.
const DELEGATION_BYTES: usize = 23;
/// Spenders of one transaction that are looked at.
const MOST_SPENDERS: usize = 8;
/// Receivers inside one transaction that are looked at.
const MOST_PAID: usize = 8;

/// What was proven around one transaction.
pub(super) struct Gathered {
    pub(super) standing: Standing,
    pub(super) sender: AccountFacts,
    pub(super) recipient: Option<AccountFacts>,
    pub(super) spender: Option<AccountFacts>,
    pub(super) paid_inside: Vec<Address>,
    pub(super) parties: Vec<Party>,
    pub(super) waiting: Vec<WaitingTx>,
    pub(super) past: Vec<PastPayment>,
    pub(super) units: Units,
    pub(super) age_secs: u64,
}

/// Fees of the next block: measured at proven blocks, else our default.
pub(super) async fn quote(wallet: &Wallet, heads: &Heads) -> FeeQuote {
    match fees(wallet.inner.reads.reader(), heads).await {
        Ok(answer) => FeeQuote {
            base_fee: answer.next_base_fee,
            speeds: answer.speeds.map(|one| Fees { max_fee: one.max_fee, tip: one.tip }),
            basis: if answer.seen > 0 { TipBasis::Blocks } else { TipBasis::Default },
        },
        Err(error) => {
            tracing::debug!(%error, "tips could not be measured");
            FeeQuote::with_default_tips(heads.optimistic.fields())
        }
    }
}

impl Wallet {
    /// The act, with coins and single items told apart by what is proven of the token.
    pub(super) async fn told_apart(
        &self,
        state: &StateAt,
        act: Act,
        effects: Option<&Effects>,
    ) -> Result<Act, Reason> {
        let (Act::Token { token, .. } | Act::Approve { token, .. }) = act else { return Ok(act) };
        let units = self.units_of(state, &[token]).await?;
        Ok(act.told_apart(&units, effects))
    }

    /// Everything but the simulation.
    pub(super) async fn gather(
        &self,
        state: &StateAt,
        (from, act): (Address, &Act),
        effects: Option<&Effects>,
        tokens: impl Iterator<Item = Address>,
    ) -> Result<Gathered, Reason> {
        let parties = self.parties(from)?;
        let spenders = spenders(act, effects);
        let mut wanted = vec![from];
        wanted.extend(act.recipient());
        wanted.extend(&spenders);
        let paid = self.paid(from, act, effects);
        wanted.extend(&paid);
        let accounts = state.accounts(&wanted).await.map_err(|error| Reason::from(&error))?;
        let mut known = Vec::with_capacity(accounts.len());
        for account in accounts {
            known.push(account_facts(state, account.into_value()).await?);
        }
        let mut known = known.into_iter();
        let sender = known.next().unwrap_or_default();
        let recipient = act.recipient().and_then(|_| known.next());
        let mut asked: Vec<AccountFacts> = known.by_ref().take(spenders.len()).collect();
        // The one that is a person's, where one is: the checks are about the worst.
        let person = asked.iter().position(|one| !one.has_code).unwrap_or_default();
        let spender = (person < asked.len()).then(|| asked.swap_remove(person));
        // Contracts pass on what they get; the one called is looked at as such.
        let paid_inside = paid.into_iter().zip(known).filter(|(_, one)| !one.has_code);
        let paid_inside = paid_inside.map(|(who, _)| who).collect();
        // A contract that is paid may be a token, which is more than a contract (R05).
        let paid = act.recipient().filter(|_| recipient.is_some_and(|one| one.has_code));
        let units = self.units(state, act, effects, tokens.chain(paid)).await?;
        let now_ms = self.now_ms();
        let age_secs = (now_ms / 1_000).saturating_sub(state.header().timestamp());
        let (waiting, past) = self.journal_facts(from, now_ms)?;
        let standing = Standing::Proven;
        let gathered = Gathered {
            standing,
            sender,
            recipient,
            spender,
            paid_inside,
            parties,
            waiting,
            past,
            units,
            age_secs,
        };
        Ok(gathered)
    }

    /// To whom the simulation moves tokens of `from` beside the act's recipient and contracts of the bundled book.
    fn paid(&self, from: Address, act: &Act, effects: Option<&Effects>) -> Vec<Address> {
        let mut paid = effects.map(|effects| effects.paid_by(from)).unwrap_or_default();
        let known = |who: Address| self.inner.book.known(self.chain_id(), who).is_some();
        let named = [act.recipient(), act.contract()];
        paid.retain(|who| !named.contains(&Some(*who)) && !known(*who));
        paid.truncate(MOST_PAID);
        paid
    }

    fn journal_facts(
        &self,
        from: Address,
        now_ms: u64,
    ) -> Result<(Vec<WaitingTx>, Vec<PastPayment>), Reason> {
        let history = self.history()?;
        let chain_id = self.chain_id();
        let waiting = history.waiting(from, chain_id).into_iter().filter_map(|one| {
            let tx = one.signed.unsigned().ok()?;
            Some(WaitingTx {
                nonce: tx.nonce(),
                title: one.title.clone(),
                max_fee_per_gas: tx.max_fee_per_gas(),
                tip_per_gas: tx.tip_per_gas(),
                max_cost: tx.max_cost(),
                taken: one.answers.iter().any(|(_, answer)| answer.took_it()),
            })
        });
        let past = history.records().iter().filter_map(|one| {
            let (token, to, amount) = self.payment_of(&one.signed)?;
            let own = one.signed.from() == from && one.signed.chain_id() == chain_id;
            let failed = matches!(one.state, State::Included { success: false, .. } | State::Replaced { .. });
            let in_block = matches!(one.state, State::Included { .. } | State::NonceUsed { .. });
            (own && !failed).then(|| PastPayment {
                to,
                token,
                amount,
                nonce: one.signed.nonce(),
                secs_ago: now_ms.saturating_sub(one.signed_at_ms) / 1_000,
                in_block,
            })
        });
        Ok((waiting.collect(), past.collect()))
    }

    /// Symbols and proven decimals of every token named.
    async fn units(
        &self,
        state: &StateAt,
        act: &Act,
        effects: Option<&Effects>,
        tokens: impl Iterator<Item = Address>,
    ) -> Result<Units, Reason> {
        let mut named: BTreeSet<Address> = tokens.collect();
        match act {
            Act::Token { token, .. } | Act::Approve { token, .. } => {
                named.insert(*token);
            }
            _ => {}
        }
        for change in effects.iter().flat_map(|effects| &effects.changes) {
            if let Asset::Erc20 { token } = change.asset {
                named.insert(token);
            }
        }
        named.extend(effects.iter().flat_map(|effects| &effects.approvals).map(|one| one.token));
        let named: Vec<Address> = named.into_iter().take(64).collect();
        self.units_of(state, &named).await
    }

    pub(super) async fn units_of(&self, state: &StateAt, tokens: &[Address]) -> Result<Units, Reason> {
        if tokens.is_empty() {
            return Ok(Units::new());
        }
        let facts =
            tokens::facts(state, self.chain_id(), tokens).await.map_err(|error| Reason::from(&error))?;
        let known =
            facts.iter().filter_map(|one| Some((one.address, (one.shown_symbol(), one.proven_decimals()?))));
        Ok(known.collect())
    }
}

/// Who may take after it: by the call itself, and by what it gives inside, as the simulation saw.
fn spenders(act: &Act, effects: Option<&Effects>) -> Vec<Address> {
    let inside = effects.into_iter().flat_map(|effects| &effects.approvals).filter(|one| one.gives());
    let mut all: Vec<Address> = Vec::new();
    for one in act.spender().into_iter().chain(inside.map(|one| one.spender)) {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all.truncate(MOST_SPENDERS);
    all
}

pub(super) async fn account_facts(state: &StateAt, account: Account) -> Result<AccountFacts, Reason> {
    let mut has_code = !account.has_no_code();
    if has_code {
        let code = state.code(account.address).await.map_err(|error| Reason::from(&error))?;
        // An account that delegates (EIP-7702) is still a person's.
        has_code = !(code.value().len() == DELEGATION_BYTES && code.value().starts_with(&[0xef, 0x01, 0x00]));
    }
    Ok(AccountFacts { balance: account.balance, nonce: account.nonce, has_code })
}

impl Gathered {
    /// The input of the checks.
    pub(super) fn input<'a>(
        self,
        wallet: &'a Wallet,
        tx: &Unsigned,
        from: Address,
        (fees, effects): (FeeQuote, Option<&'a Effects>),
    ) -> ReviewInput<'a> {
        let delegate_is_bundled = tx.authorizations().iter().all(|one| is_delegate(wallet, one.address));
        ReviewInput {
            standing: self.standing,
            state_age_secs: self.age_secs,
            sender: self.sender,
            recipient: self.recipient,
            spender: self.spender,
            paid_inside: self.paid_inside,
            parties: self.parties,
            delegate_is_bundled,
            waiting: self.waiting,
            past: self.past,
            fees,
            effects,
            ..wallet.bare_input(from, self.units)
        }
    }
}

/// Whether the bundle names it as code for accounts. Any other known contract is none: a token would take the account.
fn is_delegate(wallet: &Wallet, code: Address) -> bool {
    let known = wallet.inner.book.known(wallet.chain_id(), code);
    known.is_some_and(|row| row.protocol == "delegate")
}

pub(super) fn chain_name(network: &str) -> String {
    match network {
        "mainnet" => "Ethereum".to_owned(),
        other => other.to_owned(),
    }
}

/// The simulation was refused rather than missed.
pub(super) fn standing_of(error: &ReadError) -> Standing {
    if error.refused().is_empty() { Standing::Unverified } else { Standing::Refuted }
}
