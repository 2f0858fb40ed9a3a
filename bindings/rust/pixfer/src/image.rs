// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

use std::collections::TryReserveError;
use std::fmt;
use std::marker::PhantomData;

use pixfer_sys as sys;

use crate::error::{invalid, Error, Result};
use crate::format::Format;
use crate::layout;

/// The library's own limit.
const MAX_SIDE: u32 = 1 << 24;

fn check_size(width: u32, height: u32) -> Result<()> {
    if (1..=MAX_SIDE).contains(&width) && (1..=MAX_SIDE).contains(&height) {
        return Ok(());
    }
    invalid(format!("size is {width}x{height}, expected 1x1 to {MAX_SIDE}x{MAX_SIDE}"))
}

fn check_planes(format: Format, found: usize) -> Result<()> {
    if found == format.planes() {
        return Ok(());
    }
    invalid(format!(
        "{found} plane{} given, expected {} for {format}",
        if found == 1 { "" } else { "s" },
        format.planes()
    ))
}

fn empty(format: Format, width: u32, height: u32) -> sys::pixfer_image {
    sys::pixfer_image { format: format.raw(), width, height, ..Default::default() }
}

/// A stride as the library has it.
fn signed(stride: usize, plane: usize) -> Result<isize> {
    isize::try_from(stride).or_else(|_| {
        invalid(format!("plane {plane} has a stride of {stride} bytes, expected at most {}", isize::MAX))
    })
}

/// Where a plane lies in one block of memory, for [`Image::with_layout`] and [`ImageMut::with_layout`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PlaneLayout {
    /// Byte at which the top visual row begins.
    pub offset: usize,
    /// Bytes from a row to the one below it; negative where rows are stored bottom-up.
    pub stride: isize,
}

/// One plane of an [`Image`]: bytes, and how far its rows are apart.
///
/// ```
/// use pixfer::Plane;
///
/// let bytes = vec![0; 2048 * 1080];
/// let plane = Plane::new(&bytes, 2048);
/// let flipped = Plane::new(&bytes, 2048).bottom_up();
/// # let _ = (plane, flipped);
/// ```
#[derive(Clone, Copy)]
pub struct Plane<'a> {
    data: &'a [u8],
    stride: usize,
    bottom_up: bool,
}

impl<'a> Plane<'a> {
    /// Rows that begin `stride` bytes apart, the top one first. The last may end with its pixels, without padding.
    pub fn new(data: &'a [u8], stride: usize) -> Plane<'a> {
        Plane { data, stride, bottom_up: false }
    }

    /// The same of 16-bit words, as in [`Format::P010`]; `stride` is in bytes.
    pub fn from_u16(data: &'a [u16], stride: usize) -> Plane<'a> {
        Plane::new(layout::bytes_of(data), stride)
    }

    /// The first row of the bytes is the bottom one of the frame, as in bitmaps of Windows and frames that OpenGL has read.
    pub fn bottom_up(self) -> Plane<'a> {
        Plane { bottom_up: true, ..self }
    }
}

/// One plane of an [`ImageMut`]; see [`Plane`].
pub struct PlaneMut<'a> {
    data: &'a mut [u8],
    stride: usize,
    bottom_up: bool,
}

