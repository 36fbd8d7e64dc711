//! From a tick to a price: `1.0001^tick`, in integers, as Uniswap v3's `TickMath` computes it.

use alloy::primitives::{U256, U512};

/// Ticks beyond this are no prices (`TickMath.MAX_TICK`).
const MAX_TICK: u32 = 887_272;

/// `1.0001^(-2^n / 2)` in Q128.128, for n from 0: facts of the pool's arithmetic.
const FACTORS: [u128; 20] = [
    0xfffc_b933_bd6f_ad37_aa2d_162d_1a59_4001,
    0xfff9_7272_373d_4132_59a4_6990_580e_213a,
    0xfff2_e50f_5f65_6932_ef12_357c_f3c7_fdcc,
    0xffe5_caca_7e10_e4e6_1c36_24ea_a094_1cd0,
    0xffcb_9843_d60f_6159_c9db_5883_5c92_6644,
    0xff97_3b41_fa98_c081_472e_6896_dfb2_54c0,
    0xff2e_a164_66c9_6a38_43ec_78b3_26b5_2861,
    0xfe5d_ee04_6a99_a2a8_11c4_61f1_969c_3053,
    0xfcbe_86c7_900a_88ae_dcff_c83b_479a_a3a4,
    0xf987_a725_3ac4_1317_6f2b_074c_f781_5e54,
    0xf339_2b08_22b7_0005_940c_7a39_8e4b_70f3,
    0xe715_9475_a2c2_9b74_43b2_9c7f_a6e8_89d9,
    0xd097_f3bd_fd20_22b8_845a_d8f7_92aa_5825,
    0xa9f7_4646_2d87_0fdf_8a65_dc1f_90e0_61e5,
    0x70d8_69a1_56d2_a1b8_90bb_3df6_2baf_32f7,
    0x31be_135f_97d0_8fd9_8123_1505_542f_cfa6,
    0x9aa_508b_5b7a_84e1_c677_de54_f3e9_9bc9,
    0x5d_6af8_dedb_8119_6699_c329_225e_e604,
    0x2216_e584_f5fa_1ea9_2604_1bed_fe98,
    0x48a_1703_91f7_dc42_444e_8fa2,
];

/// How much of token 1 one of token 0 is worth at a tick, in smallest units, in Q128.128; `None` where it does not fit.
fn ratio_x128(tick: i32) -> Option<U512> {
    let size = tick.unsigned_abs();
    if size > MAX_TICK {
        return None;
    }
    let one = U256::from(1) << 128_usize;
    // The square root of the price at -|tick|, in Q128.128.
    let root = FACTORS
        .iter()
        .enumerate()
        .filter(|(bit, _)| size & (1 << *bit) != 0)
        .fold(one, |root, (_, factor)| (root.wrapping_mul(U256::from(*factor))) >> 128_usize);
    let root = if tick > 0 { U256::MAX.checked_div(root)? } else { root };
    let wide = U512::from(root);
    Some((wide.wrapping_mul(wide)) >> 128_usize)
}

/// The price of the one token in the other at a tick, 18 digits behind the point, for whole tokens. `of_token0` prices
/// token 0 in token 1; the decimals are those of the priced token and of the other. `None` where it is 0 or does not fit.
pub(super) fn price(tick: i32, of_token0: bool, decimals: u8, other_decimals: u8) -> Option<U256> {
    let ratio = ratio_x128(if of_token0 { tick } else { tick.checked_neg()? })?;
    let ten = U512::from(10);
    let up = ten.checked_pow(U512::from(u16::from(decimals).saturating_add(18)))?;
    let down = ten.checked_pow(U512::from(other_decimals))?;
    let scaled = (ratio.checked_mul(up)?.checked_div(down)?) >> 128_usize;
    let fits = scaled.bit_len() <= 256 && !scaled.is_zero();
    let limbs = scaled.as_limbs();
    let low: [u64; 4] = limbs.get(..4)?.try_into().ok()?;
    fits.then(|| U256::from_limbs(low))
}

#[cfg(test)]
mod tests {
    use super::super::ONE;
    use super::*;

    fn near(found: U256, expected: f64) {
        let found = f64::from(found) / 1e18;
        assert!((found / expected - 1.0).abs() < 1e-9, "{found} is not near {expected}");
    }

    #[test]
    fn ticks_are_powers_of_1_0001() {
        assert_eq!(price(0, true, 18, 18), Some(ONE));
        for tick in [1, 2, 7, 100, 12_345, 200_000, -1, -99, -54_321] {
            near(price(tick, true, 18, 18).unwrap(), 1.0001_f64.powi(tick));
            near(price(tick, false, 18, 18).unwrap(), 1.0001_f64.powi(-tick));
        }
        assert_eq!(price(900_000, true, 18, 18), None);
        assert_eq!(price(i32::MIN, false, 18, 18), None);
        // What is below the last digit is no price.
        assert_eq!(price(-887_272, true, 18, 18), None);
    }

    #[test]
    fn decimals_of_both_tokens_count() {
        // USDC (6) is token 0, WETH (18) is token 1: at tick 195,000 one WETH is worth about 3,395 USDC.
        near(price(195_000, false, 18, 6).unwrap(), 1.0001_f64.powi(-195_000) * 1e12);
        near(price(195_000, true, 6, 18).unwrap(), 1.0001_f64.powi(195_000) / 1e12);
    }
}
