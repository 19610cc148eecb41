import { createHash } from 'node:crypto';
import { SignJWT } from 'jose';
import { Webhook } from 'standardwebhooks';

/** A request as Latchkey sends it to a target. */
export interface Delivery {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Who signs. */
export interface Signer {
  readonly baseUrl: string;
  readonly key: CryptoKey;
  /** `whsec_…` */
  readonly webhookSecret: string;
}

/** What is to be other than Latchkey would have it. */
export interface Lies {
  readonly id?: string;
  readonly key?: CryptoKey;
  readonly kid?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly expiresAt?: Date | null;
  readonly digestOf?: string;
  readonly webhookSecret?: string;
  readonly sentAt?: Date;
}

/** The name of the one key that a signer publishes. */
export const publishedKeyId = 'key-1';

const lifetimeMs = 60_000;

async function principal(signer: Signer, origin: string, body: string, lies: Lies): Promise<string> {
  const signed = lies.digestOf ?? body;
  const token = new SignJWT({ body_sha256: createHash('sha256').update(signed).digest('hex') })
    .setProtectedHeader({ alg: 'EdDSA', kid: lies.kid ?? publishedKeyId })
    .setIssuer(lies.issuer ?? signer.baseUrl)
    .setAudience(lies.audience ?? origin)
    .setIssuedAt();
  const { expiresAt = new Date(Date.now() + lifetimeMs) } = lies;
  if (expiresAt !== null) token.setExpirationTime(expiresAt);
  return await token.sign(lies.key ?? signer.key);
}

function bodyOf({ baseUrl }: Signer, payload: object, executionId: string): string {
  const executionMetadata = {
    executionId,
    executionSecret: `secret of ${executionId}`,
    callbackUrl: `${baseUrl}/result`,
    errorCallbackUrl: `${baseUrl}/error`,
  };
  return JSON.stringify({ ...payload, executionMetadata });
}

/** A delivery of `payload` to the target at `origin`, right in everything but the lies. */
export async function signDelivery(
  signer: Signer,
  origin: string,
  payload: object,
  lies: Lies,
): Promise<Delivery> {
  const { id = crypto.randomUUID(), sentAt = new Date(), webhookSecret = signer.webhookSecret } = lies;
  const body = bodyOf(signer, payload, id);
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
    'webhook-signature': new Webhook(webhookSecret).sign(id, sentAt, body),
    'x-latchkey-principal': await principal(signer, origin, body, lies),
  };
  return { id, headers, body };
}
