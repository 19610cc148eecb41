import { join } from 'node:path';
import type { ServerChild } from './child.ts';
import { startNginx } from './nginx.ts';

const serverCore = 0;
/** That of the client: what lies behind nginx is to take nothing from what is measured. */
const upstreamCore = 1;

const reusedConnection = 'proxy_http_version 1.1; proxy_set_header Connection "";';

function upstream(name: string, port: number): string {
  return `upstream ${name} { server 127.0.0.1:${port}; keepalive 64; keepalive_requests 1000000000; }`;
}

/** What nginx asks before it hands a request on. */
export interface Verifier {
  readonly port: number;
  readonly path: string;
  /** What nginx sends besides, to prove itself. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The header of its answer that says who it is, to be handed on with the request. */
  readonly identityHeader?: string;
}

/** Starts what is to be protected: an nginx that answers at once. */
export function startUpstream(folder: string): Promise<ServerChild> {
  return startNginx({
    folder: join(folder, 'upstream'),
    http: 'server { listen PORT; location / { return 200 "ok"; } }',
    core: upstreamCore,
  });
}

function handingOn(identityHeader: string | undefined): string {
  if (identityHeader === undefined) return '';
  const variable = `upstream_http_${identityHeader.toLowerCase().replaceAll('-', '_')}`;
  return `auth_request_set $identity $${variable}; proxy_set_header ${identityHeader} $identity;`;
}

function asking({ path, headers = {}, identityHeader }: Verifier): string {
  const proof = Object.entries(headers).map(([name, value]) => `proxy_set_header ${name} ${value};`);
  return `location / {
      auth_request /verify;
      ${handingOn(identityHeader)}
      proxy_pass http://protected;
      ${reusedConnection}
    }
    location = /verify {
      internal;
      proxy_pass http://verifier${path};
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
      ${proof.join(' ')}
      ${reusedConnection}
    }`;
}

/** Starts the nginx that asks a verifier about each request before it hands it on. */
export function startGate(folder: string, verifier: Verifier, upstreamPort: number): Promise<ServerChild> {
  const http = `${upstream('verifier', verifier.port)}
  ${upstream('protected', upstreamPort)}
  server {
    listen PORT;
    ${asking(verifier)}
  }`;
  return startNginx({ folder, http, core: serverCore });
}

/** Starts the nginx that hands on whatever comes. */
export function startOpenGate(folder: string, upstreamPort: number): Promise<ServerChild> {
  const http = `${upstream('protected', upstreamPort)}
  server {
    listen PORT;
    location / {
      proxy_pass http://protected;
      ${reusedConnection}
    }
  }`;
  return startNginx({ folder, http, core: serverCore });
}
