import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection with one request at a time on it. */
export interface Connection {
  /** Sends a request; `onAnswer` gets its answer whole, head and body. */
  send(request: Buffer, onAnswer: (answer: string) => void): void;
  close(): void;
}

/** How long the whole answer is, once its head has arrived. */
function answerLength(received: string): number | undefined {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const length = /^content-length: (\d+)/im.exec(received.slice(0, headEnd))?.[1];
  if (length === undefined) throw new Error('the answer does not say how long it is');
  return headEnd + 4 + Number(length);
}

function connectionOver(socket: Socket, onFailure: (error: Error) => void): Connection {
  let received = '';
  let answered: (answer: string) => void = () => {};
  socket.setEncoding('latin1');
  socket.on('error', onFailure);
  socket.on('close', () => onFailure(new Error('the server closed a connection')));
  socket.on('data', (text: string) => {
    received += text;
    const length = answerLength(received);
    if (length === undefined || received.length < length) return;
    if (!received.startsWith('HTTP/1.1 2')) return onFailure(new Error(`refused: ${received}`));
    const answer = received;
    received = '';
    answered(answer);
  });
  return {
    send(request, onAnswer) {
      answered = onAnswer;
      socket.write(request);
    },
    close: () => void socket.removeAllListeners('close').destroy(),
  };
}

/** Opens connections to a server of this machine; `onFailure` hears of one that breaks, and of an answer that is not 2xx. */
export async function openConnections(
  port: number,
  count: number,
  onFailure: (error: Error) => void,
): Promise<Connection[]> {
  const sockets = Array.from({ length: count }, () => connect({ port, host: '127.0.0.1', noDelay: true }));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  return sockets.map((socket) => connectionOver(socket, onFailure));
}
