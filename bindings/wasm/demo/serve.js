// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

// serve.js [PORT]: the package's folder on this machine's loopback address, for the demo. Nothing above the folder is served.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };

const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
    const file = join(root, path.endsWith('/') ? `${path}index.html` : path);
    const found = file.startsWith(root) && (await stat(file).catch(() => null));
    if (path === '/') {
        response.writeHead(302, { location: '/demo/' }).end();
    } else if (!found || !found.isFile()) {
        response.writeHead(404, { 'content-type': 'text/plain' }).end(`there is no ${path}`);
    } else {
        response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream', 'content-length': found.size });
        createReadStream(file).pipe(response);
    }
});
server.listen(Number(process.argv[2] ?? 8080), '127.0.0.1', () => console.log(`http://localhost:${server.address().port}/demo/`));
