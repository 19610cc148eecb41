import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** For tests: writes bytes (latin1) to a port of this machine and reads until the server hangs up. */
export async function exchange(port: number, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(request, 'latin1');
  return text(socket);
}
