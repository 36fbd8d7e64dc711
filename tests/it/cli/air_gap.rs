//! A transaction goes to a computer without a network, with the state that proves it, and comes back signed.

use std::path::Path;
use std::process::Command;

use super::lab::{Lab, Run};

/// The computer without a network: a folder of its own, endpoints where nobody is.
struct Island {
    folder: tempfile::TempDir,
    checkpoint: String,
}

impl Island {
    fn of(lab: &Lab) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let lines = lab
            .settings()
            .lines()
            .map(|line| {
                let is_list = line.starts_with("beacon") || line.starts_with("execution");
                let name = line.split('=').next().unwrap_or_default();
                if is_list { format!("{name}= [\"http://127.0.0.1:9/\"]\n") } else { format!("{line}\n") }
            })
            .collect::<String>();
        assert!(lines.contains("127.0.0.1:9/"), "{lines}");
        std::fs::write(folder.path().join("settings.toml"), lines).unwrap();
        Self { folder, checkpoint: lab.checkpoint() }
    }

    fn sign(&self, file: &Path, out: &Path) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_lifeboat"))
            .args(["--network", "custom", "--checkpoint", &self.checkpoint, "--data-dir"])
            .arg(self.folder.path())
            .args(["sign", "transaction", "--offline", "--yes", "--out"])
            .args([out, file])
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Run { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }
}

#[test]
fn the_state_crosses_with_the_transaction_and_is_verified_there() {
    let lab = Lab::start_behind(1, 6);
    let at = |name: &str| lab.path().join(name);
    let file = at("unsigned.json");
    let token = ["send", "practice-1", "2.5", "--token", "PUSD", "--from", "practice-0"];
    let made = lab.run(&[&token[..], &["--offline-file", file.to_str().unwrap()]].concat());
    assert_eq!(made.code, 0, "{made:?}");
    let island = Island::of(&lab);
    let signed = island.sign(&file, &at("signed.json"));
    assert_eq!(signed.code, 0, "{signed:?}");
    for words in [
        "The state in the file is verified from this computer's own checkpoint.",
        "Send 2.5 PUSD",
        "[ok] R15 Nonce is next (",
        "[ok] R09 Code matches bundled Practice Dollar",
    ] {
        assert!(signed.err.contains(words), "{words}: {}", signed.err);
    }
    assert!(!signed.err.contains("R12"), "it was run there too: {}", signed.err);
    let request = file.to_str().unwrap();
    let sent = lab.run(&["broadcast", at("signed.json").to_str().unwrap(), "--request", request]);
    assert_eq!(sent.code, 0, "{sent:?}");
    lab.network.advance(2).unwrap();
    let activity = lab.run(&["activity"]).done().out;
    assert!(activity.contains("included  Send 2.5 PUSD"), "{activity}");
}

/// A signer's screen as pictures: one code, and the parts of an animated one in any order.
#[cfg(all(feature = "gui", feature = "qr-pictures"))]
#[test]
fn the_answer_of_a_qr_signer_is_read_from_pictures() {
    use crate::support::qr::{answer, answer_in_parts, picture};
    let lab = Lab::start_behind(1, 6);
    let at = |name: &str| lab.path().join(name).to_str().unwrap().to_owned();
    let asked = |file: &str, amount: &str| -> alloy::primitives::B256 {
        let send = ["--json", "send", "practice-1", amount, "--from", "practice-0", "--offline-file", file];
        lab.run(&send).json()["signing_hash"].as_str().unwrap().parse().unwrap()
    };
    let (first, second) = (at("one.json"), at("two.json"));
    let hash = asked(&first, "1");
    std::fs::write(at("answer.png"), picture(&answer(hash))).unwrap();
    let sent = lab.run(&["broadcast", &at("answer.png"), "--request", &first]);
    assert_eq!(sent.code, 0, "{sent:?}");
    assert!(sent.err.contains("Same as the request you made."), "{}", sent.err);
    lab.network.advance(2).unwrap();
    let hash = asked(&second, "2");
    let mut args = vec!["broadcast".to_owned(), "--request".to_owned(), second];
    for (number, part) in answer_in_parts(hash).into_iter().rev().enumerate() {
        let path = at(&format!("part-{number}.png"));
        std::fs::write(&path, picture(&part)).unwrap();
        args.extend(["--picture".to_owned(), path]);
    }
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let few = lab.run(&args[..5]);
    assert_eq!(few.code, 2, "{few:?}");
    assert!(few.err.contains("parts of it are missing"), "{}", few.err);
    let sent = lab.run(&args);
    assert_eq!(sent.code, 0, "{sent:?}");
    std::fs::write(at("noise.png"), picture("hello")).unwrap();
    let other = lab.run(&["broadcast", &at("noise.png"), "--request", &first]);
    assert_eq!(other.code, 2, "{other:?}");
    assert!(other.err.contains("it does not begin with ur:"), "{}", other.err);
}

/// Every part that proves something, bent: nothing is signed on it, and nothing panics.
#[test]
fn a_bent_file_proves_nothing() {
    let lab = Lab::start_behind(1, 6);
    let at = |name: &str| lab.path().join(name);
    let file = at("unsigned.json");
    let send = ["send", "practice-1", "1", "--from", "practice-0", "--offline-file", file.to_str().unwrap()];
    assert_eq!(lab.run(&send).code, 0);
    let island = Island::of(&lab);
    let whole: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let flipped = |text: &str| {
        let at = text.len() / 2;
        let digit = if &text[at..=at] == "0" { "1" } else { "0" };
        format!("{}{digit}{}", &text[..at], &text[at + 1..])
    };
    let paths = ["bootstraps", "optimistic", "headers", "accounts"];
    for part in paths {
        let mut bent = whole.clone();
        bend(&mut bent["state"]["recording"][part], &flipped);
        assert_ne!(bent, whole, "{part}");
        let path = at("bent.json");
        std::fs::write(&path, bent.to_string()).unwrap();
        let out = at("never.json");
        let refused = island.sign(&path, &out);
        assert!(matches!(refused.code, 2 | 3) && !out.exists(), "{part}: {refused:?}");
        assert!(!refused.err.contains("panicked"), "{part}: {refused:?}");
    }
    let mut without = whole.clone();
    without.as_object_mut().unwrap().remove("state");
    std::fs::write(at("bent.json"), without.to_string()).unwrap();
    let refused = island.sign(&at("bent.json"), &at("never.json"));
    assert!(refused.code == 3 && refused.err.contains("The file carries no state."), "{refused:?}");
    // A later time than this computer's own is refused before anything is verified.
    let mut future = whole;
    let later = future["state"]["recorded_at_ms"].as_u64().unwrap() + 86_400_000;
    future["state"]["recorded_at_ms"] = later.into();
    std::fs::write(at("bent.json"), future.to_string()).unwrap();
    let refused = island.sign(&at("bent.json"), &at("never.json"));
    assert!(refused.code == 3 && refused.err.contains("later than this computer's clock"), "{refused:?}");
}

/// Flips one digit in the middle of every long text.
fn bend(value: &mut serde_json::Value, flip: &dyn Fn(&str) -> String) {
    match value {
        serde_json::Value::String(text) if text.len() > 200 => *text = flip(text),
        serde_json::Value::Array(all) => all.iter_mut().for_each(|one| bend(one, flip)),
        serde_json::Value::Object(all) => all.values_mut().for_each(|one| bend(one, flip)),
        _ => {}
    }
}
