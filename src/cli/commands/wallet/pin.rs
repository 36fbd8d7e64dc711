//! A device that wants its PIN typed on the computer, at the terminal.

use std::time::Duration;

use super::super::super::output::say;
use super::secrets;
use crate::app::{Cancel, Reason};

/// How often it is looked whether a PIN is wanted.
const LOOK: Duration = Duration::from_millis(100);
const HOW: &str = "The device shows nine digits in a square, in another order each time. Type where each digit of your PIN \
                   stands, by the places of a number pad, and nothing else:\n    7 8 9\n    4 5 6\n    1 2 3";

/// Awaits what a device is asked for, and asks the person for the places of its PIN where it wants that.
pub(super) async fn beside<T>(
    cancel: &Cancel,
    work: impl Future<Output = Result<T, Reason>>,
) -> Result<T, Reason> {
    let mut work = std::pin::pin!(work);
    let mut refused = None;
    loop {
        tokio::select! {
            done = &mut work => return match (done, refused) {
                (Err(_stopped), Some(reason)) => Err(reason),
                (done, _) => done,
            },
            () = tokio::time::sleep(LOOK) => {
                if cancel.pin_pad().is_open() && refused.is_none() {
                    refused = ask(cancel).await.err();
                }
            }
        }
    }
}

/// Where nobody can be asked, the device is not waited for.
async fn ask(cancel: &Cancel) -> Result<(), Reason> {
    say(HOW);
    let asked = tokio::task::spawn_blocking(|| secrets::ask("Places of the PIN", None)).await;
    let places = asked.map_err(|error| Reason::new(&error.to_string(), "nothing was signed", "try again"));
    match places.and_then(|places| places) {
        Ok(places) => {
            if !cancel.pin_pad().give(places) {
                say("Those are no places: digits 1 to 9, without blanks.");
            }
            Ok(())
        }
        Err(_nobody) => {
            cancel.stop();
            let what = "This device wants its PIN typed on the computer, and there is no terminal to ask at";
            let next = "run it at a terminal, use the window, or unlock it in its vendor's own application";
            Err(Reason::new(what, "nothing was signed", next))
        }
    }
}
