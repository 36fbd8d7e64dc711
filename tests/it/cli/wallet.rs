//! The wallet from the command line: every command by its words, exit codes, and secrets that are nowhere.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use alloy::primitives::keccak256;
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, PRACTICE_DOLLAR};
use serde_json::{Value, json};

use super::lab::{Lab, Run};

/// Argon2id at its shipped cost takes seconds where nothing is optimised.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs the binary with lines on standard input.
pub(super) fn typed(lab: &Lab, args: &[&str], input: &str) -> Run {
    let started = Instant::now();
    let folder = lab.path().to_str().unwrap();
    let checkpoint = lab.checkpoint();
    let mut child = Command::new(env!("CARGO_BIN_EXE_lifeboat"))
        .args(["--network", "custom", "--data-dir", folder, "--checkpoint", &checkpoint])
        .args(args)
        .env("LIFEBOAT_LOG", "trace")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(started.elapsed() < PATIENCE, "{args:?} took {:?}", started.elapsed());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

fn findings(run: &Run) -> Vec<(String, String)> {
    let all = run.json()["review"]["findings"].clone();
    let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    all.as_array().unwrap().iter().map(|one| (text(one, "check"), text(one, "level"))).collect()
}

#[test]
fn a_payment_from_review_to_inclusion() {
    let lab = Lab::start_behind(3, 4);
    let accounts = lab.run(&["--json", "accounts"]).done().json();
    let first = &accounts["accounts"][0];
    assert_eq!((&first["name"], &first["kind"]), (&json!("practice-0"), &json!("practice key")));
    assert_eq!(first["balance_wei"]["proof"], "head");
    let send = ["send", "practice-1", "1.5", "--from", "practice-0"];
    let dry = lab.run(&[&["--json"][..], &send, &["--dry-run"]].concat()).done();
    let review = &dry.json()["review"];
    assert_eq!((&review["title"], &review["gesture"]), (&json!("Send 1.5 ETH"), &json!("click")));
    assert_eq!(review["value_wei"], "1500000000000000000");
    assert!(findings(&dry).contains(&("R01".to_owned(), "passed".to_owned())));
    let words = lab.run(&[&send[..], &["--dry-run"]].concat()).done().out;
    assert!(
        words.starts_with("Review       Send 1.5 ETH\n             You send 1.5 ETH to practice-1 (0x"),
        "{words}"
    );
    assert!(words.contains("  [ok] R15 Nonce is next ("), "{words}");
    // Nobody at a terminal and no --yes: nothing is signed.
    let unconfirmed = lab.run(&send);
    assert_eq!((unconfirmed.code, unconfirmed.out.as_str()), (2, ""));
    assert!(unconfirmed.err.contains("Nobody confirmed it."), "{}", unconfirmed.err);
    assert_eq!(lab.run(&["activity"]).done().out, "No activity known on this computer.\n");
    let sent = lab.run(&[&["--json"][..], &send, &["--yes"]].concat());
    assert_eq!(sent.code, 0, "{sent:?}");
    let transaction = &sent.json()["transaction"];
    assert_eq!(transaction["state"], "sent");
    let hash = transaction["hash"].as_str().unwrap().to_owned();
    lab.network.advance(2).unwrap();
    let waited = lab.run(&["--json", "tx", &hash, "--wait"]);
    assert_eq!((waited.code, &waited.json()["transaction"]["state"]), (0, &json!("included")), "{waited:?}");
    let activity = lab.run(&["activity"]).done().out;
    assert!(activity.contains("included  Send 1.5 ETH\n"), "{activity}");
    assert!(activity.ends_with("There may be more.\n"), "{activity}");
    // The same again: the endpoints have it in a block and say so; it stays what it was proven to be.
    lab.run(&["broadcast", &hash]);
    let view = lab.run(&["--json", "activity"]).json()["transactions"][0].clone();
    assert_eq!((&view["state"], &view["hash"]), (&json!("included"), &json!(hash)));
}

#[test]
fn bad_input_is_refused_in_words_and_nothing_is_signed() {
    let lab = Lab::start(1);
    let from = ["--from", "practice-0"];
    let who = PRACTICE_ACCOUNTS[1].address.to_string();
    let wrong = who.replace('9', "8");
    let cases: [(&[&str], i32, &str); 9] = [
        (&["send", &who, "1.0000000000000000001"], 2, "it has 19 decimals; at most 18 are possible"),
        (&["send", &who, "-1"], 2, "unexpected argument"),
        (&["send", &who, "one"], 2, "that is no amount"),
        (&["send", &wrong, "1"], 2, "checksum"),
        (&["send", "nobody", "1"], 2, "Nobody here is called"),
        (&["send", &who, "1", "--token", "NOSUCH"], 2, "No listed token has the symbol"),
        (&["send", &who, "99999999", "--yes"], 1, "Blocked: Needs 99999999.0"),
        (&["send", &who, "1", "--from", "stranger"], 2, "There is no account"),
        (&["broadcast", "0x02c0"], 2, "These bytes are no transaction"),
    ];
    for (args, code, words) in cases {
        let own = if args.contains(&"--from") || args[0] == "broadcast" { &[][..] } else { &from[..] };
        let run = lab.run(&[args, own].concat());
        assert_eq!(run.code, code, "{args:?}: {run:?}");
        assert!(run.err.contains(words), "{args:?}: {}", run.err);
    }
    let watch = lab.run(&["accounts", "watch", "0x00000000000000000000000000000000000000aa", "Cold"]).done();
    assert!(watch.out.starts_with("Watching     Cold\n"), "{}", watch.out);
    let unable = lab.run(&["send", &who, "0", "--from", "Cold", "--yes"]);
    assert!(
        unable.err.contains("Cold is a watch-only account") || unable.err.contains("Needs"),
        "{}",
        unable.err
    );
    assert_eq!(lab.run(&["activity"]).done().out, "No activity known on this computer.\n");
}

#[test]
fn yes_never_answers_for_a_danger() {
    let lab = Lab::start(1);
    let spender = PRACTICE_ACCOUNTS[3].address.to_string();
    let approve = ["approve", "PUSD", &spender, "unlimited", "--from", "practice-0", "--yes"];
    let refused = lab.run(&approve);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.err.contains("type UNLIMITED") && refused.err.contains("type WALLET"), "{}", refused.err);
    let half = lab.run(&[&approve[..], &["--fact", "UNLIMITED"]].concat());
    assert_eq!(half.code, 2, "{half:?}");
    let whole = lab.run(&[&approve[..], &["--fact", "UNLIMITED", "--fact", "WALLET", "--no-send"]].concat());
    assert_eq!(whole.code, 0, "{whole:?}");
    assert!(whole.out.contains("Status       saved\n"), "{}", whole.out);
    // With --wrap the only word is the amount.
    let weth = PRACTICE_ACCOUNTS[9].address.to_string();
    let wrap = lab.run(&["send", "--wrap", &weth, "0.5", "--from", "practice-0", "--dry-run"]);
    assert!(wrap.out.contains("0.5 ETH"), "{wrap:?}");
    let revoke = lab.run(&["--json", "revoke", "PUSD", &spender, "--from", "practice-0", "--dry-run"]).done();
    assert_eq!(revoke.json()["review"]["title"], "Revoke an approval of PUSD");
    assert_eq!(revoke.json()["review"]["to"], PRACTICE_DOLLAR.to_string().to_lowercase());
}

