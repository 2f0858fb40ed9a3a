// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

'use strict';

const fs = require('fs');
const path = require('path');
const { Writable } = require('stream');
const { fileURLToPath } = require('url');

const MATRICES = { bt709: 1, bt601: 6, smpte240m: 7, bt2020: 9 };
const RANGES = { limited: 0, full: 1 };
const SITINGS = { left: 0, center: 1, 'top-left': 2 };
const CODECS = { default: 0, h264: 1, hevc: 2, av1: 3 };
const CANCELLED = 'ABORT_ERR';
const INVALID = -1; // PIXFER_ERR_INVALID

/** A built module beside this file, or a prebuilt one. */
function load(name) {
    const places = [`build/Release/${name}.node`, `prebuilds/${process.platform}-${process.arch}/${name}.node`];
    const found = places.map((place) => path.join(__dirname, place)).find((place) => fs.existsSync(place));
    if (!found) throw new Error(`pixfer: found no ${name}.node for ${process.platform}-${process.arch}; expected ${places.join(' or ')}: npm rebuild builds it`);
    return require(found);
}

const native = load('converter');
let exporterModule;

/** The exporter needs FFmpeg's libraries, the converter does not: it is loaded by whom it is for. */
function nativeExporter() {
    try {
        exporterModule ??= load('exporter');
    } catch (error) {
        throw new Error(`pixfer: the exporter does not load, expected FFmpeg's libraries (libavcodec, libavformat): ${error.message}`, { cause: error });
    }
    return exporterModule;
}

// ---- Checks ----

function shown(value) {
    if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
    if (value === null || typeof value !== 'object') return String(value);
    if (Array.isArray(value)) return `[${value.slice(0, 4).map(shown).join(', ')}]`;
    const name = value.constructor?.name ?? 'object';
    return Number.isInteger(value.byteLength) ? `${name} of ${value.byteLength} bytes` : name;
}

function refuse(what, found, expected, Kind = TypeError) {
    throw new Kind(`pixfer: ${what} is ${shown(found)}, expected ${expected}`);
}

function options(given) {
    if (given === null || typeof given !== 'object' || ArrayBuffer.isView(given)) refuse('the options', given, 'an object with width and height');
    return given;
}

function oneOf(table, what, value, fallback) {
    if (value === undefined) return table[fallback];
    const key = typeof value === 'string' ? value.toLowerCase() : undefined;
    if (key === undefined || !Object.hasOwn(table, key)) refuse(what, value, Object.keys(table).join(', '));
    return table[key];
}

function integer(what, value, least, most, fallback) {
    if (value === undefined && fallback !== undefined) return fallback;
    if (!Number.isSafeInteger(value)) refuse(what, value, `an integer from ${least} to ${most}`);
    if (value < least || value > most) refuse(what, value, `an integer from ${least} to ${most}`, RangeError);
    return value;
}

function text(what, value, most) {
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || value === '' || value.includes('\0')) refuse(what, value, 'a name');
    if (Buffer.byteLength(value) >= most) refuse(what, value, `at most ${most - 1} bytes`, RangeError);
    return value;
}

function format(what, value, fallback) {
    const name = value ?? fallback;
    const number = typeof name === 'string' && name.length < 31 ? native.format(name) : 0;
    if (!number) refuse(what, value, 'the name of a format, as "RGBA" or "NV12"');
    return number;
}

/** What alpha is composed over: 0xRRGGBB; without it alpha is dropped. */
function backgroundOf(o) {
    if (o.background === undefined) return {};
    return { alpha: 1, background: integer('background', o.background, 0, 0xffffff) };
}

/** A Buffer on the same bytes: nothing is copied. */
function bytes(data, what, least) {
    let buffer;
    if (Buffer.isBuffer(data)) buffer = data;
    else if (ArrayBuffer.isView(data)) buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    else if (data instanceof ArrayBuffer || data instanceof SharedArrayBuffer) buffer = Buffer.from(data);
    else refuse(what, data, 'a Buffer, a typed array or an ArrayBuffer');
    if (buffer.length < least) refuse(what, data, `at least ${least} bytes`, RangeError);
    return buffer;
}

const bytesOf = (planes) => planes.reduce((sum, plane) => sum + plane.stride * plane.rows, 0);

