// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

use pixfer_sys as sys;

/// Matrix coefficients: how much of red and of blue is in luma, Y = Kr·R + (1 − Kr − Kb)·G + Kb·B.
///
/// [`Matrix::code`] is the number of Rec. ITU-T H.273, as streams carry it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u32)]
pub enum Matrix {
    /// Kr 0.2126, Kb 0.0722: high definition. The default.
    #[default]
    Bt709 = sys::PIXFER_MATRIX_BT709,
    /// Kr 0.299, Kb 0.114: standard definition, and JPEG.
    Bt601 = sys::PIXFER_MATRIX_BT601,
    /// Kr 0.212, Kb 0.087.
    Smpte240m = sys::PIXFER_MATRIX_SMPTE240M,
    /// Kr 0.2627, Kb 0.0593, of the non-constant luminance kind.
    Bt2020Ncl = sys::PIXFER_MATRIX_BT2020_NCL,
}

impl Matrix {
    /// All of them.
    pub const ALL: &'static [Matrix] = &[Matrix::Bt709, Matrix::Bt601, Matrix::Smpte240m, Matrix::Bt2020Ncl];

    /// `MatrixCoefficients` of H.273.
    pub fn code(self) -> u32 {
        self as u32
    }
}

/// Which of a sample's values are used: `video_full_range_flag`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum Range {
    /// Y 16 to 235, Cb and Cr 16 to 240 of 255 (64 to 940 and 64 to 960 of 1023). The default.
    #[default]
    Limited = sys::PIXFER_RANGE_LIMITED,
    /// 0 to 255 (0 to 1023).
    Full = sys::PIXFER_RANGE_FULL,
}

impl Range {
    /// Both.
    pub const ALL: &'static [Range] = &[Range::Limited, Range::Full];
}

/// Where a chroma sample lies among the luma samples, which is the filter that makes it: `chroma_sample_loc_type`.
///
/// 4:2:2 has the horizontal part only (top-left is the same as left there), 4:4:4 none. Edges are replicated. The weighted mean
/// is taken of the real Cb and Cr values and rounded once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u32)]
pub enum Siting {
    /// Between two rows, on the even column: horizontally [1 2 1] / 4, vertically [1 1] / 2. What an untagged H.264 stream means,
    /// and the default.
    #[default]
    Left = sys::PIXFER_SITING_LEFT,
    /// In the middle of 2 × 2 pixels: their mean. What libyuv computes, and libswscale where nothing is said.
    Center = sys::PIXFER_SITING_CENTER,
    /// On the even column of the even row: [1 2 1] / 4 both ways. What BT.2020 video uses.
    TopLeft = sys::PIXFER_SITING_TOP_LEFT,
}

impl Siting {
    /// All of them.
    pub const ALL: &'static [Siting] = &[Siting::Left, Siting::Center, Siting::TopLeft];
}

/// Which Y, Cb and Cr pixels become; the default is BT.709, limited range, left.
///
/// ```
/// use pixfer::{Color, Matrix, Range, Siting};
///
/// let jpeg = Color { matrix: Matrix::Bt601, range: Range::Full, siting: Siting::Center };
/// let video = Color { matrix: Matrix::Bt601, ..Color::default() };
/// assert_ne!(jpeg, video);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Color {
    /// How much of red, green and blue is in luma and chroma.
    pub matrix: Matrix,
    /// Which values are used.
    pub range: Range,
    /// Where chroma lies, for formats that have less of it than of luma.
    pub siting: Siting,
}

impl Color {
    pub(crate) fn raw(self) -> sys::pixfer_color {
        sys::pixfer_color {
            matrix: self.matrix as sys::pixfer_matrix,
            range: self.range as sys::pixfer_range,
            siting: self.siting as sys::pixfer_siting,
        }
    }
}
