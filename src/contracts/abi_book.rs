//! The interfaces at hand: those of the user, the bundled ones, and a table of guesses.

use std::collections::HashMap;

use alloy::json_abi::{Error, Event, Function, JsonAbi};
use alloy::primitives::{Address, B256, Selector};
use serde::Serialize;

use super::abi_json::{AbiJsonError, parse_abi_json};
use super::abi_types::fragment_is_tame;
use super::bundled::{Bundled, KnownAddress};
use super::fragment::function_of;
use super::tokens::TokenList;

/// Interface of every token.
const ERC20: &str = "erc20/ERC20";

/// Who says what the bytes mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "from")]
pub enum Provenance {
    /// The user gave this interface for this address.
    User,
    /// The address is in the bundled book with this interface.
    Bundled {
        /// The protocol: `aave-v3`, `erc20`.
        protocol: String,
    },
    /// Only the hash matches an interface: four bytes can mean many things. Must be shown as a guess.
    Guess,
}

/// A function, event or error, and who says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<T> {
    /// The item.
    pub item: T,
    /// Who says that it is this one.
    pub provenance: Provenance,
}

/// Interfaces by address, selector and topic. Cheap to make: the bundled part is read once, when first asked.
#[derive(Debug, Clone, Default)]
pub struct AbiBook {
    user: HashMap<(u64, Address), JsonAbi>,
}

impl AbiBook {
    /// A book with the bundled interfaces only.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the user's interface for a contract; it goes before the bundled one.
    ///
    /// # Errors
    /// When the text holds no interface.
    pub fn add_json(&mut self, chain_id: u64, address: Address, json: &str) -> Result<(), AbiJsonError> {
        self.add(chain_id, address, parse_abi_json(json)?);
        Ok(())
    }

    /// Takes the user's interface for a contract.
    pub fn add(&mut self, chain_id: u64, address: Address, abi: JsonAbi) {
        self.user.insert((chain_id, address), abi);
    }

