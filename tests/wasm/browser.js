// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

// browser.js CHROMIUM SITE SCREENSHOT: drives the demo page, and calls the package in the page and in a worker of it.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { once } from 'node:events';

import { chromium } from 'playwright-core';

const [, , executablePath, site, screenshot] = process.argv;
const server = spawn(process.execPath, [`${site}/demo/serve.js`, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
const url = String((await once(server.stdout, 'data'))[0]).trim();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const trouble = [];

function watched(page) {
    page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
    page.on('pageerror', (error) => trouble.push(String(error)));
    page.on('requestfailed', (request) => trouble.push(`${request.url()}: ${request.failure().errorText}`));
    return page;
}

/** In the page or in a worker: the reference frame's bytes. */
const reference = `
    const rgba = new Uint8Array(256 * 144 * 4);
    for (let y = 0; y < 144; y++) for (let x = 0; x < 256; x++) rgba.set([x, (7 * y) & 255, (x * y) & 255, 255], (y * 256 + x) * 4);
    const nv12 = pixfer.convert(rgba, { width: 256, height: 144 });`;

async function packageInPage() {
    const page = watched(await browser.newPage());
    await page.goto(url);
    const found = await page.evaluate(async (reference) => {
        const pixfer = await import('/index.js');
        await pixfer.load();
        const run = new Function('pixfer', `${reference} return nv12;`);
        const direct = run(pixfer);

        const source = `import * as pixfer from '${location.origin}/index.js'; await pixfer.load(); ${reference} postMessage(nv12);`;
        const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })), { type: 'module' });
        const inWorker = await new Promise((resolve, reject) => ((worker.onmessage = (e) => resolve(e.data)), (worker.onerror = (e) => reject(e.message))));

        // Every kind of source gives the same frame, and its tags.
        const [width, height] = [64, 48];
        const canvas = new OffscreenCanvas(width, height);
        const context = canvas.getContext('2d', { willReadFrequently: true });
        for (let x = 0; x < width; x++) for (let y = 0; y < height; y++) (context.fillStyle = `rgb(${x * 4} ${y * 5} ${(x * y) % 256})`), context.fillRect(x, y, 1, 1);
        const data = context.getImageData(0, 0, width, height);
        const element = document.createElement('canvas');
        [element.width, element.height] = [width, height];
        element.getContext('2d').putImageData(data, 0, 0);
        const gl = new OffscreenCanvas(width, height);
        const webgl = gl.getContext('webgl', { preserveDrawingBuffer: true });
        webgl.clearColor(1, 0.5, 0, 1);
        webgl.clear(webgl.COLOR_BUFFER_BIT);
        const flat = new ImageData(new Uint8ClampedArray(width * height * 4).map((_, i) => [255, 128, 0, 255][i % 4]), width, height);
        const nv12 = async (frame) => {
            const bytes = new Uint8Array(frame.allocationSize());
            await frame.copyTo(bytes);
            const space = frame.colorSpace.toJSON();
            frame.close();
            return [...bytes, JSON.stringify(space)].join();
        };
        const sources = { data, canvas, element, bitmap: await createImageBitmap(canvas), frame: new VideoFrame(canvas, { timestamp: 7 }) };
        const frames = {};
        for (const [name, source] of Object.entries(sources)) frames[name] = await nv12(pixfer.toVideoFrame(source, { timestamp: 0 }));
        const same = Object.entries(frames).filter(([, text]) => text !== frames.data).map(([name]) => name);
        const glSame = (await nv12(pixfer.toVideoFrame(gl))) === (await nv12(pixfer.toVideoFrame(flat)));
        const tags = {};
        for (const matrix of ['bt709', 'bt601', 'bt2020']) for (const range of ['limited', 'full']) {
            const frame = pixfer.toVideoFrame(data, { matrix, range, timestamp: 40, duration: 20, to: 'I420' });
            tags[`${matrix} ${range}`] = [frame.format, frame.timestamp, frame.duration, ...Object.values(frame.colorSpace.toJSON())].join(' ');
            frame.close();
        }
        const errors = [];
        for (const call of [() => pixfer.toVideoFrame(data, { matrix: 'smpte240m' }), () => pixfer.toVideoFrame('canvas'), () => pixfer.toVideoFrame(data, { to: 'P010' })])
            try { call(); errors.push('nothing'); } catch (error) { errors.push(error.message); }
        const exactFrame = frames.data.startsWith([...pixfer.convert(data)].join());
        return { direct: [...direct], inWorker: [...inWorker], same, glSame, tags, errors, exactFrame };
    }, reference);
    const { createHash } = await import('node:crypto');
    for (const where of ['direct', 'inWorker']) {
        const sum = createHash('md5').update(new Uint8Array(found[where])).digest('hex');
        assert.equal(sum, '8d7f7d4e5867eb274dd18a931871ce52', where);
    }
    assert.deepEqual(found.same, [], 'sources that give another frame than their ImageData');
    assert.ok(found.glSame, 'a WebGL canvas');
    assert.ok(found.exactFrame, 'the VideoFrame has other bytes than convert()');
    assert.equal(found.tags['bt709 limited'], 'I420 40 20 false bt709 bt709 bt709');
    assert.equal(found.tags['bt601 full'], 'I420 40 20 true smpte170m bt709 bt709');
    assert.equal(found.tags['bt2020 limited'], 'I420 40 20 false bt2020-ncl bt2020 bt709');
    assert.match(found.errors[0], /smpte240m/);
    assert.match(found.errors[1], /the source is "canvas"/);
    assert.match(found.errors[2], /P010/);
    await page.close();
}

