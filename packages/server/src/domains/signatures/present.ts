import { type SigningScheme, signingSchemes } from '@latchkey/protocol';
import { githubHeaders } from './github.ts';
import type { SignedRequest, SigningSecret } from './scheme.ts';
import { standardHeaders } from './standard.ts';
import { stripeHeader } from './stripe.ts';

/** The headers of each provider, of which one is enough to say that a request is meant to be signed. */
const headersOf = {
  standard: standardHeaders.flat(),
  stripe: [stripeHeader],
  github: githubHeaders,
} as const;

/** Whether a request claims to be signed under a scheme. */
export function isPresented(
  request: Pick<SignedRequest, 'header'>,
  secrets: readonly SigningSecret[],
  scheme: SigningScheme,
): boolean {
  if (scheme === 'hmac') {
    return secrets.some(
      (each) => each.scheme === 'hmac' && request.header(each.settings.header) !== undefined,
    );
  }
  for (const name of headersOf[scheme]) if (request.header(name) !== undefined) return true;
  return false;
}

/**
 * The schemes under which a request claims to be signed; none means that it is not signed. A request that claims it
 * is accepted by its signature or not at all, whatever key it carries besides (contract/codika.md E.2).
 */
export function signatureHeadersIn(
  request: Pick<SignedRequest, 'header'>,
  secrets: readonly SigningSecret[],
): SigningScheme[] {
  return signingSchemes.filter((scheme) => isPresented(request, secrets, scheme));
}

/** The header that a request signed with this secret carries its signature in, in the first spelling. */
export function signatureHeaderOf(secret: SigningSecret): string {
  if (secret.scheme === 'hmac') return secret.settings.header;
  return { standard: standardHeaders[0][2], stripe: stripeHeader, github: githubHeaders[0] }[secret.scheme];
}
