//! The screens by name.

use super::words::Word;

/// The screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Screen {
    /// Paste an address.
    #[default]
    FirstRun,
    /// What the user watches.
    Home,
    /// What is in protocols.
    Positions,
    /// The way out of them.
    ExitPlan,
    /// Who may take what.
    Approvals,
    /// A multisig account.
    Safe,
    /// Move ether or a token.
    Send,
    /// Sign what is no transaction.
    Sign,
    /// What would be signed.
    Review,
    /// What was signed here.
    Activity,
    /// One transaction of the journal.
    Transaction,
    /// Look-up.
    Explorer,
    /// Read any contract.
    Contracts,
    /// Endpoints, head, checkpoint.
    Network,
    /// Watched accounts and contacts.
    Accounts,
    /// Settings.
    Settings,
    /// Version and build.
    About,
    /// The practice network's control panel.
    Practice,
    /// All messages of the session.
    Messages,
}

impl Screen {
    /// All, with the name that `--screen` takes.
    pub const ALL: [(&'static str, Self); 19] = [
        ("firstrun", Self::FirstRun),
        ("home", Self::Home),
        ("positions", Self::Positions),
        ("exit-plan", Self::ExitPlan),
        ("approvals", Self::Approvals),
        ("safe", Self::Safe),
        ("send", Self::Send),
        ("sign", Self::Sign),
        ("review", Self::Review),
        ("activity", Self::Activity),
        ("transaction", Self::Transaction),
        ("explorer", Self::Explorer),
        ("contracts", Self::Contracts),
        ("network", Self::Network),
        ("accounts", Self::Accounts),
        ("settings", Self::Settings),
        ("about", Self::About),
        ("practice", Self::Practice),
        ("messages", Self::Messages),
    ];

    /// By the name that `--screen` takes.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, screen)| screen)
    }

    /// The name that `--screen` takes; also the first part of its controls' accessible ids.
    pub fn id(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, screen)| *screen == self).map_or("", |(name, _)| name)
    }

    /// Its title.
    pub fn title(self) -> Word {
        match self {
            Self::FirstRun => Word::FirstRun,
            Self::Home => Word::Home,
            Self::Positions => Word::Positions,
            Self::ExitPlan => Word::ExitPlan,
            Self::Approvals => Word::Approvals,
            Self::Safe => Word::Safe,
            Self::Send => Word::Send,
            Self::Sign => Word::SignTitle,
            Self::Review => Word::ReviewWord,
            Self::Activity => Word::Activity,
            Self::Transaction => Word::TransactionWord,
            Self::Explorer => Word::Explorer,
            Self::Contracts => Word::Contracts,
            Self::Network => Word::Network,
            Self::Accounts => Word::Accounts,
            Self::Settings => Word::Settings,
            Self::About => Word::About,
            Self::Practice => Word::Practice,
            Self::Messages => Word::Messages,
        }
    }
}
