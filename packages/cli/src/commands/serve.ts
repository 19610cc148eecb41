import { resolve } from 'node:path';
import { defineCommand, UsageError } from '../command.ts';

export const command = defineCommand({
  summary: 'Run the server',
  flags: {
    host: { value: '<host>', summary: 'Address to listen on (default: LATCHKEY_HOST, 127.0.0.1)' },
    port: {
      value: '<port>',
      summary: 'Port to listen on, 0 for a free one (default: LATCHKEY_PORT, 4700)',
      number: true,
    },
    data: {
      value: '<folder>',
      summary: 'Folder for database and master key (default: LATCHKEY_DATA_DIR, ./latchkey-data)',
      completes: 'files',
    },
    json: { summary: 'Accepted for uniformity: the listening line is JSON in any case' },
  },
  notes: [
    'Prints {"listening":"http://…"} on standard output once it answers; logs go to standard error.',
    'SIGTERM and SIGINT finish the requests under way and end it with exit code 0.',
  ],
  examples: ['latchkey serve', 'latchkey serve --port 0 --data /var/lib/latchkey'],
  async run({ terminal, serverPackage }, { host, port, data }) {
    if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65535)) {
      throw new UsageError('--port must be a whole number from 0 to 65535.');
    }
    if (host === '' || data === '') throw new UsageError(`--${host === '' ? 'host' : 'data'} is empty.`);
    const { serve } = serverPackage ?? (await import('@latchkey/server'));
    return serve({
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
      ...(data === undefined ? {} : { dataDir: resolve(terminal.cwd, data) }),
    });
  },
});
