// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

/// <reference types="node" />
import { Writable } from 'stream';

export type SourceFormat =
    | 'RGBA' | 'BGRA' | 'ARGB' | 'ABGR' | 'RGB24' | 'BGR24' | 'GBRP' | 'YUYV' | 'UYVY'
    | 'RGB10A2' | 'BGR10A2' | 'RGBA64' | 'RGBA16F' | 'GBRP10' | 'GBRP12' | 'GBRP16' | 'GBRPF32' | (string & {});
export type DestinationFormat =
    | 'NV12' | 'NV21' | 'I420' | 'YV12' | 'I444' | 'NV24' | 'I422' | 'NV16' | 'P010' | 'P012' | 'P016' | 'I010' | 'I410' | (string & {});
export type Bytes = NodeJS.TypedArray | DataView | ArrayBuffer | SharedArrayBuffer;

export interface ColorOptions {
    /** Default 'bt709'. */
    matrix?: 'bt709' | 'bt601' | 'smpte240m' | 'bt2020';
    /** Default 'limited'. */
    range?: 'limited' | 'full';
    /** Default 'left'. */
    siting?: 'left' | 'center' | 'top-left';
}

export interface ConverterOptions extends ColorOptions {
    /** Pixels, 1 to 2^24. */
    width: number;
    height: number;
    /** Default 'RGBA'. Alpha is dropped unless there is a background. */
    from?: SourceFormat;
    /** 0xRRGGBB: straight alpha is composed over this colour. */
    background?: number;
    /** Default 'NV12'. */
    to?: DestinationFormat;
    /** Bytes from a row of a packed source to the next; default: no padding. */
    stride?: number;
    /** The source begins with its lowest row. */
    bottomUp?: boolean;
    /** Threads for one frame; default 0 = choose. */
    threads?: number;
    /** Pins an instruction set: 'avx512', 'avx2', 'neon' or 'c'. All give the same bytes. */
    cpu?: string;
}

export interface Plane { offset: number; stride: number; rows: number }

/** The version of the library. */
export function version(): string;
/** The FFmpeg libraries that the exporter uses. Throws where they are missing. */
export function libavVersions(): string;
/** The planes of a frame without padding, and its bytes in all. */
export function layout(format: SourceFormat | DestinationFormat, width: number, height: number): { bytes: number; planes: Plane[] };

/**
 * Converts one frame on node's thread pool, into a Buffer of its own or into `into`. Neither buffer may be changed, transferred or read until
 * the promise has settled. Calls with the same options share a converter.
 */
export function convert(pixels: Bytes, options: ConverterOptions & { into?: Bytes }): Promise<Buffer>;
/** The same before it returns. */
export function convertSync(pixels: Bytes, options: ConverterOptions & { into?: Bytes }): Buffer;

/** Converts frames of one size. */
export class Converter {
    constructor(options: ConverterOptions);
    readonly width: number;
    readonly height: number;
    /** The destination's planes, and its bytes in all. */
    readonly planes: Plane[];
    readonly byteLength: number;
    readonly info: { backend: string; isa: string; exact: boolean; frames: number; threads: number };
    convert(pixels: Bytes, into?: Bytes): Promise<Buffer>;
    convertSync(pixels: Bytes, into?: Bytes): Buffer;
    /** What still converts does so to its end. */
    close(): void;
}

/** A rate: 60, 29.97, '30000/1001' or [30000, 1001]. */
export type Rate = number | string | [number, number];

