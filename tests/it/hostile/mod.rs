//! The journeys again, through lying endpoints.