#[test]
fn keys_come_in_sign_and_go_out_and_are_nowhere_to_be_read() {
    let lab = Lab::start(1);
    // The key of practice account 4, and a password that stands nowhere else.
    let key = PRACTICE_ACCOUNTS[4].key;
    let digits = alloy::primitives::hex::encode(key);
    let password = "canary-correct-horse";
    let import = ["key", "import", "--raw", "--name", "mine", "--secret-fd", "0", "--password-fd", "0"];
    let imported = typed(&lab, &import, &format!("{digits}\n{password}\n"));
    assert_eq!(imported.code, 0, "{imported:?}");
    assert!(imported.out.contains("mine  key file\n"), "{}", imported.out);
    let wrong =
        typed(&lab, &["sign", "message", "hello", "--from", "mine", "--yes", "--password-fd", "0"], "no\n");
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("Wrong password. The file is intact; try again."), "{}", wrong.err);
    let sign = ["--json", "sign", "message", "hello", "--from", "mine", "--yes", "--password-fd", "0"];
    let signed = typed(&lab, &sign, &format!("{password}\n"));
    assert_eq!(signed.code, 0, "{signed:?}");
    let signature: alloy::primitives::Signature =
        signed.json()["signature"].as_str().unwrap().parse().unwrap();
    let recovered = signature.recover_address_from_msg("hello").unwrap();
    assert_eq!(recovered, PRACTICE_ACCOUNTS[4].address);
    let out = lab.path().join("exported.json");
    let export =
        ["key", "export", "mine", out.to_str().unwrap(), "--password-fd", "0", "--new-password-fd", "0"];
    let exported = typed(&lab, &export, &format!("{password}\nother-canary\n"));
    assert_eq!(exported.code, 0, "{exported:?}");
    let again = typed(
        &lab,
        &["key", "import", out.to_str().unwrap(), "--secret-fd", "0", "--password-fd", "0"],
        "other-canary\nx\n",
    );
    assert!(again.err.contains("already a key of this name or account"), "{}", again.err);
    // The canary scan: files, and everything that was said at the most talkative level.
    let said: String =
        [&imported, &wrong, &signed, &exported, &again].map(|run| format!("{}{}", run.out, run.err)).concat();
    let secrets = [digits.as_bytes(), key.as_slice(), password.as_bytes(), b"other-canary"];
    for secret in secrets {
        assert!(!contains(said.as_bytes(), secret), "a secret was said");
        scan(lab.path(), secret);
    }
    // A damaged file is told apart from a wrong password, and the others still work.
    let file = std::fs::read_dir(lab.path().join("keys")).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[60] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    let list = lab.run(&["key", "list"]);
    assert!(list.err.contains("is damaged or of an unknown version"), "{}", list.err);
    assert!(list.out.contains("practice-0"), "{}", list.out);
    assert_eq!(
        keccak256(std::fs::read(&file).unwrap()),
        keccak256(&bytes),
        "the damaged file is left as it is"
    );
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

