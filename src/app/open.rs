//! A network by name, with its endpoints, settings and folder, ready to start.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use alloy::primitives::B256;

use super::{DevicePorts, NamedByHand, Notice, PracticeKeys};
use crate::chain::{ChainEdges, Clock};
use crate::networks::{CustomNetworkError, NetworkSpec, default_endpoints, hoodi, mainnet, sepolia};
use crate::protocols::Named;
use crate::sources::{EndpointConfig, EndpointError, EndpointKind, HttpOptions, HttpPool, SourceError};
use crate::storage::{AddedEndpoint, Choices, DataDir, NetworkChoices, Settings, StorageError};

/// The networks a user can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NetworkName {
    /// Ethereum mainnet.
    Mainnet,
    /// The Sepolia test network.
    Sepolia,
    /// The Hoodi test network.
    Hoodi,
    /// The network described under `[custom]` in settings.
    Custom,
    /// The practice network inside this program.
    Practice,
}

impl NetworkName {
    /// Lower-case name; also that of its folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mainnet => "mainnet",
            Self::Sepolia => "sepolia",
            Self::Hoodi => "hoodi",
            Self::Custom => "custom",
            Self::Practice => "practice",
        }
    }
}

/// What to open.
#[derive(Debug, Clone)]
pub struct Request {
    /// Which network.
    pub network: NetworkName,
    /// The practice network's data, when that is meant: its specification and endpoints. Whoever starts it keeps it.
    pub practice: Option<(NetworkSpec, Vec<EndpointConfig>)>,
    /// In place of the system's folder.
    pub data_dir: Option<PathBuf>,
    /// A finalized root that the user trusts.
    pub checkpoint: Option<B256>,
    /// Go on with a checkpoint beyond the weak-subjectivity bound.
    pub accept_old: bool,
    /// In place of settings and defaults, where not empty.
    pub beacon: Vec<EndpointConfig>,
    /// In place of settings and defaults, where not empty.
    pub execution: Vec<EndpointConfig>,
}

impl Request {
    /// `network` as settings and defaults have it.
    #[must_use]
    pub fn of(network: NetworkName) -> Self {
        Self {
            network,
            practice: None,
            data_dir: None,
            checkpoint: None,
            accept_old: false,
            beacon: Vec::new(),
            execution: Vec::new(),
        }
    }
}

