import manifest from '../package.json' with { type: 'json' };
import { root } from './commands.ts';
import { configFile, configStore } from './config/store.ts';
import { writeWarning } from './output.ts';
import { runProgram } from './program.ts';
import { processTerminal } from './terminal.ts';

const terminal = processTerminal();

process.exitCode = await runProgram({
  terminal,
  config: configStore(configFile(terminal.env), (text) => writeWarning(terminal.err, text)),
  fetch: globalThis.fetch,
  version: manifest.version,
  commands: root,
});
