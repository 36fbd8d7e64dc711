//! Plain words for calls (ERC-7730): what a call is for, and which of its values a person must see. The bundled
//! descriptors are bound to a contract by the interface that the address book gives it.

use std::collections::HashMap;
use std::sync::OnceLock;

use alloy::primitives::{Address, U256};
use serde::Deserialize;

use super::abi_book::{AbiBook, Provenance};
use super::decode::{CallBody, DecodedCall};
use super::value::{AbiValue, NamedValue};
use super::value_text::value_text;

const FILES: [&str; 11] = [
    include_str!("../../assets/erc7730/aave-v3-gateway.json"),
    include_str!("../../assets/erc7730/aave-v3-pool.json"),
    include_str!("../../assets/erc7730/compound-v3.json"),
    include_str!("../../assets/erc7730/erc4626.json"),
    include_str!("../../assets/erc7730/lido-queue.json"),
    include_str!("../../assets/erc7730/lido-steth.json"),
    include_str!("../../assets/erc7730/lido-wsteth.json"),
    include_str!("../../assets/erc7730/morpho-blue.json"),
    include_str!("../../assets/erc7730/uniswap-v2.json"),
    include_str!("../../assets/erc7730/uniswap-v3.json"),
    include_str!("../../assets/erc7730/weth.json"),
];

#[derive(Debug, Deserialize)]
struct Descriptor {
    context: Context,
    display: Display,
}

#[derive(Debug, Deserialize)]
struct Context {
    contract: Contract,
}

#[derive(Debug, Deserialize)]
struct Contract {
    /// A bundled interface by its name, as `aave-v3/Pool`.
    abi: String,
}

#[derive(Debug, Deserialize)]
struct Display {
    formats: HashMap<String, Format>,
}

#[derive(Debug, Deserialize)]
struct Format {
    intent: String,
    fields: Vec<Field>,
}

#[derive(Debug, Deserialize)]
struct Field {
    path: String,
    label: String,
    format: String,
    #[serde(default)]
    params: Params,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Params {
    token_path: Option<String>,
    threshold: Option<U256>,
    message: Option<String>,
}

/// A call in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainCall {
    /// What it is for, as `Withdraw`.
    pub intent: &'static str,
    /// What must be seen, in order.
    pub fields: Vec<PlainField>,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainField {
    /// Its name, as `Amount`.
    pub label: &'static str,
    /// What it is.
    pub value: PlainValue,
}

/// A value as it is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlainValue {
    /// Raw units of a token.
    Token(Address, U256),
    /// Wei.
    Ether(U256),
    /// Somebody.
    Who(Address),
    /// A moment, Unix seconds.
    Date(U256),
    /// Anything else, safe to print.
    Text(String),
}

impl PlainCall {
    /// Every token whose units it names.
    pub fn tokens(&self) -> impl Iterator<Item = Address> {
        self.fields.iter().filter_map(|field| match field.value {
            PlainValue::Token(token, _) => Some(token),
            _ => None,
        })
    }
}

fn all() -> &'static HashMap<(String, String), Format> {
    static ALL: OnceLock<HashMap<(String, String), Format>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = HashMap::new();
        // Read by a test; one that could not be read would leave its calls to the plain decoder, never a panic.
        for descriptor in FILES.iter().filter_map(|text| serde_json::from_str::<Descriptor>(text).ok()) {
            for (declaration, format) in descriptor.display.formats {
                if let Some(function) = super::fragment::function_of(&declaration) {
                    all.insert((descriptor.context.contract.abi.clone(), function.signature()), format);
                }
            }
        }
        all
    })
}

/// A call in plain words; `None` where no descriptor is bundled for it, or it has a value that the descriptor cannot
/// place. `value` is the wei sent along.
#[must_use]
pub fn plain_call(book: &AbiBook, chain_id: u64, call: &DecodedCall, value: U256) -> Option<PlainCall> {
    let to = call.to?;
    let CallBody::Function { signature, args, provenance: Provenance::Bundled { .. }, trailing: 0, .. } =
        &call.body
    else {
        return None;
    };
    let abis = &book.known(chain_id, to)?.abis;
    let format = abis.iter().find_map(|abi| all().get(&(abi.clone(), signature.clone())))?;
    let container = Container { to, value, args };
    let fields = format.fields.iter().map(|field| container.field(field)).collect::<Option<_>>()?;
    Some(PlainCall { intent: &format.intent, fields })
}

struct Container<'a> {
    to: Address,
    value: U256,
    args: &'a [NamedValue],
}