impl<'a> PlaneMut<'a> {
    /// Rows that begin `stride` bytes apart, the top one first. The last may end with its pixels, without padding.
    pub fn new(data: &'a mut [u8], stride: usize) -> PlaneMut<'a> {
        PlaneMut { data, stride, bottom_up: false }
    }

    /// The same of 16-bit words, as in [`Format::P010`]; `stride` is in bytes.
    pub fn from_u16(data: &'a mut [u16], stride: usize) -> PlaneMut<'a> {
        PlaneMut::new(layout::bytes_of_mut(data), stride)
    }

    /// The first row of the bytes is the bottom one of the frame.
    pub fn bottom_up(self) -> PlaneMut<'a> {
        PlaneMut { bottom_up: true, ..self }
    }
}

/// Checks one plane of a slice of its own, and notes its top row and stride.
fn set_plane(
    image: &mut sys::pixfer_image,
    format: Format,
    plane: usize,
    (data, length): (*mut u8, usize),
    stride: usize,
    bottom_up: bool,
) -> Result<()> {
    let (row_bytes, rows) = format.plane_size(image.width, image.height, plane);
    let stride = signed(stride, plane)?;
    layout::check(length, 0, row_bytes, rows, stride).or_else(|text| {
        invalid(format!("plane {plane} of {format} {}x{} {text}", image.width, image.height))
    })?;
    // Checked just now: the rows, from the lowest address on, lie in the slice.
    let top = if bottom_up { (rows - 1) * stride as usize } else { 0 };
    image.plane[plane] = unsafe { data.add(top) };
    image.stride[plane] = if bottom_up { -stride } else { stride };
    Ok(())
}

/// Planes that follow each other without padding.
fn tight(
    format: Format,
    width: u32,
    height: u32,
    (data, length): (*mut u8, usize),
) -> Result<sys::pixfer_image> {
    check_size(width, height)?;
    let needed = format.frame_size(width, height).filter(|&needed| needed <= isize::MAX as usize);
    if needed.map_or(true, |needed| length < needed) {
        return invalid(match needed {
            Some(needed) => {
                format!("data has {length} bytes, expected at least {needed} for {format} {width}x{height}")
            }
            None => format!("size is {width}x{height}, expected a {format} frame that memory can hold"),
        });
    }
    let mut image = empty(format, width, height);
    unsafe { sys::pixfer_image_layout(&mut image, format.raw(), width, height, data, 1) };
    Ok(image)
}

fn with_layout(
    format: Format,
    width: u32,
    height: u32,
    (data, length): (*mut u8, usize),
    planes: &[PlaneLayout],
) -> Result<sys::pixfer_image> {
    check_size(width, height)?;
    check_planes(format, planes.len())?;
    let mut image = empty(format, width, height);
    for (plane, at) in planes.iter().enumerate() {
        let (row_bytes, rows) = format.plane_size(width, height, plane);
        layout::check(length, at.offset, row_bytes, rows, at.stride)
            .or_else(|text| invalid(format!("plane {plane} of {format} {width}x{height} {text}")))?;
        image.plane[plane] = unsafe { data.add(at.offset) };
        image.stride[plane] = at.stride;
    }
    Ok(image)
}

fn describe(image: &sys::pixfer_image, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let format = Format::from_raw(image.format);
    f.debug_struct(name)
        .field("format", &format)
        .field("width", &image.width)
        .field("height", &image.height)
        .field("stride", &&image.stride[..format.map_or(0, Format::planes)])
        .finish()
}

/// A frame in memory that is only read: a view that borrows its bytes.
///
/// Each way to make one checks that every row lies within the slices, and tells what was found and expected where one does not.
///
/// ```
/// use pixfer::{Format, Image, Plane};
///
/// // Rows without gaps.
/// let pixels = vec![0; 640 * 480 * 4];
/// let image = Image::new(Format::Rgba, 640, 480, &pixels)?;
///
/// // Rows of a texture that begin every 4096 bytes.
/// let mapped = vec![0; 4096 * 480];
/// let image = Image::with_stride(Format::Bgra, 640, 480, &mapped, 4096)?;
///
/// // Planes of their own.
/// let (y, uv) = (vec![0; 640 * 480], vec![0; 640 * 240]);
/// let image = Image::from_planes(Format::Nv12, 640, 480, [Plane::new(&y, 640), Plane::new(&uv, 640)])?;
///
/// // A crop: the pixels from column 100 and row 50 on.
/// let crop = Image::with_stride(Format::Rgba, 320, 240, &pixels[50 * 640 * 4 + 100 * 4..], 640 * 4)?;
/// # let _ = (image, crop);
/// # Ok::<(), pixfer::Error>(())
/// ```
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Image<'a> {
    /// Each plane's rows lie in memory that is borrowed for 'a.
    pub(crate) raw: sys::pixfer_image,
    bytes: PhantomData<&'a [u8]>,
}

// It is a borrow of bytes.
unsafe impl Send for Image<'_> {}
unsafe impl Sync for Image<'_> {}

