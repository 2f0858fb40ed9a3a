// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Readable } = require('node:stream');
const { pipeline } = require('node:stream/promises');
const test = require('node:test');
const { Worker } = require('node:worker_threads');

const pixfer = require('@pixfer/node');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pixfer-node-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
let files = 0;
const out = () => path.join(folder, `${++files} ä.mp4`);

const md5 = (bytes) => createHash('md5').update(bytes).digest('hex');

/** The frame of doc/bindings.md. */
function reference() {
    const rgba = Buffer.alloc(256 * 144 * 4);
    for (let y = 0; y < 144; y++) for (let x = 0; x < 256; x++) rgba.set([x, (7 * y) & 255, (x * y) & 255, 255], (y * 256 + x) * 4);
    return rgba;
}
const SUM = '8d7f7d4e5867eb274dd18a931871ce52';

function noise(length, seed = 1) {
    const bytes = Buffer.alloc(length);
    for (let i = 0; i < length; i++) bytes[i] = (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) >>> 24;
    return bytes;
}

/** What ffprobe finds: the video stream's, the audio stream's. */
function probe(file) {
    const { streams } = JSON.parse(execFileSync('ffprobe', ['-v', 'error', '-count_frames', '-show_streams', '-of', 'json', file]));
    return [streams.find((s) => s.codec_type === 'video'), streams.find((s) => s.codec_type === 'audio')];
}

const nothingLeft = (file) => assert.deepEqual(fs.readdirSync(folder).filter((name) => name.startsWith(path.basename(file))), []);

async function done(stream) {
    stream.end();
    await once(stream, 'finish');
    return stream.report;
}

test('the reference frame', async () => {
    const rgba = reference();
    const o = { width: 256, height: 144 };
    assert.equal(md5(pixfer.convertSync(rgba, o)), SUM);
    assert.equal(md5(await pixfer.convert(rgba, { ...o, to: 'NV12', matrix: 'bt709', range: 'limited', siting: 'left' })), SUM);
    assert.equal(md5(pixfer.convertSync(new Uint8ClampedArray(rgba), { ...o, cpu: 'c' })), SUM);
    console.log(`reference ${md5(pixfer.convertSync(rgba, o))}`);
});

test('buffers are used in place', async () => {
    const rgba = reference();
    const memory = new ArrayBuffer(100000);
    const into = new Uint8Array(memory, 64, 256 * 144 * 1.5);
    const got = await pixfer.convert(rgba.buffer.slice(rgba.byteOffset, rgba.byteOffset + rgba.length), { width: 256, height: 144, into });
    assert.equal(got.buffer, memory);
    assert.equal(got.byteOffset, 64);
    assert.equal(md5(into), SUM);
    const converter = new pixfer.Converter({ width: 256, height: 144, threads: 2 });
    const all = await Promise.all(Array.from({ length: 50 }, () => converter.convert(rgba)));
    assert.ok(all.every((nv12) => md5(nv12) === SUM));
    assert.equal(converter.info.frames, 50);
    assert.equal(converter.info.exact, true);
    const last = converter.convert(rgba);
    converter.close(); // while it converts
    assert.equal(md5(await last), SUM);
    assert.throws(() => converter.convertSync(rgba), /the converter is closed/);
});

test('strides and rows from the bottom', () => {
    const [width, height, stride] = [19, 7, 100];
    const tight = noise(width * height * 4), padded = noise(stride * height, 9), flipped = Buffer.alloc(tight.length);
    for (let y = 0; y < height; y++) {
        tight.copy(padded, y * stride, y * width * 4, (y + 1) * width * 4);
        tight.copy(flipped, (height - 1 - y) * width * 4, y * width * 4, (y + 1) * width * 4);
    }
    const expected = pixfer.convertSync(tight, { width, height });
    assert.deepEqual(pixfer.convertSync(padded.subarray(0, stride * (height - 1) + width * 4), { width, height, stride }), expected);
    assert.deepEqual(pixfer.convertSync(flipped, { width, height, bottomUp: true }), expected);
});

