// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { Worker } from 'node:worker_threads';

import * as pixfer from 'pixfer';

const md5 = (bytes) => createHash('md5').update(bytes).digest('hex');

/** The frame of doc/bindings.md. */
function reference() {
    const rgba = new Uint8Array(256 * 144 * 4);
    for (let y = 0; y < 144; y++)
        for (let x = 0; x < 256; x++) rgba.set([x, (7 * y) & 255, (x * y) & 255, 255], (y * 256 + x) * 4);
    return rgba;
}

/** Repeatable noise. */
function noise(length, seed = 1) {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) >>> 24;
    return bytes;
}

/**
 * The definition, with integers of any size: clamp(floor(x + 1/2)) of H.273's real value, BT.709, limited range, where r, g and b are
 * sums over a filter of weight n.
 */
function sample(kind, r, g, b, n) {
    const [kr, kb, one] = [2126n, 722n, 10000n];
    const y = kr * r + (one - kr - kb) * g + kb * b; // times one
    const [num, den, base] =
        kind === 'y' ? [219n * y, 255n * one * n, 16n]
        : kind === 'u' ? [224n * (one * b - y), 255n * 2n * (one - kb) * n, 128n]
        : [224n * (one * r - y), 255n * 2n * (one - kr) * n, 128n];
    return Number((2n * (num + base * den) + den) / (2n * den)); // everything is positive with its base
}

test('nothing works before load', () => {
    assert.throws(() => pixfer.convert(new Uint8Array(4), { width: 1, height: 1 }), /nothing is loaded yet/);
    assert.throws(() => new pixfer.Converter({ width: 1, height: 1 }), /nothing is loaded yet/);
});

test('a load that fails can be repeated', async () => {
    await assert.rejects(pixfer.load(new URL('./no.wasm', import.meta.url)), /ENOENT/);
    await assert.rejects(pixfer.load(7), /the module is 7, expected a URL/);
    await Promise.all([pixfer.load(), pixfer.load()]);
    assert.match(pixfer.version(), /^\d+\.\d+\.\d+$/);
});

test('the reference frame', () => {
    const rgba = reference();
    for (const cpu of [undefined, 'simd128', 'c']) {
        const nv12 = pixfer.convert(rgba, { width: 256, height: 144, to: 'NV12', cpu });
        assert.equal(md5(nv12), '8d7f7d4e5867eb274dd18a931871ce52');
    }
    console.log(`reference ${md5(pixfer.convert(rgba, { width: 256, height: 144 }))}`);
});

test('samples are the definition', () => {
    const [width, height] = [37, 23];
    const rgba = noise(width * height * 4);
    const i444 = pixfer.convert(rgba, { width, height, to: 'I444' });
    for (let i = 0; i < width * height; i++) {
        const [r, g, b] = [...rgba.subarray(4 * i, 4 * i + 3)].map(BigInt);
        for (const [plane, kind] of ['y', 'u', 'v'].entries())
            assert.equal(i444[plane * width * height + i], sample(kind, r, g, b, 1n), `${kind} of ${r}, ${g}, ${b}`);
    }
    const nv12 = pixfer.convert(rgba, { width, height, siting: 'center' });
    const at = (x, y, c) => BigInt(rgba[(Math.min(y, height - 1) * width + Math.min(x, width - 1)) * 4 + c]);
    for (let y = 0; y < height; y += 2)
        for (let x = 0; x < width; x += 2) {
            const [r, g, b] = [0, 1, 2].map((c) => at(x, y, c) + at(x + 1, y, c) + at(x, y + 1, c) + at(x + 1, y + 1, c));
            const pair = width * height + (y / 2) * (width + 1) + x;
            assert.equal(nv12[pair], sample('u', r, g, b, 4n));
            assert.equal(nv12[pair + 1], sample('v', r, g, b, 4n));
        }
});

test('both kernels give the same bytes in every format, siting and range', () => {
    const sizes = [[1, 1], [2, 2], [15, 3], [16, 2], [17, 5], [64, 33], [131, 9]];
    for (const from of ['RGBA', 'BGRA', 'ARGB', 'ABGR', 'RGB24', 'BGR24', 'GBRP', 'RGB10A2', 'RGBA64', 'RGBA16F', 'GBRP12'])
        for (const to of ['NV12', 'NV21', 'I420', 'YV12', 'P010', 'I444', 'NV24', 'I422', 'NV16', 'P012', 'P016', 'I010', 'I410'])
            for (const matrix of ['bt709', 'bt601', 'smpte240m', 'bt2020'])
                for (const range of ['limited', 'full'])
                    for (const siting of ['left', 'center', 'top-left']) {
                        const [width, height] = sizes[(from.length + to.charCodeAt(1) + matrix.length + siting.length) % sizes.length];
                        const pixels = noise(pixfer.layout(from, width, height).bytes, width);
                        const o = { width, height, from, to, matrix, range, siting };
                        const [a, b] = ['simd128', 'c'].map((cpu) => pixfer.convert(pixels, { ...o, cpu }));
                        assert.ok(Buffer.compare(a, b) === 0, JSON.stringify(o));
                    }
});

