// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

// screenshots.js OUT.mp4 [FRAMES]: a page in headless Chromium, a screenshot for each frame, a movie of the screenshots. Needs
// playwright-core and pngjs; $CHROMIUM names the browser.

'use strict';

const { once } = require('events');
const { chromium } = require('playwright-core');
const { PNG } = require('pngjs');

const { exporter } = require('@pixfer/node');

const [, , file = 'screenshots.mp4', count = '60'] = process.argv;
const size = { width: 640, height: 360 };
const fps = 30;

/** The page: what it shows depends on the frame alone, so any frame can be rendered at any time. */
const page = `<body style="margin:0;background:#1d3557;font:bold 64px sans-serif;color:#f1faee">
<div style="position:absolute;left:32px;top:32px;width:96px;height:96px;background:#ff0000"></div>
<div style="position:absolute;left:160px;top:32px;width:96px;height:96px;background:#00ff00"></div>
<div style="position:absolute;left:288px;top:32px;width:96px;height:96px;background:#0000ff"></div>
<div id="ball" style="position:absolute;top:232px;width:96px;height:96px;border-radius:50%;background:#e63946"></div>
<script>window.show = (t) => { ball.style.left = 272 + 240 * Math.sin(t * 2) + 'px'; }</script>`;

async function main() {
    const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
    const movie = exporter(file, { ...size, fps, overwrite: true });
    movie.on('error', () => {}); // told below, where a write or the end fails
    try {
        const tab = await browser.newPage({ viewport: size });
        await tab.setContent(page);
        for (let i = 0; i < Number(count); i++) {
            await tab.evaluate((t) => window.show(t), i / fps);
            const { data } = PNG.sync.read(await tab.screenshot());
            if (!movie.write(data)) await once(movie, 'drain');
        }
        movie.end();
        await once(movie, 'finish');
        console.log(`${file}: ${movie.report.frames} frames, ${movie.report.encoder}, exact: ${movie.report.exact}`);
    } finally {
        movie.destroy();
        await browser.close();
    }
}

main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
});
