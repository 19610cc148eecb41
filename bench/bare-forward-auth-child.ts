import { hash } from 'node:crypto';
import { createServer } from 'node:http';
import { announce } from './announce.ts';

/** The least that can stand behind nginx's auth_request: a digest that is looked up, and a status. */
const [, , keysText] = process.argv;

const keys: string[] = JSON.parse(String(keysText));
const known = new Set(keys.map((key) => hash('sha256', key)));

function isKnown(authorization: string | undefined): boolean {
  return authorization?.startsWith('Bearer ') === true && known.has(hash('sha256', authorization.slice(7)));
}

const server = createServer((request, response) => {
  response.writeHead(isKnown(request.headers.authorization) ? 204 : 401).end();
});
server.listen(0, '127.0.0.1', () => announce(server));
