//! Orders that a person types to a practice network in the foreground, a line each.

use std::io::BufRead as _;
use std::thread::Builder;

use tokio::sync::mpsc;

use super::PracticeNetwork;
use super::execution::ether_price;
use super::http::Fault;

/// What can be typed.
pub(super) const HELP: &str = "\
Orders, a line each: `ether falls 15` (percent below its first price in the practice market), `ether back`,
`off CARRIER` and `well CARRIER`, with `all` for every carrier.";
/// A longer fall would leave nothing to drill with.
const DEEPEST_FALL: u8 = 99;

/// An order.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Order {
    /// The market's price of ether, so many percent below its first.
    Ether(u8),
    /// The endpoints of a carrier close every connection, or answer again; `None` is all of them.
    Off(Option<String>, bool),
}

impl Order {
    fn parse(line: &str) -> Result<Self, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_lowercase).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match *words.as_slice() {
            ["ether", "back"] => Ok(Self::Ether(0)),
            ["ether", "falls", percent] => match percent.trim_end_matches('%').parse() {
                Ok(percent @ 1..=DEEPEST_FALL) => Ok(Self::Ether(percent)),
                _ => Err(format!("{percent:?} is no fall: give whole percent, 1 to {DEEPEST_FALL}")),
            },
            [order @ ("off" | "well"), who] => {
                Ok(Self::Off((who != "all").then(|| who.to_owned()), order == "off"))
            }
            _ => Err(format!("{:?} is no order. {HELP}", line.trim())),
        }
    }
}

/// Carries an order out, and says what came of it.
pub(super) fn obey(network: &PracticeNetwork, line: &str) -> String {
    match Order::parse(line) {
        Ok(Order::Ether(percent)) => match network.move_ether(percent) {
            Ok(_) => {
                let dollars = ether_price(percent) / alloy::primitives::U256::from(100_000_000);
                format!("Ether is at {dollars} US dollars in the practice market from the next block on.")
            }
            Err(error) => error.to_string(),
        },
        Ok(Order::Off(carrier, off)) => match set_off(network, carrier.as_deref(), off) {
            0 => format!("Nobody here is called {}. {HELP}", carrier.unwrap_or_default()),
            count if off => format!("{count} endpoints close every connection."),
            count => format!("{count} endpoints answer again."),
        },
        Err(why) => why,
    }
}

/// How many endpoints that were.
fn set_off(network: &PracticeNetwork, carrier: Option<&str>, off: bool) -> usize {
    let meant = |of: &str| carrier.is_none_or(|carrier| carrier == of);
    let mut count = 0_usize;
    for one in network.beacon_endpoints().iter().filter(|one| meant(one.carrier())) {
        one.faults().set(if off { Fault::Dead } else { Fault::Healthy });
        count = count.saturating_add(1);
    }
    for one in network.execution_endpoints().iter().filter(|one| meant(one.carrier())) {
        one.faults().set(if off { Fault::Dead } else { Fault::Healthy });
        count = count.saturating_add(1);
    }
    count
}

/// Lines of the standard input, until it ends.
pub(super) fn typed() -> std::io::Result<mpsc::Receiver<String>> {
    let (sender, lines) = mpsc::channel(16);
    let read = move || {
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { return };
            if !line.trim().is_empty() && sender.blocking_send(line).is_err() {
                return; // the network stopped
            }
        }
    };
    Builder::new().name("lifeboat-orders".to_owned()).spawn(read)?;
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read_exactly_or_refused() {
        assert_eq!(Order::parse(" Ether falls 15 \n"), Ok(Order::Ether(15)));
        assert_eq!(Order::parse("ether falls 15%"), Ok(Order::Ether(15)));
        assert_eq!(Order::parse("ether back"), Ok(Order::Ether(0)));
        let north = Some("practice-north".to_owned());
        assert_eq!(Order::parse("off practice-north"), Ok(Order::Off(north.clone(), true)));
        assert_eq!(Order::parse("well practice-north"), Ok(Order::Off(north, false)));
        assert_eq!(Order::parse("off all"), Ok(Order::Off(None, true)));
        for wrong in ["ether falls", "ether falls 0", "ether falls 100", "ether falls -5", "ether", "off"] {
            assert!(Order::parse(wrong).is_err(), "{wrong}");
        }
    }
}
