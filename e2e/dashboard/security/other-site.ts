import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A site of somebody else. It has two names, and shows the page that a test gives it at both. */
export interface OtherSite {
  /** On the host of the dashboard, at another port: for browsers the same site, so that even strict cookies go along. */
  readonly sibling: string;
  /** On another host. */
  readonly foreign: string;
  /** The page from now on: the content of its body. */
  show(body: string): void;
  close(): Promise<void>;
}

/** Starts one. The dashboard is expected at 127.0.0.1. */
export async function startOtherSite(): Promise<OtherSite> {
  let body = '';
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><title>Win a prize</title><body>${body}</body>`);
  });
  await once(server.listen(0), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    sibling: `http://127.0.0.1:${port}`,
    foreign: `http://localhost:${port}`,
    show(shown) {
      body = shown;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
