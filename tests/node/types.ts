// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

import { Converter, Exporter, convert, convertSync, exporter, layout, libavVersions, version } from '@pixfer/node';

async function main(): Promise<void> {
    const texts: string[] = [version(), libavVersions()];
    const nv12: Buffer = await convert(new Uint8Array(16), { width: 2, height: 2, to: 'NV12', into: Buffer.alloc(6) });
    convertSync(nv12, { width: 1, height: 1, from: 'RGB24', matrix: 'bt2020' });
    const converter = new Converter({ width: 2, height: 2 });
    await converter.convert(nv12, nv12);
    converter.close();
    const movie: Exporter = exporter(new URL('file:///tmp/out.mp4'), { width: 2, height: 2, fps: '30000/1001', audio: { sampleRate: 48000, channels: 1 },
                                                                       signal: AbortSignal.timeout(5), metadata: { title: texts[0] ?? '' } });
    movie.on('progress', ({ frames, stage }) => console.log(frames, stage));
    movie.write({ data: nv12, pts: 5 });
    movie.write({ audio: new Float32Array(5) });
    movie.write(nv12, (error) => console.log(error));
    await movie.audio(new Float32Array(5), 7);
    console.log(movie.report?.frames, layout('P010', 2, 2).planes[0]?.stride);
    // @ts-expect-error a rate is needed
    exporter('out.mp4', { width: 2, height: 2 });
    // @ts-expect-error no such range
    convertSync(nv12, { width: 2, height: 2, range: 'tv' });
}
void main();
