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

/// How far ether has fallen in the practice market, as a person orders it: from where it started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EtherFall {
    /// Not at all.
    #[default]
    None,
    /// So far that the first account's loan is close to its line.
    TenPercent,
    /// So far that it can be liquidated.
    FifteenPercent,
}

impl EtherFall {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::None, Self::TenPercent, Self::FifteenPercent];

    /// In percent.
    pub fn percent(self) -> u8 {
        match self {
            Self::None => 0,
            Self::TenPercent => 10,
            Self::FifteenPercent => 15,
        }
    }
}

/// What a person orders of the practice network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PracticeOrder {
    /// An outage of the endpoint at this place.
    Endpoint(usize, Outage),
    /// A price of ether in the practice market.
    Ether(EtherFall),
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
    /// What was ordered of the price of ether; it takes a block.
    pub ether: EtherFall,
}

/// The desk at which outages and prices are ordered. `main` hands one over, since the window knows no practice network.
pub trait PracticeControl: Send {
    /// How things stand.
    fn view(&self) -> PracticeView;
    /// Orders something of it.
    fn order(&mut self, order: PracticeOrder);
    /// Begins the second act of a scenario, once its first is shown.
    fn second_act(&mut self) {}
}