impl<'a> Image<'a> {
    /// A frame whose planes and rows follow each other without padding: the layout of raw files and pipes. Bytes behind the frame
    /// are ignored.
    pub fn new(format: Format, width: u32, height: u32, data: &'a [u8]) -> Result<Image<'a>> {
        tight(format, width, height, memory(data)).map(Image::wrap)
    }

    /// A frame of a format with one plane (RGB formats but [`Format::Gbrp`], YUYV, UYVY) whose rows begin `stride` bytes apart.
    pub fn with_stride(
        format: Format,
        width: u32,
        height: u32,
        data: &'a [u8],
        stride: usize,
    ) -> Result<Image<'a>> {
        Image::from_planes(format, width, height, [Plane::new(data, stride)])
    }

    /// A frame of planes, in the order of the table of [`Format`].
    pub fn from_planes<P>(format: Format, width: u32, height: u32, planes: P) -> Result<Image<'a>>
    where
        P: IntoIterator,
        P::Item: Into<Plane<'a>>,
    {
        check_size(width, height)?;
        let planes: Vec<Plane<'a>> = planes.into_iter().map(Into::into).collect();
        check_planes(format, planes.len())?;
        let mut image = empty(format, width, height);
        for (index, plane) in planes.into_iter().enumerate() {
            set_plane(&mut image, format, index, memory(plane.data), plane.stride, plane.bottom_up)?;
        }
        Ok(Image::wrap(image))
    }

    /// A frame of planes in one block, such as a buffer of a camera or a decoder.
    pub fn with_layout(
        format: Format,
        width: u32,
        height: u32,
        data: &'a [u8],
        planes: &[PlaneLayout],
    ) -> Result<Image<'a>> {
        with_layout(format, width, height, memory(data), planes).map(Image::wrap)
    }

    fn wrap(raw: sys::pixfer_image) -> Image<'a> {
        Image { raw, bytes: PhantomData }
    }

    /// The format.
    pub fn format(&self) -> Format {
        known(&self.raw)
    }

    /// Pixels in a row.
    pub fn width(&self) -> u32 {
        self.raw.width
    }

    /// Rows of pixels.
    pub fn height(&self) -> u32 {
        self.raw.height
    }
}

impl<'a> From<&Plane<'a>> for Plane<'a> {
    fn from(plane: &Plane<'a>) -> Plane<'a> {
        *plane
    }
}

impl fmt::Debug for Plane<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plane")
            .field("bytes", &self.data.len())
            .field("stride", &self.stride)
            .field("bottom_up", &self.bottom_up)
            .finish()
    }
}

impl fmt::Debug for PlaneMut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlaneMut")
            .field("bytes", &self.data.len())
            .field("stride", &self.stride)
            .field("bottom_up", &self.bottom_up)
            .finish()
    }
}

/// The library does not write through the planes of a source.
fn memory(data: &[u8]) -> (*mut u8, usize) {
    (data.as_ptr() as *mut u8, data.len())
}

fn known(image: &sys::pixfer_image) -> Format {
    Format::from_raw(image.format).unwrap_or(Format::Rgba) // it was made from one
}

impl fmt::Debug for Image<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        describe(&self.raw, "Image", f)
    }
}

/// A frame in memory that is written: a view that borrows its bytes for that. See [`Image`].
///
/// ```
/// use pixfer::{Format, ImageMut, PlaneMut};
///
/// let mut y = vec![0; 1920 * 1080];
/// let mut uv = vec![0; 1920 * 540];
/// let frame = ImageMut::from_planes(
///     Format::Nv12,
///     1920,
///     1080,
///     [PlaneMut::new(&mut y, 1920), PlaneMut::new(&mut uv, 1920)],
/// )?;
/// # let _ = frame;
/// # Ok::<(), pixfer::Error>(())
/// ```
#[repr(transparent)]
pub struct ImageMut<'a> {
    /// Each plane's rows lie in memory that is borrowed for 'a, and that nothing else looks at. Planes may overlap where they
    /// come from one slice; the library refuses that.
    pub(crate) raw: sys::pixfer_image,
    bytes: PhantomData<&'a mut [u8]>,
}

unsafe impl Send for ImageMut<'_> {}
unsafe impl Sync for ImageMut<'_> {}

