import type { FastifyReply, FastifyRequest } from 'fastify';

/** A cookie that no script can read. */
export interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  /** 0 takes it out of the browser. */
  readonly lifeSeconds: number;
  readonly sameSite: 'Lax' | 'Strict';
}

/** The value of a cookie that a request carries. */
export function cookieOf({ headers }: FastifyRequest, name: string): string | undefined {
  const pairs = (headers.cookie ?? '').split(/; */);
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Whether browsers reach the server by TLS, so that they may be told to send a cookie by nothing else. */
export function isSecure(publicUrl: string): boolean {
  return new URL(publicUrl).protocol === 'https:';
}

/**
 * The name of a cookie that decides who somebody is. Browsers take one of the longer name only from this host itself,
 * over TLS, and for all of its paths: another host of the domain can plant none of its own.
 */
export function hostOnlyName(name: string, publicUrl: string): string {
  return isSecure(publicUrl) ? `__Host-${name}` : name;
}

/** Sets a cookie beside those that the answer sets already. */
export function setCookie(
  reply: FastifyReply,
  publicUrl: string,
  { name, value, path, lifeSeconds, sameSite }: Cookie,
): void {
  const secure = isSecure(publicUrl) ? '; Secure' : '';
  reply.header(
    'set-cookie',
    `${name}=${value}; Path=${path}; Max-Age=${lifeSeconds}; HttpOnly; SameSite=${sameSite}${secure}`,
  );
}