impl Container<'_> {
    fn field(&self, field: &'static Field) -> Option<PlainField> {
        let number = || match field.path.as_str() {
            "@.value" => Some(self.value),
            path => self.at(path)?.as_uint(),
        };
        let value = match field.format.as_str() {
            "tokenAmount" => {
                let amount = number()?;
                let beyond = field.params.threshold.is_some_and(|threshold| amount >= threshold);
                match field.params.message.as_ref().filter(|_| beyond) {
                    Some(message) => PlainValue::Text(message.clone()),
                    None => PlainValue::Token(self.address(field.params.token_path.as_deref()?)?, amount),
                }
            }
            "amount" => PlainValue::Ether(number()?),
            "addressName" => PlainValue::Who(self.address(&field.path)?),
            "date" => PlainValue::Date(number()?),
            "raw" => PlainValue::Text(value_text(self.at(&field.path)?)),
            _ => return None,
        };
        Some(PlainField { label: &field.label, value })
    }

    fn address(&self, path: &str) -> Option<Address> {
        if path == "@.to" { Some(self.to) } else { self.at(path)?.as_address() }
    }

    /// The value at a path such as `params.amountIn` or `path.[-1]`.
    fn at(&self, path: &str) -> Option<&AbiValue> {
        let mut steps = path.split('.');
        let first = steps.next()?;
        let mut value = &self.args.iter().find(|one| one.name == first)?.value;
        for step in steps {
            value = match step.strip_prefix('[').and_then(|step| step.strip_suffix(']')) {
                Some(index) => {
                    let all = value.as_array()?;
                    let index: i64 = index.parse().ok()?;
                    let from_end = usize::try_from(index.unsigned_abs()).ok()?;
                    let at = if index < 0 { all.len().checked_sub(from_end)? } else { from_end };
                    all.get(at)?
                }
                None => &value.as_tuple()?.iter().find(|one| one.name == step)?.value,
            };
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{address, hex};

    use super::*;
    use crate::contracts::{FunctionCall, decode_calldata};

    const POOL: Address = address!("87870Bca3F3fD6335C3F4ce8392D69350B4fA4E2");
    const USDC: Address = address!("A0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48");
    const WETH: Address = address!("C02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2");
    const ROUTER: Address = address!("7a250d5630B4cF539739dF2C5dAcb4c659F2488D");

    fn plain(to: Address, signature: &str, args: &[&str], wei: u64) -> Option<PlainCall> {
        let args: Vec<String> = args.iter().map(|one| (*one).to_owned()).collect();
        let data = FunctionCall::parse(signature, &args).unwrap().calldata();
        let book = AbiBook::new();
        plain_call(&book, 1, &decode_calldata(&book, 1, Some(to), &data), U256::from(wei))
    }

    /// Every descriptor is read, names a bundled interface with that very function, and every path in it leads somewhere.
    #[test]
    fn every_descriptor_fits_its_interface() {
        let (book, mut formats) = (AbiBook::new(), 0);
        for text in FILES {
            let descriptor: Descriptor = serde_json::from_str(text).unwrap();
            let abi = book.bundled(&descriptor.context.contract.abi).expect(&descriptor.context.contract.abi);
            for (declaration, format) in &descriptor.display.formats {
                let function = super::super::fragment::function_of(declaration).expect(declaration);
                let own = abi.function_by_selector(function.selector()).expect(declaration);
                assert!(all().contains_key(&(descriptor.context.contract.abi.clone(), own.signature())));
                let paths = format.fields.iter().flat_map(|field| {
                    std::iter::once(field.path.as_str()).chain(field.params.token_path.as_deref())
                });
                for path in paths.filter(|path| !path.starts_with('@')) {
                    let first = path.split('.').next().unwrap();
                    assert!(own.inputs.iter().any(|one| one.name == first), "{declaration}: {path}");
                }
                formats += 1;
            }
        }
        assert_eq!(formats, all().len());
    }

    #[test]
    fn calls_are_told_in_plain_words() {
        let (usdc, pool) = (USDC.to_string(), POOL.to_string());
        let withdraw = "withdraw(address,uint256,address)";
        let some = plain(POOL, withdraw, &[&usdc, "1500000", &pool], 0).unwrap();
        let values: Vec<_> = some.fields.iter().map(|one| (one.label, one.value.clone())).collect();
        let amount = PlainValue::Token(USDC, U256::from(1_500_000));
        assert_eq!(some.intent, "Withdraw");
        assert_eq!(values, [("Amount", amount), ("To", PlainValue::Who(POOL))]);
        let max = U256::MAX.to_string();
        let all = plain(POOL, withdraw, &[&usdc, &max, &pool], 0).unwrap();
        assert_eq!(all.fields[0].value, PlainValue::Text("All".to_owned()));
        let wrap = plain(WETH, "deposit()", &[], 7).unwrap();
        assert_eq!((wrap.intent, &wrap.fields[0].value), ("Wrap ether", &PlainValue::Ether(U256::from(7))));
        let path = format!("[{WETH},{ROUTER},{USDC}]");
        let swap = "swapExactTokensForTokens(uint256,uint256,address[],address,uint256)";
        let swap = plain(ROUTER, swap, &["5", "9", &path, &pool, "1900000000"], 0).unwrap();
        assert_eq!(swap.fields[0].value, PlainValue::Token(WETH, U256::from(5)));
        assert_eq!(swap.fields[1].value, PlainValue::Token(USDC, U256::from(9)));
        assert_eq!(swap.fields[3].value, PlainValue::Date(U256::from(1_900_000_000_u64)));
    }

    #[test]
    fn only_the_bound_contract_and_the_exact_call_have_words() {
        // The same call on a contract that the book does not bind to it, and bytes behind the arguments.
        let stranger = Address::repeat_byte(7);
        assert_eq!(plain(stranger, "deposit()", &[], 7), None);
        let book = AbiBook::new();
        let tail = hex!("d0e30db000").to_vec();
        assert_eq!(plain_call(&book, 1, &decode_calldata(&book, 1, Some(WETH), &tail), U256::ZERO), None);
        // A path without an end for its token.
        let swap = "swapExactTokensForTokens(uint256,uint256,address[],address,uint256)";
        assert_eq!(plain(ROUTER, swap, &["5", "9", "[]", &stranger.to_string(), "1"], 0), None);
    }
}
