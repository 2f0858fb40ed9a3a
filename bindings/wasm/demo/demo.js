// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

import { BufferTarget, EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output } from 'mediabunny';
import { Converter, load } from 'pixfer';

const RATE = 30;
const COLOURS = ['#ffffff', '#c0c0c0', '#808080', '#404040', '#000000', '#ff0000', '#00ff00', '#0000ff', '#ffff00', '#00ffff', '#ff00ff', '#e8743b'];

const $ = (id) => document.getElementById(id);
const canvas = $('canvas');
const context = canvas.getContext('2d', { willReadFrequently: true });
const { width, height } = canvas;

let picture; // chosen by the visitor, behind the patches

/** Patches in two rows, on multiples of 16 pixels so that each has blocks of its own. */
const patches = COLOURS.map((colour, i) => ({ colour, x: 96 + (i % 6) * 192, y: 96 + Math.floor(i / 6) * 192, size: 128 }));

function draw(frame) {
    const hue = context.createLinearGradient(0, 0, width, height);
    hue.addColorStop(0, '#1d3557');
    hue.addColorStop(1, '#a8dadc');
    context.fillStyle = hue;
    context.fillRect(0, 0, width, height);
    if (picture) context.drawImage(picture, 0, 0, width, height);
    for (const { colour, x, y, size } of patches) {
        context.fillStyle = colour;
        context.fillRect(x, y, size, size);
    }
    context.fillStyle = '#f1faee';
    context.beginPath();
    context.arc(80 + ((frame * 12) % (width - 160)), 600, 48, 0, 2 * Math.PI);
    context.fill();
    context.font = '32px system-ui, sans-serif';
    context.fillText(`frame ${frame}`, 96, 504);
}

async function encoderConfig() {
    const size = { width, height, framerate: RATE };
    for (const codec of ['avc1.64002a', 'avc1.42002a', 'vp09.00.40.08', 'av01.0.08M.08', 'vp8']) {
        const config = { ...size, codec, bitrate: 20_000_000, latencyMode: 'quality' };
        if ((await VideoEncoder.isConfigSupported(config).catch(() => ({}))).supported) return config;
    }
    throw new Error('this browser has no video encoder that the page knows');
}

const muxerCodec = (codec) => ({ avc1: 'avc', vp09: 'vp9', av01: 'av1', vp8: 'vp8' })[codec.split('.')[0]];

/** Encodes `count` frames that `frameOf` makes of the canvas, decodes them again, and reads the patches. */
async function record(count, config, frameOf) {
    const target = new BufferTarget();
    const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target });
    const source = new EncodedVideoPacketSource(muxerCodec(config.codec));
    output.addVideoTrack(source, { frameRate: RATE });
    await output.start();

    const packets = [];
    let failure;
    let decoderConfig;
    let writing = Promise.resolve();
    const encoder = new VideoEncoder({
        output: (chunk, meta) => {
            if (meta?.decoderConfig) decoderConfig = meta.decoderConfig;
            packets.push(chunk);
            writing = writing.then(() => source.add(EncodedPacket.fromEncodedChunk(chunk), meta));
        },
        error: (error) => (failure = error),
    });
    encoder.configure(config);
    let ms = 0;
    let tags;
    for (let i = 0; i < count; i++) {
        draw(i);
        const start = performance.now();
        const frame = frameOf(Math.round((i * 1e6) / RATE));
        ms += performance.now() - start;
        tags ??= `${frame.format ?? 'no format'}, ${tagText(frame.colorSpace)}`;
        encoder.encode(frame, { keyFrame: i % RATE === 0 });
        frame.close();
        while (encoder.encodeQueueSize > 4) await new Promise((resolve) => setTimeout(resolve, 2));
        if (failure) throw failure;
    }
    await encoder.flush();
    encoder.close();
    if (failure) throw failure;
    await writing;
    await output.finalize();
    return {
        blob: new Blob([target.buffer], { type: 'video/mp4' }),
        msPerFrame: ms / count,
        tags,
        ...(await decoded(packets, decoderConfig)),
    };
}

const tagText = (space) => `${space.matrix ?? 'no matrix'}, ${space.fullRange === null ? 'no range' : space.fullRange ? 'full range' : 'limited range'}`;

/** What a decoder makes of the last packet, as samples in the middle of each patch. */
async function decoded(packets, config) {
    const found = {};
    const decoder = new VideoDecoder({
        output: (frame) => {
            found.frame?.close();
            found.frame = frame;
        },
        error: (error) => (found.error = error),
    });
    decoder.configure(config);
    for (const packet of packets) decoder.decode(packet);
    await decoder.flush();
    decoder.close();
    if (found.error) throw found.error;
    const { frame } = found;
    const bytes = new Uint8Array(frame.allocationSize());
    const layout = await frame.copyTo(bytes);
    const space = frame.colorSpace.toJSON();
    const [Y, U, V] = layout;
    const samples = patches.map(({ x, y, size }) => {
        const [cx, cy] = [x + size / 2, y + size / 2];
        const luma = bytes[Y.offset + cy * Y.stride + cx];
        if (frame.format === 'NV12') {
            const at = U.offset + (cy / 2) * U.stride + cx;
            return [luma, bytes[at], bytes[at + 1]];
        }
        const at = (cy / 2) * U.stride + cx / 2;
        return [luma, bytes[U.offset + at], bytes[V.offset + at]];
    });
    const format = frame.format;
    frame.close();
    return { samples, space, format };
}

