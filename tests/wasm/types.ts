// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

import { Converter, convert, layout, load, toVideoFrame, version } from 'pixfer';
import type { ConverterOptions, Matrix, Plane } from 'pixfer';

await load();
await load(new URL('https://example.org/pixfer.wasm'));
const text: string = version();
const matrix: Matrix = 'bt2020';
const options: ConverterOptions = { width: 16, height: 16, to: 'I420', matrix, range: 'full', siting: 'top-left', stride: 128 };
const bytes: Uint8Array = convert(new Uint8ClampedArray(2048), options);
convert(new ImageData(16, 16));
const planes: Plane[] = layout('NV12', 16, 16).planes;
const converter = new Converter(options);
converter.input.fill(0);
const view: Uint8Array = converter.convert();
declare const canvas: OffscreenCanvas;
const frame: VideoFrame = toVideoFrame(canvas, { timestamp: 0, range: 'full', to: 'I420' });
frame.close();
converter.toVideoFrame(canvas, { timestamp: 5, duration: 5 }).close();
converter.close();

// @ts-expect-error no such matrix
convert(new Uint8Array(4), { width: 1, height: 1, matrix: 'bt.709' });
// @ts-expect-error a size is needed
new Converter({ width: 1 });
// @ts-expect-error bytes, not numbers
convert([1, 2, 3, 4], { width: 1, height: 1 });

export { bytes, frame, planes, text, view };
