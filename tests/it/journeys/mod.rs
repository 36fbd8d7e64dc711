//! Whole journeys on the practice network, over loopback, through the real HTTP sources.

mod access_sets;
mod calls;
mod reads;
mod replaced;
mod simulations;
mod sync;