impl<'a> ImageMut<'a> {
    /// A frame whose planes and rows follow each other without padding: the layout of raw files and pipes. Bytes behind the frame
    /// stay as they are.
    pub fn new(format: Format, width: u32, height: u32, data: &'a mut [u8]) -> Result<ImageMut<'a>> {
        tight(format, width, height, (data.as_mut_ptr(), data.len())).map(ImageMut::wrap)
    }

    /// A frame of a format with one plane whose rows begin `stride` bytes apart.
    pub fn with_stride(
        format: Format,
        width: u32,
        height: u32,
        data: &'a mut [u8],
        stride: usize,
    ) -> Result<ImageMut<'a>> {
        ImageMut::from_planes(format, width, height, [PlaneMut::new(data, stride)])
    }

    /// A frame of planes, in the order of the table of [`Format`]. Bytes between rows stay as they are.
    pub fn from_planes<P>(format: Format, width: u32, height: u32, planes: P) -> Result<ImageMut<'a>>
    where
        P: IntoIterator<Item = PlaneMut<'a>>,
    {
        check_size(width, height)?;
        let planes: Vec<PlaneMut<'a>> = planes.into_iter().collect();
        check_planes(format, planes.len())?;
        let mut image = empty(format, width, height);
        for (index, plane) in planes.into_iter().enumerate() {
            let memory = (plane.data.as_mut_ptr(), plane.data.len());
            set_plane(&mut image, format, index, memory, plane.stride, plane.bottom_up)?;
        }
        Ok(ImageMut::wrap(image))
    }

    /// A frame of planes in one block. Planes may be interleaved row by row; that no byte belongs to two of them is checked by the
    /// call that writes.
    pub fn with_layout(
        format: Format,
        width: u32,
        height: u32,
        data: &'a mut [u8],
        planes: &[PlaneLayout],
    ) -> Result<ImageMut<'a>> {
        with_layout(format, width, height, (data.as_mut_ptr(), data.len()), planes).map(ImageMut::wrap)
    }

    fn wrap(raw: sys::pixfer_image) -> ImageMut<'a> {
        ImageMut { raw, bytes: PhantomData }
    }

    /// The format.
    pub fn format(&self) -> Format {
        known(&self.raw)
    }

    /// Pixels in a row.
    pub fn width(&self) -> u32 {
        self.raw.width
    }

    /// Rows of pixels.
    pub fn height(&self) -> u32 {
        self.raw.height
    }

    /// The frame to read.
    pub fn as_image(&self) -> Image<'_> {
        Image::wrap(self.raw)
    }

    /// The rows [first, first + count), for [`Converter::convert_rows`](crate::Converter::convert_rows), which checks them: `first`
    /// is even, and so is `count` unless the range ends the frame.
    pub fn rows(&mut self, first: u32, count: u32) -> RowsMut<'_> {
        RowsMut { raw: self.raw, first, count, bytes: PhantomData }
    }

    /// All rows in slices of `rows` rows (the last may have fewer), which threads can convert at the same time. `rows` is even.
    pub fn split_rows(&mut self, rows: u32) -> Result<Vec<RowsMut<'_>>> {
        let height = self.raw.height;
        if rows == 0 || (rows % 2 == 1 && rows < height) {
            return invalid(format!("slices have {rows} rows, expected an even number above 0"));
        }
        let slice =
            |first| RowsMut { raw: self.raw, first, count: rows.min(height - first), bytes: PhantomData };
        Ok((0..height).step_by(rows as usize).map(slice).collect())
    }
}

impl fmt::Debug for ImageMut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        describe(&self.raw, "ImageMut", f)
    }
}

/// Some rows of an [`ImageMut`], which one thread may write while others write other rows of it.
pub struct RowsMut<'a> {
    /// The whole frame, of which only these rows are this value's.
    pub(crate) raw: sys::pixfer_image,
    pub(crate) first: u32,
    pub(crate) count: u32,
    bytes: PhantomData<&'a mut [u8]>,
}

unsafe impl Send for RowsMut<'_> {}
unsafe impl Sync for RowsMut<'_> {}

impl RowsMut<'_> {
    /// The first row, counted from the top of the frame.
    pub fn first(&self) -> u32 {
        self.first
    }

    /// How many rows.
    pub fn count(&self) -> u32 {
        self.count
    }
}