test('typed arrays of the items of a format, and of no other', () => {
    const o = { width: 5, height: 3 };
    const kinds = [['RGBA64', Uint16Array, 4], ['RGBA16F', Uint16Array, 4], ['RGB10A2', Uint32Array, 1], ['BGR10A2', Uint32Array, 1], ['GBRP10', Uint16Array, 3], ['GBRP12', Uint16Array, 3],
                   ['GBRP16', Uint16Array, 3], ['GBRPF32', Float32Array, 3], ['RGBA', Uint32Array, 1]];
    for (const [from, Items, each] of kinds) {
        const items = new Items(5 * 3 * each + 4);
        items.forEach((_, i) => (items[i] = Items === Float32Array ? (i % 17) / 16 : i * 977 + 5));
        const view = items.subarray(4);
        const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
        assert.deepEqual(pixfer.convert(view, { ...o, from, to: 'P016' }), pixfer.convert(bytes.slice(), { ...o, from, to: 'P016' }), from);
        for (const Wrong of [Int8Array, Int16Array, Int32Array, Uint16Array, Uint32Array, Float32Array, Float64Array, BigInt64Array])
            if (Wrong !== Items) assert.throws(() => pixfer.convert(new Wrong(200), { ...o, from }), TypeError, `${Wrong.name} for ${from}`);
        assert.throws(() => pixfer.convert(view.subarray(1), { ...o, from }), /expected at least \d+ bytes/);
    }
    // White, black and beyond: floats are clamped.
    const [y] = pixfer.convert(new Float32Array([1, 1, 1]), { width: 1, height: 1, from: 'GBRPF32' });
    const [under] = pixfer.convert(new Float32Array([-5, NaN, 0]), { width: 1, height: 1, from: 'GBRPF32' });
    assert.deepEqual([y, under], [235, 16]);
});

test('no byte behind the source is read', () => {
    // The source is the last thing in memory: a read behind it traps.
    for (const from of ['RGBA', 'RGB24', 'GBRP', 'RGB10A2', 'RGBA64', 'GBRP10', 'GBRPF32'])
        for (let width = 1; width < 40; width++) {
            const converter = new pixfer.Converter({ width, height: 2, from });
            assert.equal(converter.convert().length, converter.byteLength);
        }
});

test('strides, rows from the bottom, views with an offset', () => {
    const [width, height, stride] = [19, 7, 96];
    const tight = noise(width * height * 4);
    const expected = pixfer.convert(tight, { width, height });
    const padded = noise(stride * height + 5, 3);
    const flipped = new Uint8Array(tight.length);
    for (let y = 0; y < height; y++) {
        const row = tight.subarray(y * width * 4, (y + 1) * width * 4);
        padded.set(row, 5 + y * stride);
        flipped.set(row, (height - 1 - y) * width * 4);
    }
    const view = padded.subarray(5, 5 + stride * (height - 1) + width * 4); // the last row has no padding
    assert.deepEqual(pixfer.convert(view, { width, height, stride }), expected);
    assert.deepEqual(pixfer.convert(flipped, { width, height, bottomUp: true }), expected);
    assert.deepEqual(pixfer.convert(new DataView(padded.buffer, 5), { width, height, stride }), expected);
    assert.deepEqual(pixfer.convert(Buffer.from(tight), { width, height }), expected);
    assert.deepEqual(pixfer.convert(tight.slice().buffer, { width, height }), expected);
    assert.deepEqual(pixfer.convert(new Uint8ClampedArray(tight), { width, height }), expected);
    assert.deepEqual(pixfer.convert({ data: new Uint8ClampedArray(tight), width, height }), expected);
});

test('a converter uses its memory again, and only its own', () => {
    const [width, height] = [64, 36];
    const a = new pixfer.Converter({ width, height });
    const b = new pixfer.Converter({ width, height, to: 'I420' });
    const first = noise(width * height * 4, 1), second = noise(width * height * 4, 2);
    const view = a.convert(first);
    const copy = view.slice();
    b.convert(second);
    new pixfer.Converter({ width: 1920, height: 1080 }).convert();
    assert.deepEqual(view, copy);
    assert.equal(a.convert(second).buffer, view.buffer);
    assert.notDeepEqual(view, copy);
    a.input.set(first);
    assert.deepEqual(a.convert(), copy);
    assert.deepEqual(a.output, copy);
    assert.deepEqual(a.planes, [{ offset: 0, stride: 64, rows: 36 }, { offset: 2304, stride: 64, rows: 18 }]);
    a.close();
    assert.deepEqual(view, copy);
    assert.throws(() => a.convert(first), /the converter is closed/);
    assert.throws(() => a.input, /the converter is closed/);
});

