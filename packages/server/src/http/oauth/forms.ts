import { createHmac } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { isSameSecret } from '../../platform/same-secret.ts';
import type { Secrets } from '../../platform/secrets.ts';

const formType = 'application/x-www-form-urlencoded';

/** The first value of each field of a form. */
export type FormFields = Readonly<Record<string, string>>;

/** Lets the routes of this plugin read forms; they still refuse everything else. */
export function acceptForms(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(formType, { parseAs: 'string' }, async (_request: unknown, body: string) =>
    Object.fromEntries([...new URLSearchParams(body)].toReversed()),
  );
}

/** Leaves bodies to who reads the raw request. */
export function passBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
}

/** What the forms of a sign-in carry: only this server can make it, and only for this sign-in. */
export function formTokenFor(secrets: Secrets, uid: string): string {
  return createHmac('sha256', secrets.cookieKey).update(`form ${uid}`).digest('base64url');
}

/** Compares a form's token in constant time. */
export function isFormToken(secrets: Secrets, uid: string, token: string | undefined): boolean {
  return isSameSecret(formTokenFor(secrets, uid), token ?? '');
}