impl fmt::Debug for RowsMut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowsMut")
            .field("first", &self.first)
            .field("count", &self.count)
            .finish_non_exhaustive()
    }
}

/// A frame with memory of its own, planes and rows without padding.
///
/// ```
/// use pixfer::{Converter, Format, Frame};
///
/// let mut rgba = Frame::new(Format::Rgba, 64, 48)?;
/// rgba.plane_mut(0).fill(255);
///
/// let mut nv12 = Frame::new(Format::Nv12, 64, 48)?;
/// Converter::new(Format::Rgba, Format::Nv12, 64, 48)?.convert(&rgba.as_image(), &mut nv12.as_image_mut())?;
/// assert!(nv12.plane(0).iter().all(|&y| y == 235));
/// assert!(nv12.plane(1).iter().all(|&c| c == 128));
/// # Ok::<(), pixfer::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    format: Format,
    width: u32,
    height: u32,
    size: usize,
    /// Words, as the planes of 16-bit formats are aligned.
    words: Vec<u64>,
}

impl Frame {
    /// A frame of zeros.
    pub fn new(format: Format, width: u32, height: u32) -> Result<Frame> {
        check_size(width, height)?;
        let no_memory = |size: Option<usize>| {
            Error::NoMemory(match size {
                Some(size) => format!("no memory for {size} bytes of {format} {width}x{height}"),
                None => format!("no address space for {format} {width}x{height}"),
            })
        };
        let size = format.frame_size(width, height);
        let bytes = size.filter(|&bytes| bytes <= isize::MAX as usize - 8).ok_or_else(|| no_memory(None))?;
        let mut words = Vec::new();
        words.try_reserve_exact((bytes + 7) / 8).map_err(|_: TryReserveError| no_memory(size))?;
        words.resize((bytes + 7) / 8, 0);
        Ok(Frame { format, width, height, size: bytes, words })
    }

    /// The format.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Pixels in a row.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows of pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// All planes, one behind the other: what a raw file holds.
    pub fn as_bytes(&self) -> &[u8] {
        &layout::bytes_of(&self.words)[..self.size]
    }

    /// The same to write to.
    pub fn as_bytes_mut(&mut self) -> &mut [u8] {
        &mut layout::bytes_of_mut(&mut self.words)[..self.size]
    }

    /// The bytes of a plane; none for a plane that the format does not have.
    pub fn plane(&self, plane: usize) -> &[u8] {
        &self.as_bytes()[self.range(plane)]
    }

    /// The same to write to.
    pub fn plane_mut(&mut self, plane: usize) -> &mut [u8] {
        let range = self.range(plane);
        &mut self.as_bytes_mut()[range]
    }

    /// Bytes from a row of a plane to the next; 0 for a plane that the format does not have.
    pub fn stride(&self, plane: usize) -> usize {
        self.format.plane_size(self.width, self.height, plane).0
    }

    fn range(&self, plane: usize) -> std::ops::Range<usize> {
        let size = |plane| {
            let (row_bytes, rows) = self.format.plane_size(self.width, self.height, plane);
            row_bytes * rows
        };
        let begin = (0..plane.min(self.format.planes())).map(size).sum();
        begin..begin + size(plane)
    }

    /// The frame as a source.
    pub fn as_image(&self) -> Image<'_> {
        Image::wrap(self.describe(self.as_bytes().as_ptr() as *mut u8))
    }

    /// The frame as a destination.
    pub fn as_image_mut(&mut self) -> ImageMut<'_> {
        let base = self.as_bytes_mut().as_mut_ptr();
        ImageMut::wrap(self.describe(base))
    }

    fn describe(&self, base: *mut u8) -> sys::pixfer_image {
        let mut image = empty(self.format, self.width, self.height);
        unsafe {
            sys::pixfer_image_layout(&mut image, self.format.raw(), self.width, self.height, base, 1);
        }
        image
    }
}

impl AsRef<[u8]> for Frame {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame")
            .field("format", &self.format)
            .field("width", &self.width)
            .field("height", &self.height)
            .finish_non_exhaustive()
    }
}