fn scan(folder: &Path, secret: &[u8]) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            scan(&path, secret);
        } else {
            assert!(
                !contains(&std::fs::read(&path).unwrap(), secret),
                "a secret stands in {}",
                path.display()
            );
        }
    }
}

#[test]
fn a_transaction_crosses_the_air_gap_in_files() {
    let lab = Lab::start_behind(1, 4);
    let (unsigned, signed) = (lab.path().join("unsigned.json"), lab.path().join("signed.json"));
    let (unsigned, signed) = (unsigned.to_str().unwrap(), signed.to_str().unwrap());
    let made = lab.run(&["send", "practice-1", "2", "--from", "practice-2", "--offline-file", unsigned]);
    assert_eq!(made.code, 0, "{made:?}");
    let sign = lab.run(&["sign", "transaction", unsigned, "--out", signed, "--yes"]);
    assert_eq!(sign.code, 0, "{sign:?}");
    // What comes back is compared with what was asked.
    let other = lab.path().join("other.json");
    let other = other.to_str().unwrap();
    lab.run(&["send", "practice-1", "15", "--from", "practice-2", "--nonce", "0", "--offline-file", other]);
    let differs = lab.run(&["broadcast", signed, "--request", other]);
    assert_eq!(differs.code, 2, "{differs:?}");
    assert!(differs.err.contains("Differs from your request: amount 15.0"), "{}", differs.err);
    let sent = lab.run(&["broadcast", signed, "--request", unsigned]);
    assert_eq!(sent.code, 0, "{sent:?}");
    assert!(sent.err.contains("Same as the request you made."), "{}", sent.err);
    lab.network.advance(2).unwrap();
    let activity = lab.run(&["activity"]).done().out;
    assert!(activity.contains("included  Send 2 ETH"), "{activity}");
}

/// What imitates a contact of the window is seen on the command line too; an unreadable file of the window is no reason to
/// look away.
#[test]
fn the_windows_contacts_are_known_here() {
    let lab = Lab::start(2);
    let kept = lab.path().join("window.json");
    let alice = "0x5290840009852788600000000000000000009EE7";
    let book = json!({ "contacts": [{ "name": "Alice", "address": alice, "compared_with": "a letter" }] });
    std::fs::write(&kept, json!({ "version": 1, "books": { "custom": book } }).to_string()).unwrap();
    let twin = "0x5290111111111111111111111111111111119ee7";
    let send = ["--json", "send", twin, "1", "--from", "practice-0", "--dry-run"];
    let found = findings(&lab.run(&send));
    assert!(found.contains(&("R03".to_owned(), "danger".to_owned())), "{found:?}");
    // Whoever writes that file decides nothing: no money goes by a name that no key confirmed.
    let by_name = lab.run(&["send", "Alice", "1", "--from", "practice-0", "--dry-run"]);
    assert_eq!(by_name.code, 2, "{by_name:?}");
    assert!(by_name.err.contains("that no open key confirms"), "{}", by_name.err);
    std::fs::write(&kept, "{").unwrap();
    let refused = lab.run(&send);
    assert_eq!(refused.code, 3, "{refused:?}");
    assert!(refused.err.contains("The window's contacts cannot be read"), "{}", refused.err);
}
