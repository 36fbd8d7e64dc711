//! Signers without a cable: the request as texts of QR codes, and the signature from such texts.

use alloy::primitives::Bytes;

use super::flow::LeaveArgs;
use crate::app::signing::{QrError, QrSigner, SignatureReader, sign_request};
use crate::app::{OfflineFile, Prepared, Reason};

/// A fingerprint as devices show it.
pub(super) fn fingerprint(text: &str) -> Result<u32, String> {
    u32::from_str_radix(text.trim_start_matches("0x"), 16).map_err(|error| format!("{error}"))
}

fn refused(error: &QrError) -> Reason {
    Reason::new(&error.to_string(), "nothing was signed and nothing was sent", "scan it again, every part")
}

/// The request's texts; none where they were not asked for.
pub(super) fn codes(leave: &LeaveArgs, prepared: &Prepared) -> Result<Vec<String>, Reason> {
    let Some(path) = leave.qr.clone() else { return Ok(Vec::new()) };
    let signer = QrSigner { path, fingerprint: leave.qr_fingerprint.unwrap_or_default() };
    sign_request(&prepared.review.tx, prepared.review.from(), &signer).map_err(|error| refused(&error))
}

/// What `--offline-file` printed them for.
pub(super) fn words(codes: &[String]) -> String {
    if codes.is_empty() {
        return String::new();
    }
    let parts = codes.join("\n");
    format!(
        "Show each line as a QR code, in turn, to the signer; its answer goes to `lifeboat broadcast`:\n{parts}\n"
    )
}

/// Whether the text is an answer of such a signer.
pub(super) fn is_answer(text: &str) -> bool {
    text.trim_start().get(..3).is_some_and(|start| start.eq_ignore_ascii_case("ur:"))
}

/// The raw transaction of an answer, its parts one a line or with spaces between, to the request in `file`.
pub(super) fn signed(answer: &str, file: Option<&[u8]>) -> Result<Bytes, Reason> {
    let Some(file) = file else {
        let what = "The signer's answer holds only a signature";
        return Err(Reason::new(what, "nothing was sent", "give the file it was made for with --request"));
    };
    let asked = match OfflineFile::parse(file) {
        Ok(OfflineFile::Unsigned(asked)) => asked,
        Ok(OfflineFile::Signed(_)) => {
            let what = "The request is signed itself";
            return Err(Reason::new(what, "nothing was sent", "give the unsigned file"));
        }
        Err(error) => {
            return Err(Reason::new(&error.to_string(), "nothing was sent", "give the file that you made"));
        }
    };
    let mut reader = SignatureReader::default();
    for part in answer.split_whitespace() {
        if reader.receive(part).map_err(|error| refused(&error))? {
            break;
        }
    }
    let signed = reader.signed(asked.unsigned(), asked.from()).map_err(|error| refused(&error))?;
    Ok(signed.raw().clone())
}
