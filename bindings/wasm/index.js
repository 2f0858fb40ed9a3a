// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

// The library's core as a WebAssembly module, and what JavaScript needs around it: checks that name what was found, memory that
// is used again, and VideoFrames with the right tags. No sample is computed here.

const NAME = 'pixfer';

/** Numbers of Rec. ITU-T H.273, by the names that this package takes. */
const MATRICES = { bt709: 1, bt601: 6, smpte240m: 7, bt2020: 9 };
const RANGES = { limited: 0, full: 1 };
const SITINGS = { left: 0, center: 1, 'top-left': 2 };

/** What WebCodecs calls the matrices; it has no word for SMPTE 240M's. */
const WEBCODECS_MATRIX = { bt709: 'bt709', bt601: 'smpte170m', bt2020: 'bt2020-ncl' };
const WEBCODECS_FORMAT = { nv12: 'NV12', i420: 'I420', i422: 'I422', i444: 'I444' };

const PACKED_RGB = { rgba: 4, bgra: 4, argb: 4, abgr: 4, rgb24: 3, bgr24: 3 };

let module;
let loading;
let names; // an instance for questions that need no converter

function shown(value) {
    if (typeof value === 'string') return JSON.stringify(value.length > 40 ? value.slice(0, 40) + '…' : value);
    if (value === null || typeof value !== 'object') return String(value);
    const name = value.constructor?.name ?? 'object';
    return Number.isInteger(value.byteLength) ? `${name} of ${value.byteLength} bytes` : name;
}

function refuse(what, found, expected, Kind = TypeError) {
    throw new Kind(`${NAME}: ${what} is ${shown(found)}, expected ${expected}`);
}

function oneOf(table, what, value, fallback) {
    if (value === undefined) return table[fallback];
    const key = typeof value === 'string' ? value.toLowerCase() : undefined;
    if (key === undefined || !Object.hasOwn(table, key)) refuse(what, value, Object.keys(table).join(', '));
    return table[key];
}

function size(what, value) {
    if (!Number.isInteger(value)) refuse(what, value, 'an integer from 1 to 16777216');
    if (value < 1 || value > 1 << 24) refuse(what, value, 'an integer from 1 to 16777216', RangeError);
    return value;
}

const is_node = typeof process !== 'undefined' && Boolean(process.versions?.node);

