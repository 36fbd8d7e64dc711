//! Whole journeys on the practice network.
