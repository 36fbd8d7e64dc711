//! What a user or an endpoint can get wrong: one clear sentence, the right exit code, nothing on disk harmed.

use std::net::TcpListener;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Redirect};
use axum::routing::any;

use super::{contents, lifeboat};

#[test]
fn words_that_cannot_be_understood_exit_with_2() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, words) in [
        (vec!["balance", "0x1234"], "an address has 40 hex digits after 0x; this has 4"),
        (vec!["balance", "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92267"], "checksum"),
        (vec!["tx", "0xabc"], "a hash has 64 hex digits"),
        (vec!["tx", &"g".repeat(64)], "not a hex digit"),
        (vec!["block", "tomorrow"], "give a number"),
        (vec!["storage", "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", "-1"], "unexpected argument"),
        (
            vec!["--network", "ropsten", "status"],
            "possible values: mainnet, sepolia, hoodi, custom, practice",
        ),
        (vec!["--beacon", "ftp://x", "status"], "give an http:// or https:// address"),
        (vec!["--beacon", "http://169.254.169.254/", "status"], "link-local"),
        (vec!["--checkpoint", "0x12", "status"], "a hash has 64 hex digits"),
        (vec!["balance"], "required"),
        (vec![], "Usage"),
    ] {
        let run = lifeboat(folder.path(), &arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{arguments:?}: {}", run.stderr);
    }
    assert!(contents(folder.path()).is_empty(), "a misunderstood command writes nothing");
}

#[test]
fn a_checkpoint_too_old_or_missing_says_the_ways_out() {
    let folder = tempfile::tempdir().unwrap();
    let dead = ["--beacon", "http://127.0.0.1:1", "--execution", "http://127.0.0.1:1"];
    let with = |more: &[&str]| lifeboat(folder.path(), &dead.iter().chain(more).copied().collect::<Vec<_>>());
    let old = with(&["status"]);
    assert_eq!(old.code, 3);
    for way in ["checkpoint compare", "--checkpoint", "--accept-old-checkpoint"] {
        assert!(old.stderr.contains(way), "{}", old.stderr);
    }
    let none = with(&["--network", "sepolia", "status"]);
    assert_eq!(none.code, 3, "{}", none.stderr);
    assert!(none.stderr.contains("No checkpoint is known for sepolia"), "{}", none.stderr);
}

#[test]
fn settings_with_a_mistake_are_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("settings.toml"), "proxxy = 1\n").unwrap();
    let before = contents(folder.path());
    let run = lifeboat(folder.path(), &["status"]);
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
    assert!(run.stderr.contains("line 1") && run.stderr.contains("proxxy"), "{}", run.stderr);
    assert_eq!(contents(folder.path()), before);
    let run = lifeboat(folder.path(), &["--network", "custom", "status"]);
    assert_eq!(run.code, 3);
}

/// A loopback server that answers everything the same way.
fn server(answer: Router) -> (String, tokio::runtime::Runtime) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    runtime.spawn(async move {
        axum::serve(tokio::net::TcpListener::from_std(listener).unwrap(), answer).await.unwrap();
    });
    (url, runtime)
}

fn genesis(root: &str) -> String {
    format!(
        "{{\"data\":{{\"genesis_time\":\"1\",\"genesis_validators_root\":\"{root}\",\"genesis_fork_version\":\"0x00000000\"}}}}"
    )
}

#[test]
fn endpoints_that_cannot_help_are_each_told_apart() {
    let endless = || async {
        let chunks = futures::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b' '; 64 * 1024]));
        Body::from_stream(chunks).into_response()
    };
    let main_root = "0x4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95";
    let other = genesis(&format!("0x{}", "77".repeat(32)));
    let right = genesis(main_root);
    let not_found = Router::new()
        .route("/eth/v1/beacon/genesis", any(move || async move { right }))
        .fallback(any(|| async { axum::http::StatusCode::NOT_FOUND }));
    let cases: Vec<(&str, Router, &str)> = vec![
        (
            "not JSON",
            Router::new().fallback(any(|| async { "<html>please log in</html>" })),
            "not understood",
        ),
        ("endless", Router::new().fallback(any(endless)), "larger than"),
        ("redirects", Router::new().fallback(any(|| async { Redirect::temporary("/again") })), "status 307"),
        (
            "elsewhere",
            Router::new().fallback(any(|| async { Redirect::temporary("http://127.0.0.1:9/") })),
            "status 307",
        ),
        (
            "wrong genesis",
            Router::new().fallback(any(move || async move { other })),
            "serves another network",
        ),
        ("checkpoint not found", not_found, "has the checkpoint"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let root = format!("0x{}", "ab".repeat(32));
    for (name, router, words) in cases {
        let (url, _runtime) = server(router);
        let run = lifeboat(
            folder.path(),
            &[
                "--beacon",
                &url,
                "--execution",
                "http://127.0.0.1:1",
                "--checkpoint",
                &root,
                "--timeout",
                "20",
                "status",
            ],
        );
        assert_eq!(run.code, 3, "{name}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{name}: {}", run.stderr);
        assert!(run.stderr.contains("To do:"), "{name}: {}", run.stderr);
        assert!(!run.stdout.contains("Head"), "{name} shows a head: {}", run.stdout);
    }
    let unreachable = lifeboat(
        folder.path(),
        &[
            "--beacon",
            "http://127.0.0.1:1",
            "--checkpoint",
            &root,
            "balance",
            "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
        ],
    );
    assert_eq!((unreachable.code, unreachable.stdout.as_str()), (3, ""), "a failed read prints no number");
    assert!(unreachable.stderr.contains("cannot connect"), "{}", unreachable.stderr);
    assert!(contents(folder.path()).is_empty(), "nothing was kept of failed runs");
}