    /// What the bundled address book calls it.
    #[must_use]
    pub fn known(&self, chain_id: u64, address: Address) -> Option<&'static KnownAddress> {
        Bundled::get().addresses.get(&(chain_id, address))
    }

    /// Every bundled contract of a chain, in the order of their labels.
    #[must_use]
    pub fn known_on(&self, chain_id: u64) -> Vec<&'static KnownAddress> {
        let mut rows: Vec<_> =
            Bundled::get().addresses.values().filter(|row| row.chain == chain_id).collect();
        rows.sort_by(|left, right| (&left.protocol, &left.label).cmp(&(&right.protocol, &right.label)));
        rows
    }

    /// A name for an address: of the address book, else the symbol of the token list.
    #[must_use]
    pub fn label(&self, chain_id: u64, address: Address) -> Option<String> {
        let token = || TokenList::of_chain(chain_id)?.at(address).map(|token| token.symbol.clone());
        self.known(chain_id, address).map(|row| row.label.clone()).or_else(token)
    }

    /// The interface of a contract: the user's, else the bundled ones joined.
    #[must_use]
    pub fn abi(&self, chain_id: u64, address: Address) -> Option<Found<JsonAbi>> {
        if let Some(abi) = self.user.get(&(chain_id, address)) {
            return Some(Found { item: abi.clone(), provenance: Provenance::User });
        }
        let mut parts = bundled_at(chain_id, address).into_iter();
        let (protocol, first) = parts.next()?;
        let mut item = first.clone();
        for (_, abi) in parts {
            join(&mut item, abi);
        }
        Some(Found { item, provenance: Provenance::Bundled { protocol: protocol.to_owned() } })
    }

    /// A bundled interface by its name, as `erc20/ERC20`.
    #[must_use]
    pub fn bundled(&self, name: &str) -> Option<&'static JsonAbi> {
        Bundled::get().abis.get(name).map(|(_, abi)| abi)
    }

    /// The names of all bundled interfaces.
    pub fn bundled_names(&self) -> impl Iterator<Item = &'static str> {
        Bundled::get().abis.keys().map(String::as_str)
    }

    /// What a selector may mean at an address, the surest first.
    #[must_use]
    pub fn functions(&self, chain_id: u64, to: Option<Address>, selector: Selector) -> Vec<Found<Function>> {
        let at = |abi: &JsonAbi| abi.function_by_selector(selector).cloned();
        let mut found = self.sure(chain_id, to, at);
        extend(&mut found, Bundled::functions(selector));
        self.extend_user(&mut found, at);
        for signature in self.guess_signatures(selector) {
            if let Some(item) = function_of(signature) {
                found.push(Found { item, provenance: Provenance::Guess });
            }
        }
        found
    }

    /// What a log's first topic may mean at an address, the surest first.
    #[must_use]
    pub fn events(&self, chain_id: u64, at: Option<Address>, topic0: B256) -> Vec<Found<Event>> {
        let find =
            |abi: &JsonAbi| abi.events().find(|one| !one.anonymous && one.selector() == topic0).cloned();
        let mut found = self.sure(chain_id, at, find);
        extend(&mut found, Bundled::events(topic0));
        self.extend_user(&mut found, find);
        found
    }

    /// What the first four bytes of revert data may mean at an address, the surest first.
    #[must_use]
    pub fn errors(&self, chain_id: u64, at: Option<Address>, selector: Selector) -> Vec<Found<Error>> {
        let find = |abi: &JsonAbi| abi.errors().find(|one| one.selector() == selector).cloned();
        let mut found = self.sure(chain_id, at, find);
        extend(&mut found, Bundled::errors(selector));
        self.extend_user(&mut found, find);
        for signature in self.guess_signatures(selector) {
            let error = Some(signature).filter(|text| fragment_is_tame(text));
            if let Some(item) = error.and_then(|text| Error::parse(text).ok()) {
                found.push(Found { item, provenance: Provenance::Guess });
            }
        }
        found
    }

    /// Signatures somebody once used with this selector: a guess and never more.
    #[must_use]
    pub fn guess_signatures(&self, selector: Selector) -> &'static [&'static str] {
        Bundled::get().signatures(selector)
    }

    fn sure<T>(
        &self,
        chain_id: u64,
        at: Option<Address>,
        find: impl Fn(&JsonAbi) -> Option<T>,
    ) -> Vec<Found<T>> {
        let Some(address) = at else { return Vec::new() };
        let user = self.user.get(&(chain_id, address)).and_then(&find);
        let mut found: Vec<_> =
            user.map(|item| Found { item, provenance: Provenance::User }).into_iter().collect();
        for (protocol, abi) in bundled_at(chain_id, address) {
            let provenance = Provenance::Bundled { protocol: protocol.to_owned() };
            found.extend(find(abi).map(|item| Found { item, provenance }));
        }
        found
    }

    /// Interfaces the user gave for other contracts; a proxy's implementation is often among them.
    fn extend_user<T: PartialEq>(&self, found: &mut Vec<Found<T>>, find: impl Fn(&JsonAbi) -> Option<T>) {
        for item in self.user.values().filter_map(find) {
            if found.iter().all(|one| one.item != item) {
                found.push(Found { item, provenance: Provenance::Guess });
            }
        }
    }
}

/// Bundled interfaces of an address, with the protocol of each.
fn bundled_at(chain_id: u64, address: Address) -> Vec<(&'static str, &'static JsonAbi)> {
    let bundled = Bundled::get();
    let listed = bundled.addresses.get(&(chain_id, address)).map_or(&[][..], |row| row.abis.as_slice());
    let token = TokenList::of_chain(chain_id).is_some_and(|list| list.at(address).is_some());
    let erc20 = Some(ERC20).filter(|name| token && !listed.iter().any(|one| one == name));
    let names = listed.iter().map(String::as_str).chain(erc20);
    names.filter_map(|name| bundled.abis.get(name)).map(|(protocol, abi)| (*protocol, abi)).collect()
}