/// Why a network could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Disk.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// An address in settings.
    #[error("in settings.toml: {0}")]
    Endpoint(#[from] EndpointError),
    /// The proxy or TLS.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// `[custom]` in settings.
    #[error("in settings.toml, [custom]: {0}")]
    Custom(#[from] CustomNetworkError),
    /// `--network custom` without `[custom]`.
    #[error("settings.toml has no [custom] section; describe the network there, in {}", folder.display())]
    NoCustom {
        /// Where settings.toml is looked for.
        folder: PathBuf,
    },
    /// The bundled list of endpoints is damaged.
    #[error("the bundled endpoint list cannot be read: {0}")]
    Defaults(#[from] toml::de::Error),
    /// The practice network is started by the program itself.
    #[error("the practice network was not started")]
    NoPractice,
}

impl OpenError {
    /// The user's own settings are at fault.
    pub fn is_users(&self) -> bool {
        let settings = matches!(self, Self::Storage(StorageError::Settings { .. }));
        settings || matches!(self, Self::Endpoint(_) | Self::Custom(_) | Self::NoCustom { .. })
    }
}

/// Everything the core needs to start.
#[derive(Debug)]
pub struct Opened {
    pub(super) edges: ChainEdges,
    pub(super) pool: Arc<HttpPool>,
    pub(super) data: Arc<DataDir>,
    pub(super) user_checkpoint: Option<B256>,
    pub(super) accept_old: bool,
    /// False for a practice network, which ends with the program.
    pub(super) keeps: bool,
    pub(super) notices: Vec<Notice>,
    pub(super) practice_keys: PracticeKeys,
    pub(super) ports: DevicePorts,
    pub(super) choices: Choices,
    pub(super) proxy: Option<String>,
    /// The list of what was named by hand, and what is in it.
    pub(super) named: (NamedByHand, Arc<[Named]>),
}

impl Opened {
    /// Lends public keys that sign on the practice chain alone. They are kept nowhere.
    #[must_use]
    pub fn with_practice_keys(mut self, keys: PracticeKeys) -> Self {
        self.practice_keys = keys;
        self
    }

    /// Looks for hardware signers elsewhere than settings say.
    #[must_use]
    pub fn with_device_ports(mut self, ports: DevicePorts) -> Self {
        self.ports = ports;
        self
    }

    /// The folder in which a face may keep files of its own; `None` where nothing can or should be kept.
    pub fn folder(&self) -> Option<&Path> {
        (self.keeps && !self.data.is_read_only()).then(|| self.data.path())
    }

    /// The network's name.
    pub fn network(&self) -> &str {
        &self.edges.spec.name
    }

    /// Asks nobody for anything until the user says so.
    #[must_use]
    pub fn offline(self) -> Self {
        self.pool.set_offline(true);
        self
    }
}

/// The data folder: the given one, else the system's. `None` where the system names none.
pub fn data_folder(given: Option<PathBuf>) -> Option<PathBuf> {
    DataDir::root(given).ok()
}

/// Opens a network. Nothing is asked of any endpoint yet.
///
/// # Errors
/// See [`OpenError`].
pub fn open(request: Request, clock: Arc<dyn Clock>) -> Result<Opened, OpenError> {
    let data = DataDir::open(request.data_dir, request.network.name())?;
    let settings = data.settings()?;
    let keeps = request.practice.is_none();
    let emulators = &settings.emulators;
    let ports = DevicePorts { ledger: emulators.ledger, trezor: emulators.trezor, ..DevicePorts::default() };
    let (spec, mut endpoints) = match request.practice {
        Some(practice) => practice,
        None => (spec_of(request.network, &settings, &data)?, configured(request.network.name(), &settings)?),
    };
    for (kind, given) in
        [(EndpointKind::Beacon, request.beacon), (EndpointKind::Execution, request.execution)]
    {
        if !given.is_empty() {
            endpoints.retain(|one| one.kind != kind);
            endpoints.extend(given);
        }
    }
    let mut notices = Vec::new();
    let choices = data.choices().unwrap_or_else(|error| {
        notices.push(Notice { text: error.to_string() });
        Choices::default()
    });
    let proxy = match &choices.proxy {
        Some(chosen) => Some(chosen.clone()).filter(|chosen| !chosen.is_empty()),
        None => settings.proxy,
    };
    let options = HttpOptions::through(proxy.clone());
    let spec = Arc::new(spec);
    let pool = HttpPool::new(Arc::clone(&spec), endpoints, options)?;
    let edges =
        ChainEdges { spec, beacon: pool.clone(), execution: pool.clone(), gateways: pool.clone(), clock };
    if keeps && let Some(chosen) = choices.networks.get(request.network.name()) {
        apply(chosen, &pool);
    }
    if data.is_read_only() {
        let text = format!("{} cannot be written: nothing of this run will be kept.", data.path().display());
        notices.push(Notice { text });
    }
    let data = Arc::new(data);
    let list = NamedByHand::of(Arc::clone(&data));
    let (named, told) = list.at_start();
    notices.extend(told);
    Ok(Opened {
        edges,
        pool,
        data,
        user_checkpoint: request.checkpoint,
        accept_old: request.accept_old,
        keeps,
        notices,
        choices,
        proxy,
        named: (list, named.into()),
        practice_keys: PracticeKeys::default(),
        ports,
    })
}

/// Brings back what the user added and switched off.
fn apply(chosen: &NetworkChoices, pool: &HttpPool) {
    for AddedEndpoint { kind, url } in &chosen.added {
        let kind =
            if kind == EndpointKind::Beacon.name() { EndpointKind::Beacon } else { EndpointKind::Execution };
        match EndpointConfig::parse(url, kind) {
            Ok(config) => drop(pool.add(config, true)),
            Err(error) => tracing::warn!(%error, "an endpoint that was added earlier is not used"),
        }
    }
    for one in pool.report() {
        if pool.config(&one.id).is_some_and(|config| chosen.off.iter().any(|url| *url == config.url.as_str()))
        {
            pool.set_on(&one.id, false);
        }
    }
}

fn spec_of(network: NetworkName, settings: &Settings, data: &DataDir) -> Result<NetworkSpec, OpenError> {
    let spec = match network {
        NetworkName::Mainnet => mainnet(),
        NetworkName::Sepolia => sepolia(),
        NetworkName::Hoodi => hoodi(),
        NetworkName::Practice => return Err(OpenError::NoPractice),
        NetworkName::Custom => match &settings.custom {
            Some(custom) => custom.spec()?,
            None => return Err(OpenError::NoCustom { folder: data.path().to_path_buf() }),
        },
    };
    let own = settings.networks.get(network.name()).and_then(|own| own.gloas_epoch);
    Ok(match own {
        Some(epoch) => spec.with_gloas_epoch(Some(epoch)),
        None => spec,
    })
}

/// The user's endpoints, else the bundled ones, by kind.
fn configured(network: &str, settings: &Settings) -> Result<Vec<EndpointConfig>, OpenError> {
    let own = settings.networks.get(network);
    let defaults = default_endpoints(network)?;
    let mut endpoints = Vec::new();
    for (kind, chosen, bundled) in [
        (EndpointKind::Beacon, own.map(|own| &own.beacon), defaults.beacon),
        (EndpointKind::Execution, own.map(|own| &own.execution), defaults.execution),
    ] {
        match chosen.filter(|chosen| !chosen.is_empty()) {
            Some(chosen) => {
                for url in chosen {
                    endpoints.push(EndpointConfig::parse(url, kind)?);
                }
            }
            None => {
                for one in bundled {
                    endpoints.push(EndpointConfig::parse(&one.url, kind)?);
                }
            }
        }
    }
    Ok(endpoints)
}
