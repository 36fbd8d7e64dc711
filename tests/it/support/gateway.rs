//! Web servers that a resolver sends its callers to (EIP-3668): an honest one and those who lie, fail and never end; and
//! names on the practice network that are kept with each.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use alloy::primitives::{Address, B256, Bytes, hex, keccak256};
use alloy::signers::SignerSync as _;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::SolValue as _;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{any, get, post};
use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;
use serde_json::{Value, json};

use super::deploy::{Deployer, Ens, EnsResolver, node};

/// A gateway on loopback, and how often it was asked. It runs until the tests end.
#[derive(Debug, Clone)]
pub(crate) struct GatewayServer {
    /// Host and port.
    pub(crate) host: String,
    asked: Arc<AtomicUsize>,
}

/// Where every name leads that an honest gateway keeps.
pub(crate) fn kept() -> Address {
    PRACTICE_ACCOUNTS[2].address
}

fn key(number: u8) -> PrivateKeySigner {
    PrivateKeySigner::from_bytes(&B256::repeat_byte(number)).unwrap()
}

/// What `signer` says of the question `name` of the contract `sender`.
fn signed(signer: &PrivateKeySigner, sender: Address, name: &Bytes) -> Bytes {
    let digest = keccak256((sender, name.clone(), kept()).abi_encode_params());
    let signature = signer.sign_hash_sync(&digest).unwrap();
    let v = alloy::primitives::U256::from(27 + u8::from(signature.v()));
    (kept(), v, B256::from(signature.r()), B256::from(signature.s())).abi_encode_params().into()
}

fn answer(signer: u8, sender: &str, data: &str) -> Response {
    let told = signed(&key(signer), sender.parse().unwrap(), &data.parse().unwrap());
    axum::Json(json!({"data": told})).into_response()
}

async fn endless() -> Response {
    Body::from_stream(futures::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b' '; 64 * 1024])))
        .into_response()
}

impl GatewayServer {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = |State(asked): State<Arc<AtomicUsize>>, request, next: axum::middleware::Next| async move {
            asked.fetch_add(1, Ordering::Relaxed);
            next.run(request).await
        };
        let router = Router::new()
            .route(
                "/get/{sender}/{data}",
                get(|Path((sender, data)): Path<(String, String)>| async move {
                    answer(1, &sender, data.trim_end_matches(".json"))
                }),
            )
            .route(
                "/lie/{sender}/{data}",
                get(|Path((sender, data)): Path<(String, String)>| async move { answer(2, &sender, &data) }),
            )
            .route(
                "/post/{sender}",
                post(|Path(sender): Path<String>, body: axum::Json<Value>| async move {
                    assert_eq!(body["sender"], sender);
                    answer(1, &sender, body["data"].as_str().unwrap())
                }),
            )
            .route("/500/{sender}/{data}", any(|| async { (StatusCode::INTERNAL_SERVER_ERROR, "oops") }))
            .route("/404/{sender}/{data}", any(|| async { (StatusCode::NOT_FOUND, "no") }))
            .route("/403/{sender}/{data}", any(|| async { (StatusCode::FORBIDDEN, "no") }))
            .route("/endless/{sender}/{data}", any(endless))
            .route("/text/{sender}/{data}", any(|| async { axum::Json(json!({"data": "0xno hex"})) }))
            .route("/html/{sender}/{data}", any(|| async { "<html>please log in</html>" }))
            .route("/away/{sender}/{data}", any(|| async { Redirect::temporary("http://127.0.0.1:9/") }))
            .layer(axum::middleware::from_fn_with_state(Arc::clone(&asked), counted))
            .with_state(Arc::clone(&asked));
        let serve = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                axum::serve(tokio::net::TcpListener::from_std(listener).unwrap(), router).await.unwrap();
            });
        };
        std::thread::Builder::new().name("gateway".to_owned()).spawn(serve).unwrap();
        Self { host, asked }
    }

    /// Requests since the last time that this was asked.
    pub(crate) fn asked(&self) -> usize {
        self.asked.swap(0, Ordering::Relaxed)
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}/{path}/{{sender}}/{{data}}", self.host)
    }

    /// Names under `eth`, each kept with one kind of server. `honest.eth`'s resolver is given back. Account 5 keeps its own
    /// name with an honest server, which calls everybody alice.eth; account 6 says on the chain that it is honest.eth.
    pub(crate) fn deploy(&self, deployer: &mut Deployer<'_>, ens: Ens) -> Address {
        let own = |paths: &[&str]| paths.iter().map(|path| self.url(path)).collect::<Vec<_>>();
        let post = vec![format!("http://{}/post/{{sender}}", self.host)];
        let json = vec![format!("http://{}/get/{{sender}}/{{data}}.json", self.host)];
        let open = vec!["http://gateway.example/{data}".to_owned(), "https://10.0.0.1/{data}".to_owned()];
        let far = vec!["https://far.example/{data}".to_owned(), self.url("get")];
        let (none, thief) = (Address::ZERO, Address::repeat_byte(0x77));
        let names: Vec<(&str, Vec<String>, Address, u64)> = vec![
            ("honest", json, none, 1),
            ("posted", post, none, 1),
            ("lying", own(&["lie"]), none, 1),
            ("thief", own(&["get"]), thief, 1),
            ("unknown", own(&["404", "get"]), none, 1),
            ("forbidden", own(&["403", "get"]), none, 1),
            ("second", own(&["500", "text", "html", "away", "get"]), none, 1),
            ("endless", own(&["endless"]), none, 1),
            ("text", own(&["text"]), none, 1),
            ("four", own(&["get"]), none, 4),
            ("five", own(&["get"]), none, 5),
            ("open", open, none, 1),
            ("far", far, none, 1),
        ];
        let mut honest = None;
        for (label, urls, named, rounds) in names {
            let arguments = (urls, key(1).address(), named, alloy::primitives::U256::from(rounds));
            let resolver = deployer.create("Gatewayed", &arguments.abi_encode_params());
            ens.name(deployer, "eth", label, resolver);
            honest = honest.or(Some(resolver));
        }
        let honest = honest.unwrap();
        for (account, resolver) in [(5, honest), (6, ens.resolver)] {
            let label = hex::encode(PRACTICE_ACCOUNTS[account].address);
            ens.name(deployer, "addr.reverse", &label, resolver);
            if resolver == ens.resolver {
                deployer.send(
                    resolver,
                    &EnsResolver::setNameCall {
                        node: node(&format!("{label}.addr.reverse")),
                        name: "honest.eth".to_owned(),
                    },
                );
            }
        }
        honest
    }
}