async function compile(source) {
    if (source instanceof WebAssembly.Module) return source;
    if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return WebAssembly.compile(source);
    if (typeof Response !== 'undefined' && source instanceof Response) {
        if (!source.ok) throw new Error(`${NAME}: ${source.url || 'the response'} has status ${source.status}, expected pixfer.wasm`);
        return WebAssembly.compile(await source.arrayBuffer());
    }
    if (source !== undefined && typeof source !== 'string' && !(source instanceof URL))
        refuse('the module', source, 'a URL, a Response, bytes or a WebAssembly.Module');
    const url = source === undefined ? new URL('./pixfer.wasm', import.meta.url) : new URL(source, import.meta.url);
    if (is_node && url.protocol === 'file:') {
        const fs = 'node:fs/promises'; // in a variable, so that bundlers for the web leave it alone
        const { readFile } = await import(/* @vite-ignore */ /* webpackIgnore: true */ fs);
        return WebAssembly.compile(await readFile(url));
    }
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${NAME}: ${url} has status ${response.status}, expected pixfer.wasm`);
    return WebAssembly.compile(await response.arrayBuffer());
}

/**
 * Compiles the module; everything else needs that once. Further calls wait for the first, unless it failed.
 * Without an argument pixfer.wasm is taken from beside this file.
 */
export async function load(source) {
    loading ??= compile(source).then(
        (compiled) => {
            names = new Instance(compiled);
            module = compiled;
        },
        (error) => {
            loading = undefined;
            throw error;
        },
    );
    await loading;
}

/** One instance of the module: one converter and its two frames, in memory of its own. */
class Instance {
    #text;

    constructor(compiled) {
        // The module asks the system for its environment, which is empty, and for a stderr, which nobody reads.
        const imports = {
            environ_get: () => 0,
            environ_sizes_get: (count, bytes) => {
                const view = new DataView(this.exports.memory.buffer);
                view.setUint32(count, 0, true);
                view.setUint32(bytes, 0, true);
                return 0;
            },
            proc_exit: (status) => {
                throw new Error(`${NAME}: the module ended with status ${status}`);
            },
        };
        const nothing = () => 8; // EBADF
        const system = new Proxy(imports, { get: (known, name) => known[name] ?? nothing });
        this.exports = new WebAssembly.Instance(compiled, { wasi_snapshot_preview1: system }).exports;
        this.exports._initialize();
        this.#text = this.exports.text_buffer();
    }

    /** A name that a call takes. */
    tell(text) {
        const bytes = new TextEncoder().encode(text).subarray(0, 31);
        new Uint8Array(this.exports.memory.buffer).set([...bytes, 0], this.#text);
    }

    /** A line that a call gave. */
    read(address) {
        const memory = new Uint8Array(this.exports.memory.buffer);
        return new TextDecoder().decode(memory.subarray(address, memory.indexOf(0, address)));
    }

    planes(format, width, height) {
        const planes = [];
        for (let i = 0; i < 3; i++) {
            const at = this.exports.plane(format, width, height, i);
            if (!at) break;
            const [offset, stride, rows] = new Uint32Array(this.exports.memory.buffer, at, 3);
            planes.push({ offset, stride, rows });
        }
        return planes;
    }
}

function loaded() {
    if (!module) throw new Error(`${NAME}: nothing is loaded yet, expected "await load()" first`);
}

function formatNumber(what, name, fallback) {
    if (name === undefined) name = fallback;
    if (typeof name !== 'string') refuse(what, name, 'the name of a format, as "RGBA" or "NV12"');
    names.tell(name);
    const number = names.exports.format();
    if (!number) refuse(what, name, 'the name of a format, as "RGBA" or "NV12"');
    return number;
}

const bytesOf = (planes) => planes.reduce((sum, plane) => sum + plane.stride * plane.rows, 0);

/** The version of the library in the module. */
export function version() {
    loaded();
    return names.read(names.exports.version());
}

/** Where the planes of a frame without padding lie. */
export function layout(format, width, height) {
    loaded();
    const planes = names.planes(formatNumber('format', format), size('width', width), size('height', height));
    return { bytes: bytesOf(planes), planes };
}

function options(given) {
    if (given === null || typeof given !== 'object') refuse('the options', given, 'an object with width and height');
    return given;
}

/** The typed arrays whose items are those of a source, beside arrays of bytes; float means a format of floats. */
function itemsOf(format, float) {
    const planes = names.planes(format, 1, 1);
    const unit = planes[0].stride;
    if (planes.length > 1) return unit === 2 ? ['Uint16Array'] : unit === 4 ? ['Float32Array'] : [];
    if (unit === 8) return float ? ['Uint16Array', 'Float16Array'] : ['Uint16Array'];
    return unit === 4 ? ['Uint32Array'] : [];
}

/** The bytes of what a caller hands over as pixels. */
function bytes(data, what, least, items = []) {
    let view;
    if (data instanceof Uint8Array || data instanceof Uint8ClampedArray) view = data;
    else if (ArrayBuffer.isView(data) && items.includes(data[Symbol.toStringTag])) view = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    else if (data instanceof ArrayBuffer || (typeof SharedArrayBuffer !== 'undefined' && data instanceof SharedArrayBuffer))
        view = new Uint8Array(data);
    else if (data instanceof DataView) view = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    else refuse(what, data, `a ${['Uint8Array', 'Uint8ClampedArray', ...items].join(', ')}, DataView or ArrayBuffer`);
    if (view.length < least) refuse(what, data, `at least ${least} bytes`, RangeError);
    return view.length > least ? view.subarray(0, least) : view;
}

/**
 * Converts frames of one size. Its source and destination lie in memory of its own, which is used again for every frame, and
 * which no other converter touches.
 */
export class Converter {
    #instance;
    #source;
    #bytes;
    #items;

    constructor(given) {
        loaded();
        const o = options(given);
        const from = formatNumber('from', o.from, 'RGBA');
        const to = formatNumber('to', o.to, 'NV12');
        this.width = size('width', o.width);
        this.height = size('height', o.height);
        this.from = String(o.from ?? 'RGBA').toUpperCase();
        this.to = String(o.to ?? 'NV12').toUpperCase();
        this.matrix = String(o.matrix ?? 'bt709').toLowerCase();
        this.range = String(o.range ?? 'limited').toLowerCase();
        this.siting = String(o.siting ?? 'left').toLowerCase();
        const matrix = oneOf(MATRICES, 'matrix', o.matrix, 'bt709');
        const range = oneOf(RANGES, 'range', o.range, 'limited');
        const siting = oneOf(SITINGS, 'siting', o.siting, 'left');
        const bottomUp = Boolean(o.bottomUp);
        const { background } = o;
        if (background !== undefined && !(Number.isInteger(background) && background >= 0 && background <= 0xffffff))
            refuse('background', background, 'a colour from 0 to 0xffffff', Number.isInteger(background) ? RangeError : TypeError);
        const packed = names.planes(from, this.width, this.height);
        this.planes = Object.freeze(names.planes(to, this.width, this.height).map(Object.freeze));
        this.byteLength = bytesOf(this.planes);

        this.#items = itemsOf(from, names.read(names.exports.format_name(from)) === 'rgba16f');

        const row = packed[0].stride;
        const stride = o.stride ?? row;
        if (!Number.isInteger(stride)) refuse('stride', stride, `an integer from ${row}, the bytes of a row`);
        if (stride < row || stride > 0x7fffffff) refuse('stride', stride, `an integer from ${row}, the bytes of a row`, RangeError);
        if (stride !== row && packed.length > 1) refuse('stride', stride, `${row}: planes have no padding`, RangeError);
        this.#bytes = packed.length > 1 ? bytesOf(packed) : (this.height - 1) * stride + row;
        this.stride = stride;
        if (this.#bytes + this.byteLength > 0x7f000000)
            refuse('the frame', `${this.width} × ${this.height} ${this.from}`, 'less than 2 GB for source and destination', RangeError);

        const instance = new Instance(module);
        instance.tell(o.cpu ?? '');
        const error = instance.exports.open(from, to, this.width, this.height, matrix, range, siting, stride === row ? 0 : stride,
            bottomUp ? 1 : 0, background ?? -1);
        if (error) throw new RangeError(`${NAME}: ${this.from} to ${this.to}, ${this.width} × ${this.height}: ${instance.read(error)}`);
        this.isa = instance.read(instance.exports.isa());
        this.#instance = instance;
    }

    #open() {
        if (!this.#instance) throw new Error(`${NAME}: the converter is closed, expected an open one`);
        return this.#instance;
    }

    /** The source in the converter's memory, to be drawn into; then convert() without an argument reads it as it is. */
    get input() {
        const { exports } = this.#open();
        if (this.#source?.buffer !== exports.memory.buffer)
            this.#source = new Uint8ClampedArray(exports.memory.buffer, exports.source_at(), this.#bytes);
        return this.#source;
    }

    /** The destination in the converter's memory: what the last convert() made. */
    get output() {
        const { exports } = this.#open();
        return new Uint8Array(exports.memory.buffer, exports.destination_at(), this.byteLength);
    }

    /** Converts a frame and returns `output`: a view that the next frame overwrites. */
    convert(pixels) {
        const instance = this.#open();
        if (pixels !== undefined) this.input.set(bytes(pixels, 'the source', this.#bytes, this.#items));
        const error = instance.exports.convert();
        if (error) throw new Error(`${NAME}: ${instance.read(error)}`);
        return this.output;
    }

    /** Converts a frame and wraps it for an encoder; see toVideoFrame. */
    toVideoFrame(source, init = {}) {
        const o = options(init);
        const format = WEBCODECS_FORMAT[this.to.toLowerCase()];
        if (!format) refuse('to', this.to, `${Object.values(WEBCODECS_FORMAT).join(', ')} for a VideoFrame`);
        const matrix = WEBCODECS_MATRIX[this.matrix];
        if (!matrix) refuse('matrix', this.matrix, `${Object.keys(WEBCODECS_MATRIX).join(', ')} for a VideoFrame`);
        if (typeof VideoFrame === 'undefined') throw new Error(`${NAME}: found no VideoFrame here, expected a browser with WebCodecs`);
        const data = this.convert(source === undefined ? undefined : pixelsOf(source, this.width, this.height));
        return new VideoFrame(data, {
            format,
            codedWidth: this.width,
            codedHeight: this.height,
            timestamp: o.timestamp ?? source?.timestamp ?? 0,
            ...(o.duration === undefined ? {} : { duration: o.duration }),
            colorSpace: {
                primaries: o.primaries ?? (this.matrix === 'bt2020' ? 'bt2020' : 'bt709'),
                transfer: o.transfer ?? 'bt709',
                matrix,
                fullRange: this.range === 'full',
            },
        });
    }

    /** Lets go of the memory. Views of it stay readable as long as the caller keeps them. */
    close() {
        this.#instance = undefined;
        this.#source = undefined;
    }
}
if (Symbol.dispose) Converter.prototype[Symbol.dispose] = Converter.prototype.close;

let kept; // the converter of the last one-shot call, and what it was made for

function keptConverter(key, make) {
    if (kept?.key !== key) kept = { key, converter: make() };
    return kept.converter;
}

function converterFor(o) {
    const { width, height, from, to, matrix, range, siting, stride, bottomUp, cpu, background } = options(o);
    const wanted = { width, height, from, to, matrix, range, siting, stride, bottomUp, cpu, background };
    return keptConverter(JSON.stringify(Object.entries(wanted).map(([name, value]) => [name, shown(value)])), () => new Converter(wanted));
}

/** Converts one frame into a Uint8Array of its own: the planes one after the other, without padding. */
export function convert(pixels, given) {
    loaded();
    if (ArrayBuffer.isView(pixels?.data)) return convert(pixels.data, { width: pixels.width, height: pixels.height, ...given });
    if (pixels === undefined) refuse('the source', pixels, 'the pixels');
    return converterFor(given).convert(pixels).slice();
}

let canvas; // where sources that have no pixels of their own are drawn

function drawn(source, width, height) {
    if (typeof OffscreenCanvas === 'undefined') refuse('the source', source, 'pixels: there is no OffscreenCanvas to draw it on');
    if (canvas?.width !== width || canvas?.height !== height) canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { willReadFrequently: true, alpha: true });
    context.globalCompositeOperation = 'copy';
    context.drawImage(source, 0, 0, width, height);
    return context.getImageData(0, 0, width, height).data;
}

const sizeOf = (source) => [
    source.displayWidth ?? source.videoWidth ?? source.naturalWidth ?? source.width,
    source.displayHeight ?? source.videoHeight ?? source.naturalHeight ?? source.height,
];

/** The RGBA bytes of anything that has a picture. */
function pixelsOf(source, width, height) {
    if (ArrayBuffer.isView(source) || source instanceof ArrayBuffer) return source;
    if (source === null || typeof source !== 'object') refuse('the source', source, 'ImageData, a canvas, an ImageBitmap, a VideoFrame or bytes');
    const [found_width, found_height] = sizeOf(source);
    if (found_width !== width || found_height !== height)
        refuse('the source', `${found_width} × ${found_height}`, `${width} × ${height} as the converter has`, RangeError);
    if (source.data && ArrayBuffer.isView(source.data)) return source.data;
    const own = typeof source.getContext === 'function' ? source.getContext('2d') : null; // null for WebGL and WebGPU
    return own ? own.getImageData(0, 0, width, height).data : drawn(source, width, height);
}

/**
 * A VideoFrame for an encoder, exactly converted and tagged with what it was converted to. The source is ImageData, a canvas,
 * an ImageBitmap, an image or a VideoFrame. The caller closes the frame.
 */
export function toVideoFrame(source, given = {}) {
    loaded();
    if (source === null || typeof source !== 'object') refuse('the source', source, 'ImageData, a canvas, an ImageBitmap or a VideoFrame');
    const o = options(given);
    const [width, height] = ArrayBuffer.isView(source) ? [o.width, o.height] : sizeOf(source);
    return converterFor({ width, height, to: o.to, from: o.from, matrix: o.matrix, range: o.range, siting: o.siting, background: o.background }).toVideoFrame(source, o);
}