test('mistakes are told by what was found and what was expected', async () => {
    const pixels = Buffer.alloc(16), good = { width: 2, height: 2 };
    const cases = [
        [undefined, TypeError, /the options is undefined/], [{ height: 2 }, TypeError, /width is undefined/], [{ ...good, width: 0 }, RangeError, /width is 0/],
        [{ ...good, to: 'NV13' }, TypeError, /to is "NV13"/], [{ ...good, to: 'x'.repeat(1e6) }, TypeError, /to is "x+…"/],
        [{ ...good, from: 'NV12' }, RangeError, /nv12/], [{ ...good, matrix: 'toString' }, TypeError, /matrix is "toString"/],
        [{ ...good, stride: 7 }, RangeError, /stride is 7/], [{ ...good, stride: 2 ** 50 }, RangeError, /stride is/],
        [{ ...good, threads: 1000 }, RangeError, /threads is 1000/], [{ ...good, cpu: 'mmx' }, RangeError, /mmx/], [{ ...good, background: 2 ** 24 }, RangeError, /background is 16777216/], [{ ...good, background: '#fff' }, TypeError, /background is "#fff"/],
        [{ ...good, into: Buffer.alloc(5) }, RangeError, /the destination is Buffer of 5 bytes, expected at least 6 bytes/],
        [{ ...good, width: 3 }, RangeError, /the source is Buffer of 16 bytes, expected at least 24/], [{ ...good, into: pixels }, Error, /./],
        [{ width: 1 << 24, height: 1 << 24 }, RangeError, /./],
    ];
    for (const [o, kind, message] of cases) {
        assert.throws(() => pixfer.convertSync(pixels, o), (error) => (error instanceof kind && message.test(error.message)) || assert.fail(`${JSON.stringify(o)?.slice(0, 80)}: ${error}`));
        await assert.rejects(pixfer.convert(pixels, o), kind);
    }
    for (const source of ['pixels', 5, null, {}, [1]]) assert.throws(() => pixfer.convertSync(source, good), TypeError);
    const frames = { width: 64, height: 48, fps: 30 };
    for (const [o, message] of [[{ width: 64, height: 48 }, /fps is undefined/], [{ ...frames, fps: -1 }, /fps is -1/], [{ ...frames, fps: 'x' }, /fps is "x"/],
                                [{ ...frames, crf: 20, bitrate: 5 }, /crf and bitrate/], [{ ...frames, rotation: 45 }, /rotation is "45"/],
                                [{ ...frames, audio: { channels: 2 } }, /audio.sampleRate is undefined/], [{ ...frames, format: 'nope' }, /format is "nope"/],
                                [{ ...frames, encoder: 'a\0b' }, /encoder/], [{ ...frames, signal: 5 }, /signal is 5/]])
        assert.throws(() => pixfer.exporter(out(), o), message);
    assert.throws(() => pixfer.exporter({}, frames), /the path is Object/);
    for (const number of [-1, 0.5, NaN, 2 ** 31]) assert.throws(() => pixfer.exporter(number, frames), /the descriptor is/);
    for (const [o, message] of [[{ codec: 'h265' }, /codec is "h265", expected default, h264, hevc, av1/], [{ depth: 12 }, /depth is 12/], [{ primaries: 256 }, /primaries is 256/],
                                [{ converter: 'gpu' }, /converter is "gpu", expected auto, cpu/], [{ sampleAspect: 'wide' }, /sampleAspect is "wide"/],
                                [{ convertThreads: -1 }, /convertThreads is -1/], [{ cpu: '' }, /cpu is ""/]])
        assert.throws(() => pixfer.exporter(out(), { ...frames, ...o }), message);
});

test('random options never do more than throw', () => {
    let seed = 7;
    const random = (n) => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) % n;
    const odd = [undefined, null, NaN, -1, 0, 1, 2, 3, 16, 17, 255, 2 ** 24, 2 ** 31, 2 ** 53, 0.5, '', 'RGBA', 'nv12', 'P010', 'bt709', 'full', 'center', [], {}, true, 5n];
    let converted = 0;
    for (let i = 0; i < 5000; i++) {
        const o = { width: 1 + random(40), height: 1 + random(40) };
        for (const key of ['width', 'height', 'from', 'to', 'matrix', 'range', 'siting', 'stride', 'bottomUp', 'cpu', 'into', 'threads']) if (random(8) === 0) o[key] = odd[random(odd.length)];
        if ([o.width, o.height, o.stride].some((n) => typeof n === 'number' && n > 1e4)) o.height = 1;
        try {
            converted += pixfer.convertSync(noise(random(8000)), o).length > 0;
        } catch (error) {
            assert.match(error.message, /^pixfer: |arguments|argument/, error.stack);
        }
    }
    assert.ok(converted > 50, `${converted} conversions`);
});