/// Bundled interfaces of other contracts, each different item once.
fn extend<T: Clone + PartialEq>(found: &mut Vec<Found<T>>, items: &[&'static T]) {
    for one in items {
        if found.iter().all(|known| known.item != **one) {
            found.push(Found { item: (*one).clone(), provenance: Provenance::Guess });
        }
    }
}

fn join(into: &mut JsonAbi, from: &JsonAbi) {
    for one in from
        .functions()
        .filter(|one| into.function_by_selector(one.selector()).is_none())
        .cloned()
        .collect::<Vec<_>>()
    {
        into.functions.entry(one.name.clone()).or_default().push(one);
    }
    for one in from.events() {
        let all = into.events.entry(one.name.clone()).or_default();
        if !all.contains(one) {
            all.push(one.clone());
        }
    }
    for one in from.errors() {
        let all = into.errors.entry(one.name.clone()).or_default();
        if !all.contains(one) {
            all.push(one.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{address, hex};

    use super::*;

    const WSTETH: Address = address!("7f39C581F595B53c5cb19bD0b3f8dA6c935E2Ca0");
    const STRANGER: Address = Address::repeat_byte(0x11);

    #[test]
    fn an_interface_is_found_by_address_and_joins_its_parts() {
        let book = AbiBook::new();
        let found = book.abi(1, WSTETH).unwrap();
        assert_eq!(found.provenance, Provenance::Bundled { protocol: "lido".to_owned() });
        assert!(found.item.function("wrap").is_some() && found.item.function("transfer").is_some());
        assert!(book.abi(1, STRANGER).is_none() && book.abi(560_048, WSTETH).is_none());
        assert_eq!(book.label(1, WSTETH).unwrap(), "wstETH");
        assert!(book.known_on(8453).len() > 20);
    }

    #[test]
    fn who_says_so_depends_on_the_address() {
        let mut book = AbiBook::new();
        let transfer = hex!("a9059cbb").into();
        let first =
            |book: &AbiBook, at| book.functions(1, at, transfer).into_iter().next().unwrap().provenance;
        assert_eq!(first(&book, None), Provenance::Guess);
        assert_eq!(first(&book, Some(STRANGER)), Provenance::Guess);
        assert_eq!(first(&book, Some(WSTETH)), Provenance::Bundled { protocol: "erc20".to_owned() });
        book.add_json(1, STRANGER, r#"["function transfer(address who, uint256 much)"]"#).unwrap();
        let found = book.functions(1, Some(STRANGER), transfer);
        assert_eq!(found[0].provenance, Provenance::User);
        assert_eq!(found[0].item.inputs[0].name, "who");
        // For another address the user's interface is one guess among others.
        assert_eq!(first(&book, Some(Address::repeat_byte(0x12))), Provenance::Guess);
    }

    #[test]
    fn a_token_of_the_list_has_the_interface_of_tokens() {
        let book = AbiBook::new();
        let listed = TokenList::mainnet().tokens().iter();
        let token = listed.into_iter().find(|token| book.known(1, token.address).is_none()).unwrap();
        assert_eq!(
            book.abi(1, token.address).unwrap().provenance,
            Provenance::Bundled { protocol: "erc20".to_owned() }
        );
    }

    #[test]
    fn the_table_knows_what_the_interfaces_do_not() {
        let book = AbiBook::new();
        let selector = hex!("0023de29").into();
        assert_eq!(
            book.guess_signatures(selector),
            ["tokensReceived(address,address,address,uint256,bytes,bytes)"]
        );
        let found = book.functions(1, Some(WSTETH), selector);
        assert_eq!((found.len(), &found[0].provenance), (1, &Provenance::Guess));
        assert!(book.functions(1, None, hex!("deadbeef").into()).is_empty());
    }
}
