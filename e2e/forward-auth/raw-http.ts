import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { host } from './proxy.ts';

/** An answer as it came over the socket. */
export interface RawAnswer {
  readonly status: number;
  /** Names in lower case; the last of several. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function parse(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => {
    const at = line.indexOf(':');
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
  });
  return {
    status: Number(first.split(' ')[1]),
    headers: Object.fromEntries(headers),
    body: rest.join('\r\n\r\n'),
  };
}

/** A request as text: names and values exactly as they are given. */
export function requestText(
  line: string,
  headers: readonly (readonly [string, string])[] = [],
  body = '',
): string {
  const length: readonly [string, string][] =
    body === '' ? [] : [['Content-Length', String(Buffer.byteLength(body))]];
  const all = [...headers, ...length].map(([name, value]) => `${name}: ${value}\r\n`);
  return `${line}\r\nHost: ${host}\r\n${all.join('')}\r\n${body}`;
}

/** Sends bytes and reads until the other side closes; `halfClose` says that nothing more will come. */
export async function sendRaw(
  port: number,
  text: string,
  { halfClose = false }: { readonly halfClose?: boolean } = {},
): Promise<RawAnswer> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const pieces: Buffer[] = [];
  socket.on('data', (piece: Buffer) => pieces.push(piece)).on('error', () => undefined);
  socket.on('end', () => socket.end());
  socket.write(text, 'latin1');
  if (halfClose) socket.end();
  await once(socket, 'close');
  return parse(Buffer.concat(pieces).toString('latin1'));
}

/** Sends bytes and resolves once the answer holds a text; the connection stays open. */
export async function sendUntil(socket: Socket, text: string, awaited: string): Promise<string> {
  let got = '';
  socket.write(text, 'latin1');
  for await (const piece of socket.iterator({ destroyOnReturn: false })) {
    got += (piece as Buffer).toString('latin1');
    if (got.includes(awaited)) return got;
  }
  throw new Error(`closed without ${awaited}:\n${got}`);
}