/** The rows of a packed source: their distance, and the bytes from the first to the last. */
function rows(number, width, height, stride) {
    const planes = native.layout(number, width, height);
    const row = planes[0].stride;
    const found = integer('stride', stride, row, 2 ** 40, row);
    if (found !== row && planes.length > 1) refuse('stride', stride, `${row}: planes have no padding`, RangeError);
    return { stride: found === row ? 0 : found, bytes: planes.length > 1 ? bytesOf(planes) : (height - 1) * found + row };
}

// ---- The converter ----

/** The version of the library. */
const version = () => native.version;

/** Where the planes of a frame without padding lie. */
function layout(name, width, height) {
    const planes = native.layout(format('format', name), integer('width', width, 1, 1 << 24), integer('height', height, 1, 1 << 24));
    return { bytes: bytesOf(planes), planes };
}

/** Converts frames of one size. */
class Converter {
    #handle;
    #source;

    constructor(given) {
        const o = options(given);
        const from = format('from', o.from, 'RGBA'), to = format('to', o.to, 'NV12');
        this.width = integer('width', o.width, 1, 1 << 24);
        this.height = integer('height', o.height, 1, 1 << 24);
        this.#source = rows(from, this.width, this.height, o.stride);
        this.planes = native.layout(to, this.width, this.height);
        this.byteLength = bytesOf(this.planes);
        const native_options = {
            from, to, width: this.width, height: this.height,
            matrix: oneOf(MATRICES, 'matrix', o.matrix, 'bt709'),
            range: oneOf(RANGES, 'range', o.range, 'limited'),
            siting: oneOf(SITINGS, 'siting', o.siting, 'left'),
            threads: integer('threads', o.threads, 0, 256, 0),
            stride: this.#source.stride,
            bottomUp: o.bottomUp ? 1 : 0,
            cpu: text('cpu', o.cpu, 16),
            ...backgroundOf(o),
        };
        try {
            this.#handle = native.open(native_options);
        } catch (error) {
            throw new RangeError(`pixfer: ${error.message}`);
        }
    }

    #open() {
        if (!this.#handle) throw new Error('pixfer: the converter is closed, expected an open one');
        return this.#handle;
    }