test('frames and audio become an MP4', async () => {
    const file = out();
    const stream = pixfer.exporter(file, { width: 256, height: 144, fps: 30, preset: 'ultrafast', crf: 18, audio: { sampleRate: 48000, channels: 2 },
                                           metadata: { title: 'A title' }, range: 'full', gop: 10 });
    const lines = [];
    stream.on('log', ({ line }) => lines.push(line));
    for (let i = 0; i < 45; i++) {
        if (!stream.write(reference())) await once(stream, 'drain');
        await stream.audio(new Float32Array(3200).fill(0.1));
    }
    const report = await done(stream);
    assert.equal(report.frames, 45);
    assert.equal(report.exact, true);
    assert.ok(lines.some((line) => line.includes(path.basename(file))), lines.join('\n'));
    const [video, audio] = probe(file);
    assert.deepEqual([video.codec_name, video.nb_read_frames, video.r_frame_rate, video.color_range, video.color_space], ['h264', '45', '30/1', 'pc', 'bt709']);
    assert.deepEqual([audio.codec_name, audio.sample_rate, audio.channels], ['aac', '48000', 2]);
    assert.ok(fs.existsSync(file) && !fs.existsSync(`${file}.part`));
});

test('codecs, 10 bits, and what the file says', async () => {
    const kinds = [[{ codec: 'hevc', format: 'RGB10A2', encoder: 'libx265' }, 'hevc', 'yuv420p10le'], [{ codec: 'hevc', depth: 8, encoder: 'libx265' }, 'hevc', 'yuv420p'],
                   [{ codec: 'h264', primaries: 9, transfer: 14, sampleAspect: [4, 3], converter: 'cpu', cpu: 'c', convertThreads: 1, fastestConverter: false, anySiting: true }, 'h264', 'yuv420p']];
    for (const [o, codec, pixels] of kinds) {
        const file = out();
        const stream = pixfer.exporter(file, { width: 64, height: 48, fps: 30, preset: 'ultrafast', encoder: 'libx264', ...o });
        for (let i = 0; i < 5; i++) stream.write(noise(64 * 48 * 4, i));
        const report = await done(stream);
        const [video] = probe(file);
        assert.deepEqual([video.codec_name, video.pix_fmt, video.nb_read_frames, report.exact], [codec, pixels, '5', true]);
        if (o.primaries) assert.deepEqual([video.color_primaries, video.color_transfer, video.sample_aspect_ratio, report.isa], ['bt2020', 'bt2020-10', '4:3', 'c']);
    }
    const file = out();
    const stream = pixfer.exporter(file, { width: 64, height: 48, fps: 30, encoder: 'libx264', chroma: 444, background: 0xffffff });
    stream.write(Buffer.alloc(64 * 48 * 4)); // transparent
    await done(stream);
    assert.equal(probe(file)[0].pix_fmt, 'yuv444p');
    const [luma] = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-f', 'rawvideo', '-']);
    assert.ok(luma > 230, `${luma}`);
    const [error] = await once(pixfer.exporter(out(), { width: 64, height: 48, fps: 30, codec: 'h264', encoder: 'libx265' }), 'error');
    assert.match(error.message, /libx265/);
});

test('a descriptor takes the movie as it grows', async () => {
    const file = out();
    const descriptor = fs.openSync(file, 'w');
    const stream = pixfer.exporter(descriptor, { width: 64, height: 48, fps: 30, preset: 'ultrafast' });
    assert.equal(stream.path, descriptor);
    for (let i = 0; i < 10; i++) stream.write(noise(64 * 48 * 4, i));
    assert.equal((await done(stream)).frames, 10);
    await once(stream, 'close');
    fs.closeSync(descriptor); // it is the caller's
    assert.equal(probe(file)[0].nb_read_frames, '10');
});

