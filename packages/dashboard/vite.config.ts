import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const server = process.env.LATCHKEY_BASE_URL ?? 'http://127.0.0.1:4700';
const ofServer = ['/v1', '/session', '/oauth', '/device', '/webhook', '/status', '/docs', '/openapi.json'];

/** Below this, compressing saves nothing that a packet would notice. */
const minCompressedBytes = 1_024;

/** Compressed once, here: the server sends what is beside each file. */
const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  writeBundle({ dir = '' }) {
    for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
      const path = join(dir, name);
      if (!/\.(js|css|svg)$/.test(name) || statSync(path).size < minCompressedBytes) continue;
      const bytes = readFileSync(path);
      writeFileSync(`${path}.br`, brotliCompressSync(bytes));
      writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
    }
  },
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), compressed],
  html: { cspNonce: 'nonce-of-this-answer' },
  build: {
    chunkSizeWarningLimit: 600,
    target: 'es2023',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  server: { proxy: Object.fromEntries(ofServer.map((path) => [path, server])) },
});
