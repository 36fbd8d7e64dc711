//! The words for an act: a title for lists, and the intent sentence.

use alloy::primitives::{Address, U256};

use super::Act;
use super::input::ReviewInput;
use super::text::{amount_text, ether_down, ether_exact, symbol};

impl Act {
    /// Short, for lists: `Send 1 ETH`.
    pub fn title(&self, input: &ReviewInput<'_>) -> String {
        let units = &input.units;
        match self {
            Self::Pay { wei, .. } => format!("Send {} ETH", ether_down(*wei)),
            Self::Token { token, amount, .. } => format!("Send {}", amount_text(units, *token, *amount)),
            Self::Nft { collection, id, sure: false, .. } => {
                format!("Send #{id}, or as many raw units, of {}", symbol(units, *collection))
            }
            Self::Nft { collection, id, amount: None, .. } => {
                format!("Send {} #{id}", symbol(units, *collection))
            }
            Self::Nft { collection, id, amount: Some(amount), .. } => {
                format!("Send {amount} of {} #{id}", symbol(units, *collection))
            }
            Self::Approve { token, amount, adds: true, .. } => {
                format!("Approve {} more", amount_text(units, *token, *amount))
            }
            Self::Approve { token, amount, .. } if amount.is_zero() => {
                format!("Revoke an approval of {}", symbol(units, *token))
            }
            Self::Approve { token, amount, .. } if Self::is_unlimited(*amount) => {
                format!("Approve unlimited {}", symbol(units, *token))
            }
            Self::Approve { token, amount, .. } => format!("Approve {}", amount_text(units, *token, *amount)),
            Self::ApproveItem { collection, spender, id, .. } => {
                item_title(*spender, *id, &symbol(units, *collection))
            }
            Self::ApproveAll { collection, approved, .. } => {
                let verb = if *approved { "Approve all" } else { "Revoke all" };
                format!("{verb} of {}", symbol(units, *collection))
            }
            Self::Delegate { code: Address::ZERO } => "End the account's delegation".to_owned(),
            Self::Delegate { .. } => "Delegate the account to code".to_owned(),
            Self::Contract { to, function, .. } => {
                let name = input.book.label(input.chain_id, *to);
                let function = crate::contracts::sanitise(function, 40);
                format!("Call {function} on {}", name.unwrap_or_else(|| "a contract".to_owned()))
            }
            Self::Blind { .. } => "Call a contract with unknown data".to_owned(),
            Self::Create => "Create a contract".to_owned(),
        }
    }

    /// The intent sentence, with whole addresses.
    pub fn sentence(&self, input: &ReviewInput<'_>) -> String {
        let (units, who) = (&input.units, |address: Address| whole(input, address));
        match self {
            Self::Pay { to, wei } => format!("You send {} ETH to {}.", ether_exact(*wei), who(*to)),
            Self::Token { token, from, to, amount } if *from == input.from => {
                format!("You send {} to {}.", amount_text(units, *token, *amount), who(*to))
            }
            Self::Token { token, from, to, amount } => {
                let amount = amount_text(units, *token, *amount);
                format!("You move {amount} of {} to {}.", who(*from), who(*to))
            }
            Self::Nft { from, to, .. } if *from == input.from => {
                format!("You {} to {}.", lower_first(&self.title(input)), who(*to))
            }
            Self::Nft { from, to, .. } => {
                let title = self.title(input);
                let what = title.trim_start_matches("Send ");
                format!("You move {what} of {} to {}.", who(*from), who(*to))
            }
            Self::Approve { token, spender, amount, adds: true } => {
                let much = amount_text(units, *token, *amount);
                format!("You allow {} to take {much} more than it may already, now or later.", who(*spender))
            }
            Self::Approve { token, spender, amount, .. } if amount.is_zero() => {
                format!("You stop {} from taking your {}.", who(*spender), symbol(units, *token))
            }
            Self::ApproveItem { collection, spender, id, sure } => {
                item_sentence((&who(*spender), spender.is_zero()), *id, &symbol(units, *collection), *sure)
            }
            Self::Approve { token, spender, amount, .. } => {
                let much = if Self::is_unlimited(*amount) {
                    format!("all your {}", symbol(units, *token))
                } else {
                    format!("up to {}", amount_text(units, *token, *amount))
                };
                format!("You allow {} to take {much}, now or later.", who(*spender))
            }
            Self::ApproveAll { collection, operator, approved } => {
                let (verb, what) =
                    (if *approved { "allow" } else { "no longer allow" }, symbol(units, *collection));
                format!("You {verb} {} to move every {what} you have.", who(*operator))
            }
            Self::Delegate { code: Address::ZERO } => {
                "You end the delegation: your account runs no code any more.".to_owned()
            }
            Self::Delegate { code } => format!("You let your account run the code of {}.", who(*code)),
            Self::Contract { to, function, guess } => {
                let name = crate::contracts::sanitise(function, 80);
                if *guess && input.book.label(input.chain_id, *to).is_none() {
                    format!("Calls function {name} on an unknown contract ({to}).")
                } else {
                    format!("Calls function {name} on {}.", who(*to))
                }
            }
            Self::Blind { to } => format!("Calls {} with data that Lifeboat cannot read.", who(*to)),
            Self::Create => "You create a new contract.".to_owned(),
        }
    }
}

fn whole(input: &ReviewInput<'_>, address: Address) -> String {
    match input.name_of(address) {
        Some(name) => format!("{name} ({address})"),
        None => address.to_checksum(None),
    }
}

fn item_title(spender: Address, id: U256, what: &str) -> String {
    if spender.is_zero() {
        format!("Revoke an approval of {what} #{id}")
    } else {
        format!("Approve {what} #{id}")
    }
}

/// Where it is not sure that an item is meant, the other meaning is said too.
fn item_sentence((spender, nobody): (&str, bool), id: U256, what: &str, sure: bool) -> String {
    if sure && nobody {
        return format!("You let nobody take {what} #{id} any more.");
    }
    if sure {
        return format!("You allow {spender} to take your {what} #{id}, now or later.");
    }
    let coins = match id {
        id if id.is_zero() => "none of its raw units any more".to_owned(),
        id if Act::is_unlimited(id) => "all your raw units of it".to_owned(),
        id => format!("up to {id} of its raw units"),
    };
    format!("You allow {spender} to take item #{id} of {what}, or {coins}: Lifeboat cannot tell which.")
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
