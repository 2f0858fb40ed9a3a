// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

/** Packed formats are named by the order of bytes in memory. Names are taken in any case. */
export type SourceFormat =
    | 'RGBA' | 'BGRA' | 'ARGB' | 'ABGR' | 'RGB24' | 'BGR24' | 'GBRP' | 'YUYV' | 'UYVY'
    | 'RGB10A2' | 'BGR10A2' | 'RGBA64' | 'RGBA16F' | 'GBRP10' | 'GBRP12' | 'GBRP16' | 'GBRPF32' | (string & {});
export type DestinationFormat =
    | 'NV12' | 'NV21' | 'I420' | 'YV12' | 'I444' | 'NV24' | 'I422' | 'NV16' | 'P010' | 'P012' | 'P016' | 'I010' | 'I410' | (string & {});

/** Kr and Kb of Rec. ITU-T H.273: MatrixCoefficients 1, 6, 7 and 9. */
export type Matrix = 'bt709' | 'bt601' | 'smpte240m' | 'bt2020';
/** Limited is Y 16 to 235 and Cb, Cr 16 to 240; full is 0 to 255. */
export type Range = 'limited' | 'full';
/** Where a chroma sample lies among the luma samples, which is the filter that makes it. */
export type Siting = 'left' | 'center' | 'top-left';

/**
 * Bytes, or a typed array whose items are the format's: Uint16Array for words of 16 bits (and halves), Uint32Array for packed pixels of
 * 32 bits, Float32Array for GBRPF32, Float16Array for RGBA16F. Words are little-endian.
 */
export type Bytes = Uint8Array | Uint8ClampedArray | Uint16Array | Uint32Array | Float32Array | DataView | ArrayBuffer | SharedArrayBuffer;

export interface ColorOptions {
    /** Default 'bt709'. */
    matrix?: Matrix;
    /** Default 'limited'. */
    range?: Range;
    /** Default 'left', what an untagged H.264 stream means. */
    siting?: Siting;
}

export interface ConverterOptions extends ColorOptions {
    /** Pixels, 1 to 2^24; source and destination together below 2 GB. */
    width: number;
    height: number;
    /** Default 'RGBA'. Alpha is dropped unless there is a background. */
    from?: SourceFormat;
    /** 0xRRGGBB: straight alpha is composed over this colour. */
    background?: number;
    /** Default 'NV12'. */
    to?: DestinationFormat;
    /** Bytes from a row of a packed source to the next one; default: no padding. */
    stride?: number;
    /** The source begins with its lowest row, as WebGL's readPixels gives it. */
    bottomUp?: boolean;
    /** Pins the kernels: 'simd128' or 'c'. Default: the best. All give the same bytes. */
    cpu?: 'simd128' | 'c';
}

export interface Plane {
    /** Bytes from the beginning of the frame. */
    readonly offset: number;
    /** Bytes from a row to the next. */
    readonly stride: number;
    readonly rows: number;
}

export interface FrameInit {
    /** Microseconds. Default: the source's own, else 0. */
    timestamp?: number;
    /** Microseconds. */
    duration?: number;
    /** Default 'bt709', 'bt2020' with that matrix. */
    primaries?: VideoColorPrimaries;
    /** Default 'bt709', which is what players take sRGB frames for. */
    transfer?: VideoTransferCharacteristics;
}

/** Anything that has a picture, or the RGBA bytes themselves. */
export type FrameSource = ImageData | HTMLCanvasElement | OffscreenCanvas | ImageBitmap | HTMLImageElement | HTMLVideoElement | VideoFrame;

/**
 * Compiles the module; everything else needs that once. Further calls wait for the first, unless it failed. Without an argument
 * pixfer.wasm is taken from beside index.js; bundlers that do not carry it along get its URL, its bytes or a Response here.
 */
export function load(source?: string | URL | Response | BufferSource | WebAssembly.Module): Promise<void>;

/** The version of the library in the module, as "0.2.0". */
export function version(): string;

/** The planes of a frame without padding, and its bytes in all. */
export function layout(format: SourceFormat | DestinationFormat, width: number, height: number): { bytes: number; planes: Plane[] };

/**
 * Converts one frame into a Uint8Array of its own: the planes one after the other, without padding. Calls with the same options
 * share a converter, so that only the first of them pays for one.
 */
export function convert(pixels: Bytes, options: ConverterOptions): Uint8Array<ArrayBuffer>;
export function convert(pixels: ImageData, options?: Partial<ConverterOptions>): Uint8Array<ArrayBuffer>;

export interface ToVideoFrameOptions extends ColorOptions, FrameInit {
    /** Default 'NV12'. */
    to?: 'NV12' | 'I420' | 'I422' | 'I444';
    from?: SourceFormat;
    /** 0xRRGGBB: straight alpha is composed over this colour. */
    background?: number;
    /** For bytes as a source; everything else knows its size. */
    width?: number;
    height?: number;
}

/**
 * A VideoFrame for an encoder: converted exactly, and tagged with matrix, range and primaries. The caller closes it.
 * SMPTE 240M has no name in WebCodecs and is refused.
 */
export function toVideoFrame(source: FrameSource | Uint8Array | Uint8ClampedArray, options?: ToVideoFrameOptions): VideoFrame;

/**
 * Converts frames of one size. Source and destination lie in memory of the converter's own, used again for every frame and
 * touched by no other converter.
 */
export class Converter {
    constructor(options: ConverterOptions);
    readonly width: number;
    readonly height: number;
    readonly from: string;
    readonly to: string;
    readonly matrix: Matrix;
    readonly range: Range;
    readonly siting: Siting;
    /** Bytes from a row of the source to the next. */
    readonly stride: number;
    /** The destination's planes, and its bytes in all. */
    readonly planes: readonly Plane[];
    readonly byteLength: number;
    /** The kernels in use: 'simd128' or 'c'. */
    readonly isa: string;

    /** The source in the converter's memory: draw or read into it, then call convert() without an argument, and nothing is copied. */
    readonly input: Uint8ClampedArray<ArrayBuffer>;
    /** What the last convert() made, in the converter's memory. */
    readonly output: Uint8Array<ArrayBuffer>;

    /** Converts a frame, the one in `input` if none is given, and returns `output`: a view that the next frame overwrites. */
    convert(pixels?: Bytes): Uint8Array<ArrayBuffer>;
    /** The same as a VideoFrame, which owns its bytes and which the caller closes. Without a source, what is in `input`. */
    toVideoFrame(source?: FrameSource | Bytes, init?: FrameInit): VideoFrame;
    /** Lets go of the memory; later calls throw. Also Symbol.dispose, where that exists. */
    close(): void;
    [Symbol.dispose](): void;
}