test('bytes are frames however they are cut, and the same file every time', async () => {
    const [width, height, count] = [64, 48, 20];
    const raw = noise(width * height * 4 * count);
    const sums = [];
    for (const cut of [raw.length, 1000, 4096 * 3, width * height * 4, 65537]) {
        const file = out();
        const chunks = [];
        for (let at = 0; at < raw.length; at += cut) chunks.push(raw.subarray(at, at + cut));
        const stream = pixfer.exporter(file, { width, height, fps: 29.97, preset: 'ultrafast', encoderThreads: 1 });
        await pipeline(Readable.from(chunks), stream);
        assert.equal(stream.report.frames, count);
        assert.equal(probe(file)[0].r_frame_rate, '30000/1001');
        sums.push(md5(fs.readFileSync(file)));
    }
    assert.equal(new Set(sums).size, 1);
});

test('a last frame that is cut is an error, and the others are kept', async () => {
    const file = out();
    const stream = pixfer.exporter(file, { width: 64, height: 48, fps: 30 });
    await assert.rejects(pipeline(Readable.from([noise(64 * 48 * 4 * 2 + 100)]), stream), /the last frame is "100 bytes", expected 12288/);
    assert.equal(probe(file)[0].nb_read_frames, '2');
});

test('times of frames', async () => {
    const file = out();
    const stream = pixfer.exporter(file, { width: 64, height: 48, fps: 30, timeBase: [1, 1000], preset: 'ultrafast' });
    for (const pts of [5000, 5100, 5150, 6000]) stream.write({ data: noise(64 * 48 * 4, pts), pts });
    await done(stream);
    const packets = JSON.parse(execFileSync('ffprobe', ['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pts_time', '-of', 'json', file])).packets;
    assert.deepEqual(packets.map((p) => Number(p.pts_time)), [0, 0.1, 0.15, 1]);
});

test('back-pressure: what waits is bounded', async () => {
    const [width, height] = [640, 360];
    const stream = pixfer.exporter(out(), { width, height, fps: 60, preset: 'veryfast' });
    const frame = noise(width * height * 4);
    let waited = 0;
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 200; i++)
        if (!stream.write(Buffer.from(frame))) {
            waited++;
            await once(stream, 'drain');
        }
    assert.ok(waited > 10, `${waited} waits`);
    assert.ok(process.memoryUsage().rss - before < 250e6);
    assert.equal((await done(stream)).frames, 200);
});

test('an AbortSignal, destroy(), and an error of a source leave nothing behind', async () => {
    const o = { width: 64, height: 48, fps: 30 };
    const frame = noise(64 * 48 * 4);
    for (const delay of [0, 1, 20, 200]) {
        const file = out();
        const controller = new AbortController();
        const stream = pixfer.exporter(file, { ...o, signal: controller.signal });
        const closed = new Promise((resolve) => stream.on('close', resolve));
        let error;
        stream.on('error', (e) => (error = e));
        for (let i = 0; i < 50; i++) stream.write(frame);
        setTimeout(() => controller.abort(), delay);
        await closed;
        assert.equal(error.name, 'AbortError');
        nothingLeft(file);
    }
    const aborted = pixfer.exporter(out(), { ...o, signal: AbortSignal.abort() });
    assert.equal((await once(aborted, 'error'))[0].name, 'AbortError');
    const dropped = out();
    const stream = pixfer.exporter(dropped, o);
    stream.write(frame);
    stream.destroy();
    await once(stream, 'close');
    nothingLeft(dropped);
    const broken = out();
    await assert.rejects(pipeline(async function* () { yield frame; throw new Error('the renderer broke'); }, pixfer.exporter(broken, o)), /the renderer broke/);
});

