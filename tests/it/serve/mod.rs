//! `serve` as other programs meet it: over HTTP and WebSocket, in front of the practice network.

mod attacks;
mod bombs;
mod hostile;
pub(crate) mod lab;
mod methods;
mod news;
mod random_calls;
mod simulate;
