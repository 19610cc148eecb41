import { z } from 'zod';

/** How a sender signs: Standard Webhooks (and Svix), Stripe, GitHub, or an HMAC that is described by settings. */
export const signingSchemes = ['standard', 'stripe', 'github', 'hmac'] as const;
export type SigningScheme = (typeof signingSchemes)[number];

/** Whole seconds that the timestamp of a message may lie behind or ahead of the clock of the server. */
export const toleranceSeconds = z.int().min(1).max(86_400);
export const defaultToleranceSeconds = 300;

/**
 * Headers that carry credentials, or that proxies and HTTP itself write. A signature in one of these would turn every
 * ordinary request into a signed one, which is refused when the signature is wrong.
 */
const reservedHeader =
  /^(authorization|cookie|host|connection|transfer-encoding|content-(length|type|encoding|language|disposition)|accept|accept-.*|user-agent|forwarded|via|x-forwarded-.*|x-real-ip|x-api-key|x-process-manager-key)$/;

const headerName = z
  .string()
  .toLowerCase()
  .regex(/^[a-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'must be the name of a header')
  .refine((name) => !reservedHeader.test(name), 'must not be a header that has another meaning');

const placeholder = /\{[^{}]*\}/g;
const knownPlaceholders = ['{body}', '{timestamp}', '{id}'];

const template = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\x20-\x7e]*$/, 'must be printable ASCII')
  .refine((text) => text.split('{body}').length === 2, 'must hold {body}, once')
  .refine((text) => {
    const found = text.match(placeholder) ?? [];
    return new Set(found).size === found.length && found.every((each) => knownPlaceholders.includes(each));
  }, 'must hold no placeholder but {body}, {timestamp} and {id}, each once');

/**
 * How a sender without a scheme of its own signs: the MAC in `header`, after `prefix`, over `template`, in which
 * `{body}` stands for the exact bytes and `{timestamp}` and `{id}` for the values of their headers.
 *
 * A timestamp must be in the template: one that is not signed proves nothing. An id need not be: it then tells messages
 * apart, but a replay can carry another one. Without either, a repeated body is taken for a replay.
 */
export const hmacSettings = z
  .strictObject({
    header: headerName,
    prefix: z
      .string()
      .max(32)
      .regex(/^[\x21-\x7e]*$/, 'must be printable ASCII without spaces')
      .default(''),
    algorithm: z
      .enum(['sha256', 'sha512', 'sha1'])
      .default('sha256')
      .describe('sha1 only where the sender has no other'),
    encoding: z.enum(['hex', 'base64', 'base64url']).default('hex'),
    template: template.default('{body}'),
    timestampHeader: headerName.optional().describe('Unix time in whole seconds'),
    idHeader: headerName.optional(),
    secretEncoding: z
      .enum(['utf8', 'hex', 'base64'])
      .default('utf8')
      .describe('How the bytes of the key are written in the secret'),
  })
  .refine(
    ({ template, timestampHeader }) => template.includes('{timestamp}') === (timestampHeader !== undefined),
    {
      path: ['timestampHeader'],
      message: 'goes together with {timestamp} in the template',
    },
  )
  .refine(({ template, idHeader }) => !template.includes('{id}') || idHeader !== undefined, {
    path: ['idHeader'],
    message: 'is needed for {id} in the template',
  })
  .refine(({ header, timestampHeader, idHeader }) => {
    const names = [header, timestampHeader, idHeader].filter((name) => name !== undefined);
    return new Set(names).size === names.length;
  }, 'must name different headers');

/** Settings of an HMAC as they are kept: checked, with every default filled in. */
export type HmacSettings = z.output<typeof hmacSettings>;

/** Why a signature was refused, as `details.cause` of the error says it. */
export const signatureCauses = [
  'no_secret',
  'headers_missing',
  'malformed',
  'other_provider',
  'old_secret',
  'clock_off',
  'body_reserialised',
  'secret_form',
  'mismatch',
] as const;
export type SignatureCause = (typeof signatureCauses)[number];
