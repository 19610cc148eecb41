#!/usr/bin/env node
// Plain JavaScript that an old Node can also run: it decides which Node runs the command.
if (Number.parseInt(process.versions.node, 10) < 24) {
  const { runUnderNewerNode } = await import('./newer-node.js');
  runUnderNewerNode(process.argv[1]);
} else {
  // Importing them would read all their exports, lazy ones too, which costs milliseconds.
  const { existsSync } = process.getBuiltinModule('node:fs');
  const { enableCompileCache } = process.getBuiltinModule('node:module');
  // Not in the shared temporary folder, which is the default: whoever can write the cache runs code as this user.
  const cacheHome = process.env.XDG_CACHE_HOME || (process.env.HOME && `${process.env.HOME}/.cache`);
  if (cacheHome) enableCompileCache(`${cacheHome}/latchkey/compiled`);
  const source = new URL('../src/main.ts', import.meta.url);
  await import(existsSync(source) ? source.href : '../dist/latchkey.js');
}
