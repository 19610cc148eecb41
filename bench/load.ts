import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A POST with a JSON body, as bytes that are ready to be sent. */
export function postRequest(path: string, headers: Readonly<Record<string, string>>, body: unknown): Buffer {
  const text = JSON.stringify(body);
  const all = {
    host: '127.0.0.1',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text}`);
}

/** A GET as bytes that are ready to be sent. */
export function getRequest(path: string): Buffer {
  return Buffer.from(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`);
}

/** How long the whole answer is, once its head has arrived. */
function answerLength(received: string): number | undefined {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const length = /^content-length: (\d+)/im.exec(received.slice(0, headEnd))?.[1];
  if (length === undefined) throw new Error('the answer does not say how long it is');
  return headEnd + 4 + Number(length);
}

/** Sends one request after the other over a connection, each when the one before is answered, while there are any. */
async function drive(
  socket: Socket,
  next: () => Buffer | undefined,
  onAnswer: (body: string) => void,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let received = '';
  const send = () => {
    const request = next();
    if (request === undefined) resolve();
    else socket.write(request);
  };
  socket.setEncoding('latin1');
  socket.on('error', reject);
  socket.on('close', () => reject(new Error('the server closed a connection')));
  socket.on('data', (text: string) => {
    received += text;
    const length = answerLength(received);
    if (length === undefined || received.length < length) return;
    if (!received.startsWith('HTTP/1.1 2')) return reject(new Error(`refused: ${received}`));
    onAnswer(received);
    received = '';
    send();
  });
  send();
  await promise;
}

async function openConnections(port: number, count: number): Promise<Socket[]> {
  const sockets = Array.from({ length: count }, () => connect({ port, host: '127.0.0.1', noDelay: true }));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  return sockets;
}

/** A client that keeps a number of connections busy, one request at a time on each. */
export interface Load {
  readonly port: number;
  readonly connections: number;
  readonly requests: readonly Buffer[];
  /** Gets each answer whole, head and body. */
  readonly onAnswer?: (answer: string) => void;
}

/** Sends all requests and answers how many were answered per second. Throws unless each is answered 2xx. */
export async function requestsPerSecond({ port, connections, requests, onAnswer }: Load): Promise<number> {
  const sockets = await openConnections(port, connections);
  let sent = 0;
  const startedAtMs = performance.now();
  await Promise.all(sockets.map((socket) => drive(socket, () => requests[sent++], onAnswer ?? (() => {}))));
  const seconds = (performance.now() - startedAtMs) / 1000;
  for (const socket of sockets) socket.removeAllListeners('close').destroy();
  return requests.length / seconds;
}