test('memory does not grow with frames, and converters that are forgotten go', () => {
    const one = new pixfer.Converter({ width: 640, height: 360 });
    const before = one.input.buffer.byteLength;
    for (let i = 0; i < 500; i++) one.convert();
    assert.equal(one.input.buffer.byteLength, before);
    for (let i = 0; i < 100; i++) new pixfer.Converter({ width: 1920, height: 1080 }).close();
});

test('mistakes are told by what was found and what was expected', () => {
    const pixels = new Uint8Array(16);
    const good = { width: 2, height: 2 };
    const cases = [
        [{ height: 2 }, TypeError, /width is undefined, expected an integer from 1/],
        [{ width: 0, height: 2 }, RangeError, /width is 0, expected/],
        [{ width: 2.5, height: 2 }, TypeError, /width is 2.5/],
        [{ width: '2', height: 2 }, TypeError, /width is "2"/],
        [{ width: 2, height: NaN }, TypeError, /height is NaN/],
        [{ ...good, to: 'NV13' }, TypeError, /to is "NV13", expected the name of a format/],
        [{ ...good, to: 5 }, TypeError, /to is 5/],
        [{ ...good, to: 'x'.repeat(1e6) }, TypeError, /to is "x+…"/],
        [{ ...good, from: 'NV12' }, RangeError, /nv12 to nv12|NV12 to NV12/],
        [{ ...good, matrix: 'bt470' }, TypeError, /matrix is "bt470", expected bt709, bt601, smpte240m, bt2020/],
        [{ ...good, matrix: 'toString' }, TypeError, /matrix is "toString"/],
        [{ ...good, range: 1 }, TypeError, /range is 1, expected limited, full/],
        [{ ...good, siting: 'middle' }, TypeError, /siting is "middle"/],
        [{ ...good, stride: 7 }, RangeError, /stride is 7, expected an integer from 8/],
        [{ ...good, stride: 1e12 }, RangeError, /stride is 1000000000000/],
        [{ ...good, from: 'GBRP', stride: 4 }, RangeError, /planes have no padding/],
        [{ ...good, cpu: 'avx2' }, RangeError, /avx2/],
        [{ width: 1 << 24, height: 1 << 24 }, RangeError, /less than 2 GB/],
        [{ width: 3, height: 2 }, RangeError, /the source is Uint8Array of 16 bytes, expected at least 24 bytes/],
    ];
    for (const [options, kind, message] of cases)
        assert.throws(() => pixfer.convert(pixels, options), (error) => error instanceof kind && message.test(error.message) || assert.fail(`${JSON.stringify(options)}: ${error}`));
    for (const source of ['pixels', 5, null, {}, [1, 2], new Float32Array(16)])
        assert.throws(() => pixfer.convert(source, good), TypeError);
    for (const options of [null, 5, 'NV12', undefined]) assert.throws(() => pixfer.convert(pixels, options), TypeError);
    assert.throws(() => pixfer.toVideoFrame({ data: pixels, width: 2, height: 2 }), /found no VideoFrame here/);
    assert.throws(() => pixfer.toVideoFrame({ data: pixels, width: 2, height: 2 }, { matrix: 'smpte240m' }), /smpte240m/);
});

test('random options and sources never do more than throw', () => {
    let seed = 7;
    const random = (n) => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) % n;
    const odd = [undefined, null, NaN, -1, 0, 1, 2, 3, 16, 17, 255, 2 ** 24, 2 ** 31, 2 ** 53, 0.5, '', 'RGBA', 'nv12', 'P010', 'bt709', 'full', 'center', [], {}, true, Symbol.iterator, 5n];
    const pick = () => odd[random(odd.length)];
    let converted = 0;
    for (let i = 0; i < 6000; i++) {
        const options = { width: 1 + random(40), height: 1 + random(40) };
        for (const key of ['width', 'height', 'from', 'to', 'matrix', 'range', 'siting', 'stride', 'bottomUp', 'cpu'])
            if (random(8) === 0) options[key] = pick();
        if ([options.width, options.height, options.stride].some((n) => typeof n === 'number' && n > 1e4)) options.height = 1; // else hundreds of MB each
        try {
            converted += pixfer.convert(noise(random(8000)), options).length > 0;
        } catch (error) {
            assert.ok(error instanceof TypeError || error instanceof RangeError || /^pixfer: /.test(error.message), error.stack);
            assert.ok(!(error instanceof WebAssembly.RuntimeError), error.stack);
        }
    }
    assert.ok(converted > 100, `${converted} conversions`);
});

test('a worker takes a compiled module', async () => {
    const module = await WebAssembly.compile(await readFile(new URL('./node_modules/pixfer/pixfer.wasm', import.meta.url)));
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: { module, rgba: reference() } });
    const bytes = await new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
    assert.equal(md5(bytes), '8d7f7d4e5867eb274dd18a931871ce52');
    await worker.terminate();
});
