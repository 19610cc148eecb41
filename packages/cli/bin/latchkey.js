#!/usr/bin/env node
// Plain JavaScript that an old Node can also run: it decides which Node runs the command.
import module from 'node:module';

if (Number.parseInt(process.versions.node, 10) < 24) {
  const { runUnderNewerNode } = await import('./newer-node.js');
  runUnderNewerNode(import.meta.filename ?? new URL(import.meta.url).pathname);
} else {
  const { existsSync } = await import('node:fs');
  // Not in the shared temporary folder, which is the default: whoever can write the cache runs code as this user.
  const cacheHome = process.env.XDG_CACHE_HOME || (process.env.HOME && `${process.env.HOME}/.cache`);
  if (cacheHome) module.enableCompileCache(`${cacheHome}/latchkey/compiled`);
  const source = new URL('../src/main.ts', import.meta.url);
  await import(existsSync(source) ? source.href : '../dist/latchkey.js');
}