export interface ExporterOptions extends ColorOptions {
    /** Pixels, 1 to 16384, any parity. */
    width: number;
    height: number;
    fps: Rate;
    /** Of the frames; default 'RGBA'. 'NV12' and 'I420' pass through, with 10 bits 'P010' and 'I010'. */
    format?: SourceFormat | 'NV12' | 'I420' | 'P010' | 'I010' | 'I444' | 'I410';
    stride?: number;
    bottomUp?: boolean;
    /** Seconds in a unit of pts: [1, 1000000] for microseconds. Default: a frame. */
    timeBase?: [number, number] | string;
    /** Time 0 of the file is pts 0; default: the first frame. */
    keepStart?: boolean;
    /** Default: what the encoder makes, else 'h264'. */
    codec?: 'h264' | 'hevc' | 'av1' | 'default';
    /** Bits of a sample. Default 0: 10 where frames have more than 8 and the codec is HEVC or AV1, else 8; H.264 has 8. */
    depth?: 0 | 8 | 10;
    /** Default 420. 444 keeps the chroma of every pixel, for editing; 'I444' and 'I410' frames pass through to it. */
    chroma?: 0 | 420 | 444;
    /** 0xRRGGBB: straight alpha is composed over this colour. Default: alpha is dropped. */
    background?: number;
    /** A libavcodec encoder; default: the platform's hardware if it works, else software. */
    encoder?: string;
    /** x264's names, 'ultrafast' to 'veryslow'. */
    preset?: string;
    /** At most one of the three: constant quality, 0 to 51 (default 20), bits per second, bits per pixel. */
    crf?: number;
    bitrate?: number;
    bitsPerPixel?: number;
    encoderThreads?: number;
    /** Most frames from one key frame to the next. */
    gop?: number;
    /** H.273's numbers; default 0: those that go with the matrix. */
    primaries?: number;
    transfer?: number;
    /** The siting may give way to what a hardware converter can do. */
    anySiting?: boolean;
    /** What converts: 'auto', 'cpu', 'videotoolbox', ... Default 'auto'. */
    converter?: string;
    /** Measures the converters that are there and takes the quickest. */
    fastestConverter?: boolean;
    /** Pins an instruction set, as of a Converter. */
    cpu?: string;
    /** Threads that convert one frame; default 0 = choose. */
    convertThreads?: number;
    /** Width to height of a pixel: [4, 3]; default: square. */
    sampleAspect?: [number, number] | string;
    audio?: { sampleRate: number; channels: number; codec?: string; bitrate?: number };
    /** Degrees clockwise by which players turn the frames. */
    rotation?: 0 | 90 | 180 | 270;
    metadata?: Record<string, string>;
    /** Replaces an existing file; default: that is an error before any work is done. */
    overwrite?: boolean;
    /** Budget for frames that wait, in bytes; default 40 MB. */
    queueBytes?: number;
    /** Chunks that the stream takes before write() answers false; default 4. */
    highWaterMark?: number;
    /** Aborting cancels the export and removes what there is of the file. */
    signal?: AbortSignal;
}

export interface Progress {
    frames: number;
    seconds: number;
    fps: number;
    speed: number;
    bytes: number;
    mediaSeconds: number;
    stage: 'source' | 'encode' | 'finalise';
}

export interface Report {
    frames: number;
    seconds: number;
    fps: number;
    convertSeconds: number;
    encodeSeconds: number;
    bytes: number;
    refused: number;
    encoder: string;
    backend: string;
    isa: string;
    exact: boolean;
}

/** Bytes, cut in any way; one frame with its time; samples. */
export type Chunk = Bytes | { data: Bytes; pts?: number } | { audio: Float32Array; pts?: number };

/**
 * Frames in, an H.264, HEVC or AV1 MP4 out, as a Writable with back-pressure. 'finish' comes when the file is complete and has its name.
 */
export class Exporter extends Writable {
    /** A number is a descriptor, to which a fragmented MP4 is written as it grows (pipe, socket); it stays open. */
    constructor(path: string | URL | number, options: ExporterOptions);
    readonly path: string | number;
    /** What the export did, from 'finish' on. */
    readonly report: Report | undefined;
    write(chunk: Chunk, callback?: (error: Error | null | undefined) => void): boolean;
    write(chunk: Chunk, encoding: BufferEncoding, callback?: (error: Error | null | undefined) => void): boolean;
    /** Interleaved samples from -1 to 1; they follow the ones before, or begin at pts (in samples). */
    audio(samples: Float32Array, pts?: number): Promise<void>;
    on(event: 'progress', listener: (progress: Progress) => void): this;
    on(event: 'log', listener: (line: { level: 'error' | 'warning' | 'info'; line: string }) => void): this;
    on(event: 'refused', listener: (frame: { pts: number }) => void): this;
    on(event: string | symbol, listener: (...args: any[]) => void): this;
}

/** new Exporter(), for a pipe. */
export function exporter(path: string | URL | number, options: ExporterOptions): Exporter;
