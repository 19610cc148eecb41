import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { caddy, chromium, nginx, postgres, requirePeer, sampleRunners } from './machine-peers.ts';
import { installOwnFolder } from './own-folder.ts';

const oldestNode = 24;
const projectRoot = join(import.meta.dirname, '..');

function checkNode(): void {
  if (Number.parseInt(process.versions.node, 10) >= oldestNode) return;
  throw new Error(
    `Latchkey needs Node ${oldestNode} or newer; this is ${process.versions.node}.\nRun the tests by \`npm test\` after \`npm ci\`, which brings the right one on Linux; elsewhere install it.`,
  );
}

/** What the tests need besides the workspace. The examples are none of it: each is installed as somebody would who has copied it. */
function prepare(): void {
  checkNode();
  for (const peer of [postgres, chromium, nginx, caddy, ...sampleRunners]) requirePeer(peer);
  for (const manifest of globSync('examples/*/package.json', { cwd: projectRoot })) {
    installOwnFolder(join(projectRoot, dirname(manifest)));
  }
}

try {
  prepare();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}