test('what cannot be opened is an error that says why', async () => {
    const o = { width: 64, height: 48, fps: 30 };
    const [error] = await once(pixfer.exporter(path.join(folder, 'no', 'such', 'folder.mp4'), o), 'error');
    assert.match(error.message, /^pixfer: .*folder\.mp4/);
    const [encoder] = await once(pixfer.exporter(out(), { ...o, encoder: 'h263_nope' }), 'error');
    assert.match(encoder.message, /h263_nope/);
    const file = out();
    fs.writeFileSync(file, 'mine');
    const [exists] = await once(pixfer.exporter(file, o), 'error');
    assert.match(exists.message, /exists/);
    assert.equal(fs.readFileSync(file, 'utf8'), 'mine');
    const empty = pixfer.exporter(out(), o);
    empty.end();
    assert.match((await once(empty, 'error'))[0].message, /frame/);
    const chunk = pixfer.exporter(out(), o);
    chunk.write({ wrong: 1 });
    assert.match((await once(chunk, 'error'))[0].message, /a chunk is Object/);
    const quiet = pixfer.exporter(out(), o);
    await assert.rejects(quiet.audio(new Float32Array(2)), /the exporter has no audio/);
    quiet.destroy();
});

test('a frame that comes late is lost alone', async () => {
    const file = out();
    const stream = pixfer.exporter(file, { width: 64, height: 48, fps: 30 });
    const data = noise(64 * 48 * 4);
    const refused = [];
    const lines = [];
    stream.on('refused', (frame) => refused.push(frame));
    stream.on('log', ({ level, line }) => level === 'warning' && lines.push(line));
    for (const pts of [0, 5, 5, 3, 6]) stream.write({ data, pts });
    const report = await done(stream);
    assert.deepEqual([report.frames, report.refused], [3, 2]);
    assert.deepEqual(refused.map(({ pts }) => pts), [5, 3]);
    assert.ok(lines.some((line) => line.includes('5')), lines.join('\n'));
    assert.equal(probe(file)[0].nb_read_frames, '3');
});

/** Waits until the collector has taken all of them; false if some stay. */
async function collected(weak) {
    for (let i = 0; i < 50 && weak.some((reference) => reference.deref()); i++) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        global.gc();
    }
    return !weak.some((reference) => reference.deref());
}

test('what was handed over is let go of when its call has ended', async () => {
    assert.ok(global.gc, 'node runs without --expose-gc');
    const o = { width: 64, height: 48 };
    const weak = (kind, object) => (kept[kind].push(new WeakRef(object)), object);
    const kept = { source: [], destination: [], converter: [], frame: [], samples: [], exporter: [] };
    await (async () => {
        for (let i = 0; i < 10; i++) {
            const converter = weak('converter', new pixfer.Converter(o));
            weak('destination', await converter.convert(weak('source', noise(64 * 48 * 4))));
            weak('destination', converter.convertSync(weak('source', noise(64 * 48 * 4))));
            if (i % 2) converter.close();
        }
        for (let i = 0; i < 3; i++) {
            const stream = weak('exporter', pixfer.exporter(out(), { ...o, fps: 30, audio: { sampleRate: 48000, channels: 1 } }));
            for (let n = 0; n < 5; n++) {
                stream.write(weak('frame', noise(64 * 48 * 4)));
                await stream.audio(weak('samples', new Float32Array(1600)));
            }
            if (i) await done(stream);
            else await once(stream.destroy(), 'close');
        }
    })();
    for (const [kind, list] of Object.entries(kept)) assert.ok(await collected(list), `${kind}: ${list.filter((reference) => reference.deref()).length} of ${list.length} are kept`);
});

test('thousands of frames leave memory as it was', { skip: process.env.ASAN_OPTIONS && 'the address sanitizer keeps what is freed' }, async () => {
    const converter = new pixfer.Converter({ width: 320, height: 180, threads: 1 });
    const rgba = noise(320 * 180 * 4), into = Buffer.alloc(converter.byteLength);
    const run = async (count) => { for (let i = 0; i < count; i++) await converter.convert(rgba, into); };
    const rss = () => { global.gc(); return process.memoryUsage().rss; };
    await run(2000);
    const before = rss();
    await run(20000);
    // A lost piece of work has some 600 bytes: 12 MB here.
    assert.ok(rss() - before < 6e6, `${(rss() - before) / 1e6} MB more`);
});

test('a worker may be terminated in the middle', async () => {
    for (let i = 0; i < 5; i++) {
        const worker = new Worker(path.join(__dirname, 'worker.js'), { workerData: { file: out() } });
        await once(worker, 'message');
        await new Promise((resolve) => setTimeout(resolve, i * 20));
        await worker.terminate();
    }
});
