//! What the window may order of a practice network, without knowing it.

/// What can be wrong with an endpoint, as a person orders it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    /// None.
    Well,
    /// It closes every connection.
    Off,
    /// It answers late.
    Slow,
    /// It lies.
    Lie,
    /// Its head stands still.
    Freeze,
    /// It refuses with "too many requests".
    RateLimit,
}

impl Outage {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Well, Self::Off, Self::Slow, Self::Lie, Self::Freeze, Self::RateLimit];
}

/// One endpoint of the practice network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PracticeEndpoint {
    /// As the core names it.
    pub label: String,
    /// Beacon or execution.
    pub kind: &'static str,
    /// Who carries it.
    pub carrier: String,
    /// What is wrong with it now.
    pub outage: Outage,
}

/// The practice network at one instant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PracticeView {
    /// Its endpoints; an order names one by its place.
    pub endpoints: Vec<PracticeEndpoint>,
    /// Addresses with practice money.
    pub accounts: Vec<alloy::primitives::Address>,
}

/// The desk at which outages are ordered. `main` hands one over, since the window knows no practice network.
pub trait PracticeControl: Send {
    /// How things stand.
    fn view(&self) -> PracticeView;
    /// Orders an outage of the endpoint at `index`.
    fn order(&mut self, index: usize, outage: Outage);
    /// Begins the second act of a scenario, once its first is shown.
    fn second_act(&mut self) {}
}