    #destination(into) {
        if (into === undefined) return Buffer.allocUnsafeSlow(this.byteLength);
        return bytes(into, 'the destination', this.byteLength);
    }

    /** Converts on node's thread pool; neither buffer may be changed, moved or read until the promise has settled. */
    async convert(pixels, into) {
        const handle = this.#open();
        const destination = this.#destination(into);
        await native.convert(handle, bytes(pixels, 'the source', this.#source.bytes), destination);
        return destination;
    }

    /** Converts before it returns. */
    convertSync(pixels, into) {
        const handle = this.#open();
        const destination = this.#destination(into);
        native.convertSync(handle, bytes(pixels, 'the source', this.#source.bytes), destination);
        return destination;
    }

    get info() {
        const { exact, ...info } = native.info(this.#open());
        return { ...info, exact: exact === 1 };
    }

    /** What still converts does so to its end. */
    close() {
        if (this.#handle) native.close(this.#handle);
        this.#handle = undefined;
    }
}
if (Symbol.dispose) Converter.prototype[Symbol.dispose] = Converter.prototype.close;

let kept; // the converter of the last one-shot call, and what it was made for

function converterFor(given) {
    const { width, height, from, to, matrix, range, siting, stride, bottomUp, threads, cpu, background } = options(given);
    const wanted = { width, height, from, to, matrix, range, siting, stride, bottomUp: Boolean(bottomUp), threads, cpu, background };
    const key = JSON.stringify(Object.values(wanted).map(shown));
    if (kept?.key !== key) kept = { key, converter: new Converter(wanted) };
    return kept.converter;
}

/** Converts one frame on node's thread pool; see Converter. */
async function convert(pixels, given) {
    return converterFor(given).convert(pixels, given.into);
}

/** Converts one frame before it returns. */
function convertSync(pixels, given) {
    return converterFor(given).convertSync(pixels, given.into);
}

// ---- The exporter ----

/** The converters that the library knows, by their names. */
const backends = () => Object.fromEntries(native.backends.map((name, number) => [name, number]));

function ratio(what, value) {
    if (Array.isArray(value) && value.length === 2) return [integer(what, value[0], 1, 0xffffffff), integer(what, value[1], 1, 0xffffffff)];
    if (typeof value === 'string' && /^\d+(\/\d+)?$/.test(value)) return ratio(what, value.split('/').concat('1').slice(0, 2).map(Number));
    if (typeof value !== 'number' || !(value > 0) || value > 1e6) refuse(what, value, 'a rate as 60, 29.97, "30000/1001" or [30000, 1001]');
    if (Number.isInteger(value)) return [value, 1];
    const broadcast = Math.round(value * 1.001); // 23.976, 29.97, 59.94
    if (Math.abs(value - broadcast / 1.001) < 0.005) return [broadcast * 1000, 1001];
    return [Math.round(value * 1000), 1000];
}

function rate(o) {
    const given = ['crf', 'bitrate', 'bitsPerPixel'].filter((name) => o[name] !== undefined);
    if (given.length > 1) refuse('the rate', given.join(' and '), 'one of crf, bitrate, bitsPerPixel');
    if (!given.length) return {};
    const value = o[given[0]];
    if (typeof value !== 'number' || !Number.isFinite(value)) refuse(given[0], value, 'a number');
    return { rate: { crf: 1, bitrate: 2, bitsPerPixel: 3 }[given[0]], rateValue: value };
}

function metadata(given) {
    if (given === undefined) return [];
    if (given === null || typeof given !== 'object') refuse('metadata', given, 'an object as { title: "…" }');
    const entries = Object.entries(given);
    if (entries.length > 16) refuse('metadata', `${entries.length} lines`, 'at most 16', RangeError);
    return entries.flatMap(([key, value]) => [text('a key of metadata', key, 1 << 16), String(value)]);
}

function audioOptions(audio) {
    if (audio === undefined) return {};
    if (audio === null || typeof audio !== 'object') refuse('audio', audio, '{ sampleRate, channels }');
    return {
        sampleRate: integer('audio.sampleRate', audio.sampleRate, 1, 768000),
        channels: integer('audio.channels', audio.channels, 1, 8),
        audioCodec: text('audio.codec', audio.codec, 64),
        audioBitrate: integer('audio.bitrate', audio.bitrate, 0, 0xffffffff, 0),
    };
}

function abortError(cause) {
    const error = new Error('pixfer: the export was aborted', { cause });
    error.name = 'AbortError';
    error.code = CANCELLED;
    return error;
}

function exportOptions(file, given) {
    const o = options(given);
    const isNumber = typeof file === 'number';
    const name = isNumber ? integer('the descriptor', file, 0, 0x7fffffff) : text('the path', file instanceof URL ? fileURLToPath(file) : file, 4096);
    if (name === undefined) refuse('the path', file, 'the name of the file, or a descriptor');
    const number = format('format', o.format, 'RGBA');
    const width = integer('width', o.width, 1, 16384), height = integer('height', o.height, 1, 16384);
    const source = rows(number, width, height, o.stride);
    const [fpsNum, fpsDen] = ratio('fps', o.fps);
    const [timeBaseNum, timeBaseDen] = o.timeBase === undefined ? [0, 0] : ratio('timeBase', o.timeBase);
    const [aspectNum, aspectDen] = o.sampleAspect === undefined ? [0, 0] : ratio('sampleAspect', o.sampleAspect);
    if (o.signal !== undefined && !(o.signal instanceof AbortSignal)) refuse('signal', o.signal, 'an AbortSignal');
    nativeExporter();
    return {
        signal: o.signal,
        frameBytes: source.bytes,
        highWaterMark: integer('highWaterMark', o.highWaterMark, 1, 1 << 16, 4),
        native_options: {
            path: isNumber ? undefined : name, descriptor: isNumber ? name : undefined, format: number, width, height, fpsNum, fpsDen, timeBaseNum, timeBaseDen, stride: source.stride,
            bottomUp: o.bottomUp ? 1 : 0,
            matrix: oneOf(MATRICES, 'matrix', o.matrix, 'bt709'),
            range: oneOf(RANGES, 'range', o.range, 'limited'),
            siting: oneOf(SITINGS, 'siting', o.siting, 'left'),
            anySiting: o.anySiting ? 1 : 0,
            primaries: integer('primaries', o.primaries, 0, 255, 0), transfer: integer('transfer', o.transfer, 0, 255, 0),
            converter: oneOf(backends(), 'converter', o.converter, 'auto'), fastestConverter: o.fastestConverter ? 1 : 0,
            cpu: text('cpu', o.cpu, 16), convertThreads: integer('convertThreads', o.convertThreads, 0, 256, 0),
            codec: oneOf(CODECS, 'codec', o.codec, 'default'), depth: integer('depth', o.depth, 0, 10, 0),
            chroma: integer('chroma', o.chroma, 0, 444, 0), ...backgroundOf(o), aspectNum, aspectDen,
            encoder: text('encoder', o.encoder, 64), preset: text('preset', o.preset, 64), ...rate(o), ...audioOptions(o.audio),
            encoderThreads: integer('encoderThreads', o.encoderThreads, 0, 1024, 0),
            gop: integer('gop', o.gop, 0, 0x7fffffff, 0),
            rotation: oneOf({ 0: 0, 90: 90, 180: 180, 270: 270 }, 'rotation', o.rotation === undefined ? undefined : String(o.rotation), '0'),
            queueBytes: integer('queueBytes', o.queueBytes, 0, 2 ** 40, 0),
            overwrite: o.overwrite ? 1 : 0, keepStart: o.keepStart ? 1 : 0, metadata: metadata(o.metadata),
        },
    };
}

/**
 * Frames in, an H.264, HEVC or AV1 MP4 out. A Writable: chunks of bytes are put together to frames, however they are cut; an object is one
 * frame with its time, or samples. It has back-pressure as any stream: a frame's callback comes when the frame has been converted
 * and queued, and the queue has a budget.
 */
class Exporter extends Writable {
    #handle;
    #frame; // bytes of a frame that is not whole yet
    #filled = 0;
    #frameBytes;
    #next = 0n;
    #audio = Promise.resolve();
    #channels;
    #busy = Promise.resolve(); // the call in progress: close waits for it
    #opened = false;
    #native = nativeExporter();
    #signal;
    #onAbort;
    #options;

    constructor(file, given) {
        // A stream that has been made constructs itself: so everything that may be wrong is looked at before.
        const { native_options, frameBytes, highWaterMark, signal } = exportOptions(file, given);
        super({ objectMode: true, highWaterMark });
        this.path = native_options.path ?? native_options.descriptor;
        this.#options = native_options;
        this.#frameBytes = frameBytes;
        this.#channels = native_options.channels;
        this.#signal = signal;
        /** What the export did; set when 'finish' is emitted. */
        this.report = undefined;
        if (this.#signal) {
            this.#onAbort = () => this.destroy(abortError(this.#signal.reason));
            if (this.#signal.aborted) process.nextTick(this.#onAbort);
            else this.#signal.addEventListener('abort', this.#onAbort, { once: true });
        }
    }

    async #call(name, ...rest) {
        const call = this.#native[name](this.#handle, ...rest);
        const quiet = call.catch(() => {});
        this.#busy = Promise.all([this.#busy, quiet]);
        try {
            return await call;
        } catch (error) {
            error.message = `pixfer: ${error.message}`;
            throw error;
        }
    }

    _construct(callback) {
        // The callbacks must not keep a forgotten exporter alive.
        const self = new WeakRef(this);
        const callbacks = {
            progress: (progress) => self.deref()?.emit('progress', progress),
            log: (level, line) => self.deref()?.emit('log', { level, line }),
        };
        try {
            this.#handle = this.#native.create(this.#options, callbacks);
        } catch (error) {
            callback(error);
            return;
        }
        this.#call('open').then(() => {
            this.#opened = true;
            callback();
        }, callback);
    }

    /** A frame that is refused, for its pts, is lost alone: the export goes on. */
    async #push(frame, pts) {
        try {
            await this.#call('push', frame, pts);
        } catch (error) {
            if (error.result !== INVALID) throw error;
            this.emit('refused', { pts });
        }
    }

    async #pushBytes(chunk) {
        let at = 0;
        while (at < chunk.length) {
            if (!this.#filled && chunk.length - at >= this.#frameBytes) {
                await this.#push(chunk.subarray(at, at + this.#frameBytes), Number(this.#next++)); // a whole frame is not copied
                at += this.#frameBytes;
                continue;
            }
            this.#frame ??= Buffer.allocUnsafeSlow(this.#frameBytes);
            const count = chunk.copy(this.#frame, this.#filled, at, Math.min(chunk.length, at + this.#frameBytes - this.#filled));
            at += count;
            this.#filled += count;
            if (this.#filled === this.#frameBytes) {
                await this.#push(this.#frame, Number(this.#next++));
                this.#filled = 0;
            }
        }
    }

    async #take(chunk) {
        if (typeof chunk === 'string') refuse('a chunk', chunk, 'bytes, { data, pts } or { audio }');
        if (ArrayBuffer.isView(chunk) || chunk instanceof ArrayBuffer) return this.#pushBytes(bytes(chunk, 'a chunk', 0));
        if (chunk.audio !== undefined) return this.audio(chunk.audio, chunk.pts);
        if (chunk.data === undefined) refuse('a chunk', chunk, 'bytes, { data, pts } or { audio }');
        if (this.#filled) refuse('a frame with a time', `behind ${this.#filled} bytes of another`, `${this.#frameBytes} bytes first`, RangeError);
        const data = bytes(chunk.data, 'a frame', this.#frameBytes);
        const pts = integer('pts', chunk.pts, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, Number(this.#next));
        await this.#push(data, pts);
        this.#next = BigInt(pts) + 1n;
    }

    _write(chunk, encoding, callback) {
        this.#take(chunk).then(() => callback(), callback);
    }

    /**
     * Samples of all channels, interleaved, from -1 to 1. They follow the ones before, or begin at `pts` (in samples, on the clock of
     * the frames). Independent of the frames' back-pressure; the promise settles when they are taken.
     */
    audio(samples, pts) {
        if (!this.#channels) return Promise.reject(new TypeError('pixfer: the exporter has no audio, expected the option audio: { sampleRate, channels }'));
        if (!(samples instanceof Float32Array)) return Promise.reject(new TypeError(`pixfer: the samples are ${shown(samples)}, expected a Float32Array`));
        if (samples.length % this.#channels) return Promise.reject(new RangeError(`pixfer: ${samples.length} samples for ${this.#channels} channels, expected as many for each`));
        if (pts !== undefined && !Number.isSafeInteger(pts)) return Promise.reject(new TypeError(`pixfer: pts is ${shown(pts)}, expected an integer`));
        if (this.writableFinished || this.destroyed) return Promise.reject(new Error('pixfer: the exporter has ended, expected one that is open'));
        const opened = this.#opened ? Promise.resolve() : new Promise((resolve, reject) => {
            const poll = () => (this.#opened ? resolve() : this.destroyed ? reject(this.errored ?? abortError()) : setImmediate(poll));
            poll();
        });
        this.#audio = this.#audio.catch(() => {}).then(() => opened).then(() => this.#call('audio', samples, pts));
        this.#audio.catch(() => {});
        return this.#audio;
    }

    async #finish() {
        await this.#audio;
        if (this.#filled) {
            await this.#call('finish').catch(() => {}); // what is whole is kept
            refuse('the last frame', `${this.#filled} bytes`, `${this.#frameBytes}; the frames before it are in the file`, RangeError);
        }
        const { exact, ...report } = await this.#call('finish');
        this.report = { ...report, exact: exact === 1 };
    }

    _final(callback) {
        this.#finish().then(() => callback(), callback);
    }

    _destroy(error, callback) {
        this.#signal?.removeEventListener('abort', this.#onAbort);
        if (!this.#handle) {
            callback(error);
            return;
        }
        if (this.#opened && !this.writableFinished && (!error || error.code === CANCELLED || error.name === 'AbortError')) this.#native.cancel(this.#handle);
        // What is at work ends first; then close, which removes or keeps the .part as the library's header says.
        this.#busy
            .then(() => this.#native.close(this.#handle))
            .then(() => callback(error), (failure) => callback(error ?? failure))
            .finally(() => (this.#handle = undefined));
    }
}

/** new Exporter(), for a pipe: frames.pipe(exporter('out.mp4', { width, height, fps })). */
const exporter = (file, given) => new Exporter(file, given);

/** The FFmpeg libraries that the exporter uses. Throws where they are missing. */
const libavVersions = () => nativeExporter().versions;

module.exports = { Converter, Exporter, convert, convertSync, exporter, layout, libavVersions, version };
