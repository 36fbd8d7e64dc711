//! QR codes in pictures: what a signer without a cable shows, as a screenshot or a photograph (PNG, JPEG).

use super::Reason;

/// How pictures begin.
const PNG: &[u8] = &[0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG: &[u8] = &[0xff, 0xd8, 0xff];

/// Whether these bytes are a picture rather than a text.
pub fn is_picture(bytes: &[u8]) -> bool {
    bytes.starts_with(PNG) || bytes.starts_with(JPEG)
}

/// The texts of the QR codes in a picture.
///
/// # Errors
/// [`Reason`]: a damaged or too large picture, or none in it that can be read.
#[cfg(feature = "qr-pictures")]
pub fn texts_in_picture(bytes: &[u8]) -> Result<Vec<String>, Reason> {
    // Bytes from elsewhere go through two decoders here: a fault in one of them is a picture that cannot be read.
    let found = std::panic::catch_unwind(|| codes(bytes)).unwrap_or_else(|_fault| Err(String::new()));
    let next = "take it again, sharp and straight, with nothing but the code in it; or paste the code's text";
    let failed = |what: &str| Err(Reason::new(what, "nothing was read", next));
    match found {
        Ok(texts) if texts.is_empty() => failed("No QR code can be read in that picture"),
        Ok(texts) => Ok(texts),
        Err(why) if why.is_empty() => failed("That picture cannot be read"),
        Err(why) => {
            failed(&format!("That picture cannot be read: {}", crate::contracts::sanitise(&why, 120)))
        }
    }
}

/// The same in a build without the feature.
///
/// # Errors
/// Always.
#[cfg(not(feature = "qr-pictures"))]
pub fn texts_in_picture(_bytes: &[u8]) -> Result<Vec<String>, Reason> {
    Err(Reason::new(
        "This build of Lifeboat reads no pictures",
        "nothing was read",
        "paste the code's text, or use a build with the feature qr-pictures",
    ))
}

#[cfg(feature = "qr-pictures")]
fn codes(bytes: &[u8]) -> Result<Vec<String>, String> {
    /// A photograph is smaller than this.
    const MAX_SIDE: u32 = 12_000;
    const MAX_ALLOC: u64 = 256 << 20;
    let mut limits = image::Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(MAX_SIDE), Some(MAX_SIDE));
    limits.max_alloc = Some(MAX_ALLOC);
    let reader = image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format();
    let mut reader = reader.map_err(|error| error.to_string())?;
    reader.limits(limits);
    let grey = reader.decode().map_err(|error| error.to_string())?.into_luma8();
    let side = |length: u32| usize::try_from(length).unwrap_or_default();
    let (width, height) = (side(grey.width()), side(grey.height()));
    let pixels = grey.into_raw();
    let at =
        |x: usize, y: usize| pixels.get(y.saturating_mul(width).saturating_add(x)).copied().unwrap_or(255);
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, at);
    Ok(prepared.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect())
}

#[cfg(test)]
#[cfg(all(feature = "qr-pictures", feature = "gui"))]
mod tests {
    use image::{GrayImage, ImageFormat, Luma};

    use super::*;

    fn png(grey: &GrayImage) -> Vec<u8> {
        let mut out = std::io::Cursor::new(Vec::new());
        grey.write_to(&mut out, ImageFormat::Png).unwrap();
        out.into_inner()
    }

    /// A picture of codes beside each other, as screens show them: dark on light, each module some pixels wide.
    fn picture(texts: &[&str], scale: usize) -> Vec<u8> {
        let codes: Vec<_> = texts.iter().map(|text| qrcode::QrCode::new(text).unwrap()).collect();
        let side = (codes.iter().map(qrcode::QrCode::width).max().unwrap() + 8) * scale;
        let dark = |x: usize, y: usize| {
            let code = &codes[x / side];
            let at = |pixel: usize| (pixel / scale).checked_sub(4).filter(|at| *at < code.width());
            at(x % side).zip(at(y)).is_some_and(|place| code[place] == qrcode::Color::Dark)
        };
        let size = |pixels: usize| u32::try_from(pixels).unwrap();
        png(&GrayImage::from_fn(size(side * codes.len()), size(side), |x, y| {
            Luma([if dark(x as usize, y as usize) { 0 } else { 255 }])
        }))
    }

    #[test]
    fn every_code_of_a_picture_is_read() {
        let long = format!("UR:ETH-SIGNATURE/{}", "OEADTPDAGD".repeat(30));
        let one = picture(&[&long], 4);
        assert!(is_picture(&one) && !is_picture(b"ur:eth-signature/oead"));
        assert_eq!(texts_in_picture(&one).unwrap(), [long]);
        let mut two = texts_in_picture(&picture(&["UR:A/1-2/X", "UR:A/2-2/Y"], 5)).unwrap();
        two.sort();
        assert_eq!(two, ["UR:A/1-2/X", "UR:A/2-2/Y"]);
    }

    #[test]
    fn what_is_no_code_says_so_and_never_panics() {
        let whole = picture(&["UR:A/X"], 4);
        let cut = texts_in_picture(&whole[..whole.len() / 2]).unwrap_err();
        assert!(cut.what.starts_with("That picture cannot be read"), "{cut}");
        let blank = png(&GrayImage::from_pixel(20, 20, Luma([255])));
        let none = texts_in_picture(&blank).unwrap_err();
        assert_eq!(none.what, "No QR code can be read in that picture.");
        // A header that promises more than memory holds.
        let mut large = whole.clone();
        large[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
        assert!(texts_in_picture(&large).is_err());
        for at in (0..whole.len()).step_by(7) {
            let mut bent = whole.clone();
            bent[at] ^= 0x55;
            drop(texts_in_picture(&bent));
        }
    }
}
