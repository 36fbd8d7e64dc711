//! Servers that are no endpoints of this network, one by one on mainnet's own constants.

use std::net::TcpListener;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Redirect};
use axum::routing::any;

use super::lab::lifeboat;

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
    let path = folder.path().to_str().unwrap();
    let root = format!("0x{}", "ab".repeat(32));
    for (name, router, words) in cases {
        let (url, _runtime) = server(router);
        let run = lifeboat(&[
            "--data-dir",
            path,
            "--beacon",
            &url,
            "--execution",
            "http://127.0.0.1:1",
            "--checkpoint",
            &root,
            "--timeout",
            "20",
            "status",
        ]);
        assert_eq!(run.code, 3, "{name}: {}", run.err);
        assert!(run.err.contains(words), "{name}: {}", run.err);
        assert!(run.err.contains("To do:"), "{name}: {}", run.err);
        assert!(!run.out.contains("Head"), "{name} shows a head: {}", run.out);
    }
    let kept = std::fs::read_dir(folder.path().join("mainnet")).unwrap().count();
    assert_eq!(kept, 0, "nothing is kept of failed runs");
}
