//! A signer that reads QR codes: its answers as texts, and as pictures of its screen.

use alloy::primitives::B256;
use alloy::signers::SignerSync as _;
use alloy::signers::local::PrivateKeySigner;
use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;

/// `{1: request id, 2: signature}` by practice account 0.
fn cbor(hash: B256) -> Vec<u8> {
    let key = PrivateKeySigner::from_bytes(&PRACTICE_ACCOUNTS[0].key).unwrap();
    let signature = key.sign_hash_sync(&hash).unwrap().as_bytes();
    let mut out = minicbor::Encoder::new(Vec::new());
    out.map(2).unwrap().u8(1).unwrap().tag(minicbor::data::Tag::new(37)).unwrap();
    out.bytes(&hash[..16]).unwrap().u8(2).unwrap().bytes(&signature).unwrap();
    out.into_writer()
}

/// What it answers, as one code.
pub(crate) fn answer(hash: B256) -> String {
    ur::try_encode(&cbor(hash), &ur::Type::Custom("eth-signature")).unwrap()
}

/// The same in parts, as an animated code.
#[cfg(all(feature = "gui", feature = "qr-pictures"))]
pub(crate) fn answer_in_parts(hash: B256) -> Vec<String> {
    let mut parts = ur::Encoder::new(&cbor(hash), 40, "eth-signature").unwrap();
    (0..parts.fragment_count()).map(|_| parts.next_part().unwrap()).collect()
}

/// A picture (PNG) of the code of a text.
#[cfg(all(feature = "gui", feature = "qr-pictures"))]
pub(crate) fn picture(text: &str) -> Vec<u8> {
    let code = qrcode::QrCode::new(text.to_uppercase()).unwrap();
    let (scale, side) = (4, code.width() + 8);
    let mut grey = vec![255_u8; side * side * scale * scale];
    for (at, colour) in code.to_colors().into_iter().enumerate() {
        let (x, y) = ((at % code.width() + 4) * scale, (at / code.width() + 4) * scale);
        for pixel in 0..scale * scale {
            let place = (y + pixel / scale) * side * scale + x + pixel % scale;
            grey[place] = if colour == qrcode::Color::Dark { 0 } else { 255 };
        }
    }
    let mut out = Vec::new();
    let pixels = u32::try_from(side * scale).unwrap();
    let encoder = image::codecs::png::PngEncoder::new(&mut out);
    image::ImageEncoder::write_image(encoder, &grey, pixels, pixels, image::ExtendedColorType::L8).unwrap();
    out
}
