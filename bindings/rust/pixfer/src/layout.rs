// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

//! Whether the rows of a plane lie within a slice. The library is told where rows are, not where memory ends, so this is where
//! Rust's promise is kept. No call of the library is made here: Miri runs these tests.

/// Bytes from the first of the top visual row to both ends of a plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    /// Before the top row, for rows that are stored bottom-up.
    pub(crate) before: usize,
    /// From the begin of the top row.
    pub(crate) after: usize,
}

/// What a plane of `rows` rows takes, each `row_bytes` long and `stride` from the one before; `None` where that is more than an
/// address can be.
pub(crate) fn extent(row_bytes: usize, rows: usize, stride: isize) -> Option<Extent> {
    let steps = rows.checked_sub(1)?.checked_mul(stride.unsigned_abs())?;
    let whole = steps.checked_add(row_bytes)?;
    if whole > isize::MAX as usize {
        return None;
    }
    Some(if stride < 0 {
        Extent { before: steps, after: row_bytes }
    } else {
        Extent { before: 0, after: whole }
    })
}

/// Checks that such a plane lies in `length` bytes, its top row beginning at `offset`; the text says what was found and expected.
pub(crate) fn check(
    length: usize,
    offset: usize,
    row_bytes: usize,
    rows: usize,
    stride: isize,
) -> Result<(), String> {
    if stride.unsigned_abs() < row_bytes {
        return Err(format!("has a stride of {stride} bytes, expected at least {row_bytes}"));
    }
    let extent = extent(row_bytes, rows, stride).ok_or_else(|| {
        format!("has {rows} rows with a stride of {stride} bytes, expected what memory can hold")
    })?;
    if offset < extent.before {
        return Err(format!(
            "begins at byte {offset}, expected at least {} for {rows} rows with a stride of {stride}",
            extent.before
        ));
    }
    let needed = offset.saturating_add(extent.after);
    if length < needed {
        return Err(format!(
            "has {length} bytes, expected at least {needed} for {rows} rows of {row_bytes} with a stride of {stride}"
        ));
    }
    Ok(())
}

/// The bytes of words: every bit pattern of both is a value.
pub(crate) fn bytes_of<T: Word>(words: &[T]) -> &[u8] {
    unsafe { std::slice::from_raw_parts(words.as_ptr().cast(), std::mem::size_of_val(words)) }
}

/// The same to write to.
pub(crate) fn bytes_of_mut<T: Word>(words: &mut [T]) -> &mut [u8] {
    unsafe { std::slice::from_raw_parts_mut(words.as_mut_ptr().cast(), std::mem::size_of_val(words)) }
}

/// Integers.
///
/// # Safety
/// No padding, and no bit pattern that is not a value.
pub(crate) unsafe trait Word {}
unsafe impl Word for u16 {}
unsafe impl Word for u64 {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_that_fit() {
        assert_eq!(check(100, 0, 10, 10, 10), Ok(()));
        assert_eq!(check(95, 0, 5, 10, 10), Ok(()), "the last row needs no padding");
        assert_eq!(check(100, 90, 10, 10, -10), Ok(()));
        assert_eq!(check(10, 0, 10, 1, isize::MAX), Ok(()), "one row needs no stride");
        assert_eq!(check(10, 0, 10, 1, isize::MIN), Ok(()));
    }

    #[test]
    fn planes_that_do_not() {
        for (length, offset, row_bytes, rows, stride) in [
            (94, 0, 5, 10, 10),
            (100, 1, 10, 10, 10),
            (100, 0, 10, 10, 9),
            (100, 0, 10, 10, 0),
            (100, 0, 10, 10, -9),
            (100, 89, 10, 10, -10),
            (100, 91, 10, 10, -10),
            (100, usize::MAX, 10, 10, 10),
            (usize::MAX, 0, 10, 3, isize::MAX),
            (usize::MAX, 0, 10, 3, isize::MIN),
            (usize::MAX, usize::MAX, 10, 2, isize::MIN),
            (100, 0, 10, usize::MAX, 10),
            (0, 0, 10, 0, 10),
        ] {
            let text = check(length, offset, row_bytes, rows, stride);
            assert!(text.is_err(), "{length} {offset} {row_bytes} {rows} {stride}");
            assert!(text.unwrap_err().contains("expected"));
        }
    }

    // Every byte that a row has, for small planes of all shapes.
    #[test]
    fn exactly_the_rows_decide() {
        for stride in -6_isize..=6 {
            for row_bytes in 1..=4_usize {
                for rows in 1..=3_usize {
                    for length in 0..=16_usize {
                        for offset in 0..=16_usize {
                            let inside = (0..rows as isize).all(|row| {
                                let begin = offset as isize + row * stride;
                                begin >= 0 && begin as usize + row_bytes <= length
                            });
                            let expected = inside && stride.unsigned_abs() >= row_bytes;
                            assert_eq!(
                                check(length, offset, row_bytes, rows, stride).is_ok(),
                                expected,
                                "{length} {offset} {row_bytes} {rows} {stride}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn words_are_bytes() {
        let mut words = [0x0102_u16, 0x0304];
        assert_eq!(bytes_of(&words).len(), 4);
        bytes_of_mut(&mut words).fill(0xff);
        assert_eq!(words, [0xffff; 2]);
    }
}
