import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressed } from './build/compressed.ts';
import { dashboardPreloaded } from './build/dashboard-preloaded.ts';
import { stylesOfUsed } from './build/styles-of-used.ts';
import { themeVariables } from './build/theme-variables.ts';

const server = process.env.LATCHKEY_BASE_URL ?? 'http://127.0.0.1:4700';
const ofServer = ['/v1', '/session', '/oauth', '/device', '/webhook', '/status', '/docs', '/openapi.json'];

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), themeVariables, stylesOfUsed, dashboardPreloaded, compressed],
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
            { name: 'start', tags: ['$initial'], priority: 2 },
            { name: 'dashboard', test: /\/src\/dashboard\.tsx$/, priority: 1 },
          ],
        },
      },
    },
  },
  server: { proxy: Object.fromEntries(ofServer.map((path) => [path, server])) },
});
