// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

// Conversions of 1080p and 4K noise by the native module: one thread in place, all threads, and the pool with four frames under way. They
// take turns; medians of a frame's time. bindings/wasm/bench.sh runs it beside the WebAssembly module.

'use strict';

const { cpus } = require('os');
const pixfer = require('./index.js');

const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];

async function main() {
    console.log(`\n| node ${process.version}, native, ${cpus().length} processors | size | ms a frame |\n|---|---|---:|`);
    for (const [width, height] of [[1920, 1080], [3840, 2160]]) {
        const rgba = Buffer.allocUnsafe(width * height * 4);
        for (let i = 0, seed = 1; i < rgba.length; i++) rgba[i] = (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) >>> 24;
        const one = new pixfer.Converter({ width, height, threads: 1 }), all = new pixfer.Converter({ width, height });
        const outs = Array.from({ length: 4 }, () => Buffer.alloc(one.byteLength));
        const contenders = {
            [`convertSync, 1 thread, ${one.info.isa}`]: [1, () => one.convertSync(rgba, outs[0])],
            [`convertSync, ${all.info.threads} threads`]: [1, () => all.convertSync(rgba, outs[0])],
            'convert, four at a time on the pool': [4, () => Promise.all(outs.map((out) => one.convert(rgba, out)))],
        };
        const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
        for (let round = -3; round < 60; round++)
            for (const [name, [frames, run]] of Object.entries(contenders)) {
                const start = performance.now();
                await run();
                if (round >= 0) times[name].push((performance.now() - start) / frames);
            }
        for (const [name, list] of Object.entries(times)) console.log(`| ${name} | ${width}x${height} | ${median(list).toFixed(2)} |`);
    }
}
main();
