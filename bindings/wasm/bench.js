// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

// bench.js [CHROMIUM]: conversions of 1080p and 4K noise in node, and in headless Chromium where one is named; libyuv is a contender where
// libyuv.wasm lies beside this file: bench.sh makes it, and runs everything. The contenders take turns; medians, and ratios as medians of the ratios within a round.

import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';

/** Runs where it is told to: in node or, as text, in a page. */
async function measure({ pixfer, libyuv, browser, rounds }) {
    const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
    const results = [];
    await pixfer.load();
    for (const [width, height] of [[1920, 1080], [3840, 2160]]) {
        const rgba = new Uint8ClampedArray(width * height * 4);
        for (let i = 0, seed = 1; i < rgba.length; i++) rgba[i] = (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) >>> 24;
        const simd = new pixfer.Converter({ width, height }), c = new pixfer.Converter({ width, height, cpu: 'c' });
        simd.input.set(rgba);
        c.input.set(rgba);
        const y = new Uint8Array(width * height), uv = new Uint8Array((width * height) / 2);

        // What a page does without a library: the usual integer approximation, with a 2 × 2 mean for chroma.
        const javascript = (rgba) => {
            for (let row = 0; row < height; row += 2)
                for (let x = 0; x < width; x += 2) {
                    let r = 0, g = 0, b = 0;
                    for (let k = 0; k < 4; k++) {
                        const at = (row + (k >> 1)) * width + x + (k & 1), p = at * 4;
                        y[at] = ((47 * rgba[p] + 157 * rgba[p + 1] + 16 * rgba[p + 2] + 128) >> 8) + 16;
                        r += rgba[p];
                        g += rgba[p + 1];
                        b += rgba[p + 2];
                    }
                    const pair = (row >> 1) * width + x;
                    uv[pair] = ((-26 * r - 86 * g + 112 * b + 512) >> 10) + 128;
                    uv[pair + 1] = ((112 * r - 102 * g - 10 * b + 512) >> 10) + 128;
                }
        };
        const contenders = {
            'pixfer simd128, drawn into place': () => simd.convert(),
            'pixfer simd128, copied in': () => simd.convert(rgba),
            'pixfer C': () => c.convert(),
            'JavaScript': () => javascript(rgba),
        };
        if (libyuv) {
            // Nothing of the system is called on the way; it computes BT.601 with 2 × 2 means, in integers.
            const { exports } = await WebAssembly.instantiate(libyuv, { wasi_snapshot_preview1: new Proxy({}, { get: () => () => 8 }) });
            exports._initialize?.();
            const at = [rgba.length, width * height, (width * height) / 2].map((size) => exports.allocate(size));
            new Uint8Array(exports.memory.buffer).set(rgba, at[0]);
            contenders['libyuv as WebAssembly, in place'] = () => exports.convert(...at, width, height);
            contenders['libyuv as WebAssembly, copied in'] = () => {
                new Uint8Array(exports.memory.buffer).set(rgba, at[0]);
                exports.convert(...at, width, height);
            };
        }
        if (browser) {
            const canvas = new OffscreenCanvas(width, height);
            const context = canvas.getContext('2d', { willReadFrequently: true });
            context.putImageData(new ImageData(rgba, width, height), 0, 0);
            contenders['canvas → pixfer VideoFrame'] = () => simd.toVideoFrame(canvas, { timestamp: 0 }).close();
            contenders['canvas → getImageData → JavaScript'] = () => javascript(context.getImageData(0, 0, width, height).data);
            contenders['canvas → new VideoFrame, not converted'] = () => new VideoFrame(canvas, { timestamp: 0 }).close();
        }
        const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
        for (let round = -3; round < rounds; round++)
            for (const [name, run] of Object.entries(contenders)) {
                const start = performance.now();
                run();
                if (round >= 0) times[name].push(performance.now() - start);
            }
        const [reference] = Object.values(times);
        for (const [name, list] of Object.entries(times))
            results.push({ size: `${width}x${height}`, name, ratio: median(list.map((t, i) => t / reference[i])), ms: median([...list]) });
        simd.close();
        c.close();
    }
    return results;
}

function print(where, results) {
    console.log(`\n| ${where} | size | ms a frame | × |\n|---|---|---:|---:|`);
    for (const { size, name, ms, ratio } of results) console.log(`| ${name} | ${size} | ${ms.toFixed(2)} | ${ratio.toFixed(2)} |`);
}

console.log(`${cpus()[0].model}, ${cpus().length} processors`);
const here = new URL('./index.js', import.meta.url);
const libyuv = await readFile(new URL('./libyuv.wasm', import.meta.url)).then((bytes) => WebAssembly.compile(bytes), () => undefined);
print(`node ${process.version}`, await measure({ pixfer: await import(here), libyuv, browser: false, rounds: 60 }));

if (process.argv[2]) {
    const { chromium } = await import('playwright-core');
    const { createServer } = await import('node:http');
    const files = { '/': ['text/html', '<!doctype html>'], '/index.js': ['text/javascript', await readFile(here)], '/pixfer.wasm': ['application/wasm', await readFile(new URL('./pixfer.wasm', import.meta.url))] };
    if (libyuv) files['/libyuv.wasm'] = ['application/wasm', await readFile(new URL('./libyuv.wasm', import.meta.url))];
    const server = createServer((request, response) => {
        const [type, body] = files[request.url] ?? ['text/plain', ''];
        response.setHeader('content-type', type);
        response.end(body);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await chromium.launch({ executablePath: process.argv[2], args: ['--no-sandbox'] });
    try {
        const page = await browser.newPage();
        await page.goto(`http://localhost:${server.address().port}/`);
        const results = await page.evaluate(async (source) => {
            const pixfer = await import('/index.js');
            const found = await fetch('/libyuv.wasm');
            const libyuv = found.headers.get('content-type') === 'application/wasm' ? await WebAssembly.compile(await found.arrayBuffer()) : undefined;
            return new Function(`return ${source}`)()({ pixfer, libyuv, browser: true, rounds: 40 });
        }, measure.toString());
        print(`Chromium ${browser.version()}`, results);
    } finally {
        await browser.close();
        server.close();
    }
}
