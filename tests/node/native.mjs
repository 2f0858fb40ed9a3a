// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

// native.mjs PACKAGE PIXFER: every pair of formats, in noise that holds infinities and no numbers, too: the package's bytes are those of
// `pixfer convert`.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const [name, tool] = process.argv.slice(2);
const pixfer = await import(name);
await pixfer.load?.();
const convert = pixfer.convertSync ?? pixfer.convert;
const RGB = ['RGBA', 'BGRA', 'ARGB', 'ABGR', 'RGB24', 'BGR24', 'GBRP', 'RGB10A2', 'BGR10A2', 'RGBA64', 'RGBA16F', 'GBRP10', 'GBRP12', 'GBRP16', 'GBRPF32'];
const DESTINATIONS = ['NV12', 'NV21', 'I420', 'YV12', 'I444', 'NV24', 'I422', 'NV16', 'P010', 'P012', 'P016', 'I010', 'I410'];
const pairs = RGB.flatMap((from) => DESTINATIONS.map((to) => [from, to])).concat(['YUYV', 'UYVY'].flatMap((from) => DESTINATIONS.slice(0, 4).map((to) => [from, to])));
const [width, height] = [37, 9];
let seed = 11;
for (const from of ['RGBA', 'BGRA', 'ARGB', 'ABGR', 'RGBA64', 'RGB10A2']) for (const to of ['NV12', 'P010', 'I444']) pairs.push([from, to, 0x3366cc]); // composed over a colour
for (const [from, to, background] of pairs) {
    const frame = new Uint8Array(pixfer.layout(from, width, height).bytes);
    for (let i = 0; i < frame.length; i++) frame[i] = (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) >>> 24;
    writeFileSync('native.raw', frame);
    const expected = execFileSync(tool, ['convert', '--size', `${width}x${height}`, '-f', from, '-t', to, 'native.raw', '-'].concat(background === undefined ? [] : ['--alpha', `#${background.toString(16)}`]));
    assert.ok(expected.length === pixfer.layout(to, width, height).bytes && expected.equals(convert(frame, { width, height, from, to, background })), `${from} to ${to}, background ${background}`);
}
console.log(`${pairs.length} pairs of formats are those of pixfer convert`);
