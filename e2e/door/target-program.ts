import { randomInt } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * A target that writes down what happens before it goes on, so that a crash of it hides nothing. Started with the file
 * for its notes, the file that says where the server is, and its ports.
 */
const [notesFile = '', addressFile = '', ...ports] = process.argv.slice(2);

interface Metadata {
  readonly executionId: string;
  readonly executionSecret: string;
}

function note(what: 'started' | 'acknowledged' | 'refused', executionId: string): void {
  appendFileSync(notesFile, `${what} ${executionId}\n`);
}

async function work(): Promise<void> {
  await pause(randomInt(40));
}

/** Reports until the server has answered; it may be down, and come back elsewhere. */
async function report({ executionId, executionSecret }: Metadata): Promise<void> {
  const body = JSON.stringify({ executionId, executionSecret, resultData: { done: executionId } });
  for (;;) {
    try {
      const url = `${readFileSync(addressFile, 'utf8')}/submitworkflowresult`;
      const headers = { 'content-type': 'application/json' };
      const { status } = await fetch(url, { method: 'POST', headers, body });
      note(status === 200 ? 'acknowledged' : 'refused', executionId);
      return;
    } catch {
      await pause(50);
    }
  }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { executionMetadata } = (await json(request)) as { executionMetadata: Metadata };
  note('started', executionMetadata.executionId);
  if (request.url === '/never') return;
  if (request.url === '/callback') response.end();
  await work();
  if (request.url === '/callback') return report(executionMetadata);
  if (request.url === '/slow') await pause(1500);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ done: executionMetadata.executionId }));
}

function listen(port: number): Promise<void> {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
}

await Promise.all(ports.map((port) => listen(Number(port))));
process.stdout.write('listening\n');