const COEFFICIENTS = { bt709: [0.2126, 0.0722], smpte170m: [0.299, 0.114], bt470bg: [0.299, 0.114], 'bt2020-ncl': [0.2627, 0.0593] };

/** What a player shows that believes the tags; untagged is BT.709, limited. */
function shown([y, u, v], space) {
    const [kr, kb] = COEFFICIENTS[space.matrix] ?? COEFFICIENTS.bt709;
    const full = space.fullRange === true;
    const [l, b, r] = full ? [y / 255, (u - 128) / 255, (v - 128) / 255] : [(y - 16) / 219, (u - 128) / 224, (v - 128) / 224];
    const red = l + 2 * (1 - kr) * r, blue = l + 2 * (1 - kb) * b;
    return [red, (l - kr * red - kb * blue) / (1 - kr - kb), blue].map((c) => Math.max(0, Math.min(255, Math.round(255 * c))));
}

const hex = (rgb) => '#' + rgb.map((c) => c.toString(16).padStart(2, '0')).join('');

/** The exact samples of a flat colour, from the converter itself. */
function exact(colour) {
    const [r, g, b] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
    const one = new Converter({ width: 1, height: 1 });
    return [...one.convert(new Uint8Array([r, g, b, 255]))];
}

function facts(into, run, config) {
    into.textContent =
        `${run.msPerFrame.toFixed(2)} ms a frame in this thread; frames: ${run.tags}; ` +
        `decoded: ${run.format}, ${tagText(run.space)}; ${(run.blob.size / 1000).toFixed(0)} kB of ${config.codec}`;
}

function cell(row, ...content) {
    row.insertCell().append(...content);
}

function swatch(colour) {
    const box = document.createElement('span');
    box.className = 'swatch';
    box.style.background = colour;
    return box;
}

function tabulate(withRun, withoutRun) {
    const body = $('patches').tBodies[0];
    body.replaceChildren();
    const rows = patches.map(({ colour }, i) => {
        const expected = exact(colour);
        const row = body.insertRow();
        cell(row, swatch(colour), ` ${colour}`);
        cell(row, expected.join(' '));
        for (const run of [withRun, withoutRun]) {
            const rgb = hex(shown(run.samples[i], run.space));
            cell(row, run.samples[i].join(' '));
            if (String(run.samples[i]) !== String(expected)) row.lastChild.className = 'off'; // not BT.709 in limited range
            const blind = hex(shown(run.samples[i], {}));
            cell(row, swatch(rgb), ` ${rgb}`);
            cell(row, swatch(blind), ` ${blind}`);
        }
        return { colour, expected, with: withRun.samples[i], without: withoutRun.samples[i] };
    });
    $('patches').hidden = false;
    return rows;
}

function show(video, blob) {
    if (video.src) URL.revokeObjectURL(video.src);
    video.src = URL.createObjectURL(blob);
}

let converter;
let config;

async function recordBoth() {
    $('record').disabled = true;
    try {
        const count = Math.max(2, Math.min(600, Number($('frames').value) || 60));
        $('status').textContent = `Recording ${count} frames with pixfer…`;
        const withRun = await record(count, config, (timestamp) => converter.toVideoFrame(canvas, { timestamp }));
        show($('with'), withRun.blob);
        facts($('with-facts'), withRun, config);
        $('status').textContent = `Recording ${count} frames without…`;
        const withoutRun = await record(count, config, (timestamp) => new VideoFrame(canvas, { timestamp }));
        show($('without'), withoutRun.blob);
        facts($('without-facts'), withoutRun, config);
        const rows = tabulate(withRun, withoutRun);
        const wrong = (which) => rows.filter((row) => String(row[which]) !== String(row.expected)).length;
        $('status').textContent = `Of ${rows.length} patches ${wrong('with')} are off with pixfer, ${wrong('without')} without.`;
        window.result = { rows, with: withRun, without: withoutRun, config };
    } catch (error) {
        $('status').textContent = `It did not work: ${error.message}`;
        window.result = { error: String(error.stack) };
    } finally {
        $('record').disabled = false;
    }
}

$('record').addEventListener('click', recordBoth);
$('file').addEventListener('change', async ({ target }) => {
    if (!target.files.length) return;
    try {
        picture = await createImageBitmap(target.files[0]);
        draw(0);
    } catch {
        $('status').textContent = `${target.files[0].name} is no picture that this browser can read`;
    }
});

draw(0);
try {
    if (typeof VideoEncoder === 'undefined') throw new Error('this browser has no WebCodecs here: they want a secure page, https or localhost');
    await load();
    config = await encoderConfig();
    converter = new Converter({ width, height });
    $('status').textContent = `Ready: ${config.codec}, kernels ${converter.isa}`;
} catch (error) {
    $('status').textContent = error.message;
    $('record').disabled = true;
}