async function demo() {
    const page = watched(await browser.newPage({ viewport: { width: 1200, height: 1500 } }));
    await page.goto(url);
    await page.waitForFunction(() => document.getElementById('status').textContent.startsWith('Ready'));
    await page.fill('#frames', '45');
    await page.click('#record');
    await page.waitForFunction(() => window.result, null, { timeout: 120000 });
    const result = await page.evaluate(async () => {
        const { result } = window;
        if (result.error) return result;
        const file = async (run) => [...new Uint8Array(await run.blob.arrayBuffer())];
        const video = document.getElementById('with');
        await new Promise((resolve, reject) => ((video.onseeked = resolve), (video.onerror = () => reject(new Error(video.error.message))), (video.currentTime = 1)));
        return { rows: result.rows, codec: result.config.codec, space: result.with.space, with: await file(result.with), without: await file(result.without),
                 seeked: video.currentTime, duration: video.duration, ms: [result.with.msPerFrame, result.without.msPerFrame] };
    });
    assert.ok(!result.error, result.error);
    if (screenshot !== '/dev/null') await page.screenshot({ path: screenshot, fullPage: true });
    for (const row of result.rows) assert.deepEqual(row.with, row.expected, `${row.colour} with pixfer`);
    const off = result.rows.filter((row) => String(row.without) !== String(row.expected)).length;
    assert.ok(Math.abs(result.duration - 1.5) < 0.05, `duration ${result.duration}`);
    assert.ok(Math.abs(result.seeked - 1) < 0.05, `seeked to ${result.seeked}`);
    assert.deepEqual([result.space.matrix, result.space.fullRange], ['bt709', false]);
    outside(result);

    // A phone's width: nothing but the table's own box scrolls sideways.
    await page.setViewportSize({ width: 375, height: 800 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page is wider than a phone');
    console.log(`${result.codec}: ${off} of ${result.rows.length} patches off without pixfer; ms a frame ${result.ms.map((ms) => ms.toFixed(2))}`);
    await page.close();
}

/** The recording as other programs see it. */
function outside(result) {
    writeFileSync('with.mp4', Buffer.from(result.with));
    const probe = JSON.parse(execFileSync('ffprobe', ['-v', 'error', '-count_frames', '-show_streams', '-of', 'json', 'with.mp4']));
    const [stream] = probe.streams;
    assert.deepEqual([stream.nb_read_frames, stream.width, stream.height], ['45', 1280, 720]);
    assert.equal(stream.color_space, 'bt709');
    assert.equal(stream.color_range, 'tv');
    const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', 'with.mp4', '-vf', 'select=eq(n\\,44)', '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'nv12', '-'],
        { maxBuffer: 1 << 24 });
    for (const [i, row] of result.rows.entries()) {
        const [x, y] = [96 + (i % 6) * 192 + 64, 96 + Math.floor(i / 6) * 192 + 64];
        const pair = 1280 * 720 + (y / 2) * 1280 + x;
        assert.deepEqual([raw[y * 1280 + x], raw[pair], raw[pair + 1]], row.expected, `${row.colour}, decoded by ffmpeg`);
    }
}

try {
    await packageInPage();
    await demo();
    assert.deepEqual(trouble, [], 'messages of the pages');
} finally {
    await browser.close();
    server.kill();
}
