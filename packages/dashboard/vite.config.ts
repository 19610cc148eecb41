import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressed } from './build/compressed.ts';
import { startPreloaded } from './build/start-preloaded.ts';
import { stylesOfUsed } from './build/styles-of-used.ts';

const server = process.env.LATCHKEY_BASE_URL ?? 'http://127.0.0.1:4700';
const ofServer = ['/v1', '/session', '/oauth', '/device', '/webhook', '/status', '/docs', '/openapi.json'];

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), stylesOfUsed, startPreloaded, compressed],
  html: { cspNonce: 'nonce-of-this-answer' },
  build: {
    chunkSizeWarningLimit: 600,
    target: 'es2023',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Left alone, it makes a file of whatever two pages share: twenty requests before the first page is shown.
          groups: [
            { name: 'first', tags: ['$initial'], priority: 3 },
            { name: 'start', test: /\/src\/start\.tsx$/, priority: 2 },
            { name: 'inside', test: /\/shell\/inside\.tsx$/, priority: 1 },
          ],
        },
      },
    },
  },
  server: { proxy: Object.fromEntries(ofServer.map((path) => [path, server])) },
});
