import { z } from 'zod';
import { sharings } from './door.ts';
import { levels } from './permissions.ts';
import { countings } from './verdict.ts';

/** Line-breaking, terminal-controlling and direction-overriding characters have no place in a label. */
const unsafeInLabel = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;
const unsafeInText = /(?![\n\t])[\p{Cc}\u202A-\u202E\u2066-\u2069]/u;

/** A one-line label: trimmed, well-formed Unicode, no control characters. */
export function label(minLength: number, maxLength: number) {
  return z
    .string()
    .refine((value) => value.isWellFormed() && !unsafeInLabel.test(value), 'must not hold control characters')
    .trim()
    .min(minLength)
    .max(maxLength);
}

/** Free text of several lines; an empty string is a value and clears what was there. */
export const description = z
  .string()
  .refine((value) => value.isWellFormed() && !unsafeInText.test(value), 'must not hold control characters')
  .max(500);

/** Text that something else made, kept as it is; NUL is refused, since not every database can keep it. */
export function foreignText(maxLength: number) {
  return z
    .string()
    .max(maxLength)
    .refine((value) => !value.includes('\0'), 'must not hold NUL');
}

/** An identifier made by this server; opaque to callers. */
export const id = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'must be an identifier of letters, digits and -');

/** The environments of every organization; there are no others (contract/culvii.md A.1). */
export const environments = ['dev', 'sandbox', 'prod'] as const;
export const environment = z.enum(environments);

/** Names a workspace within one environment of an organization. */
export const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be a slug');

/** A named set of scopes, as a person writes it; case matters. */
export const level = z.enum(levels);

/** Checked for form by the accounts domain, which owns what an address may be. */
export const email = z.string();

/** Six digits as text; a wrong form is refused without counting as an attempt (contract/codika.md C.4). */
export const code = z.string().regex(/^[0-9]{6}$/, 'must be the 6 digits of the code');

/** Days until expiry. The range is checked by the keys domain, after an emailed code (contract/codika.md C.4). */
export const expiresInDays = z
  .number()
  .describe('Whole days, 1 to 365; left out for a key that does not expire');

/** Scope names as the caller wrote them; the keys domain says which are unknown. */
export const scopeNames = z.array(z.string().max(100)).min(1).max(50);

/** An ISO 8601 UTC instant. */
export const instant = z.iso.datetime();

/** True or false; in a query the words. */
export const flag = z
  .union([z.boolean(), z.enum(['true', 'false'])])
  .default(false)
  .transform((value) => value === true || value === 'true');

/** The stable public id of a workflow; it stands in URLs as it is (contract/codika.md H.1, 21). */
export const workflowId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, 'must be a slug');

/** How many of a list are answered at once. */
export function pageSize(usual: number) {
  return z.coerce.number().int().min(1).max(100).default(usual);
}

/** None by default; `null` takes a limit away. */
export const rateLimit = z
  .strictObject({
    requests: z.int().min(1).max(1_000_000),
    windowSeconds: z.int().min(1).max(86_400),
  })
  .nullable();

/** Addresses and networks (`203.0.113.7`, `10.0.0.0/8`, `2001:db8::/32`); which are well formed, the keys domain says. */
export const allowedAddresses = z.array(z.string().min(1).max(50)).min(1).max(50).nullable();

/** Names of what a key may be used for, in the words of the API's author; a `*` at the end stands for any end. */
export const resources = z
  .array(
    z
      .string()
      .regex(
        /^[\x21-\x29\x2b-\x7e]{0,199}[\x21-\x7e]$/,
        'must be 1 to 200 visible characters, * at the end only',
      ),
  )
  .min(1)
  .max(50)
  .nullable();

const counting = z
  .enum(countings)
  .default('exact')
  .describe(
    'exact: never more, and never refused early. fast: never more, and refused early by a published bound',
  );

/** Whom a token is for, as they are named in it. */
export const audience = z.string().regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 visible characters');

/** Names one running verifier, of its own choice; no two that run at once may share one. */
export const verifierId = z
  .string()
  .regex(/^[A-Za-z0-9._:-]{1,64}$/, 'must be 1 to 64 letters, digits and ._:-');

/** How often a key may be verified; all of them have to allow it. */
export const keyLimits = z
  .array(
    z.strictObject({
      requests: z.int().min(1).max(1_000_000_000),
      windowSeconds: z.int().min(1).max(31_622_400),
      counting,
    }),
  )
  .min(1)
  .max(4)
  .refine(
    (limits) => new Set(limits.map(({ windowSeconds }) => windowSeconds)).size === limits.length,
    'must not name a window twice: only the lower of two would be in force',
  )
  .nullable();

/** How often a key may be verified in all. */
export const keyBudget = z
  .strictObject({ total: z.int().min(1).max(1_000_000_000_000), counting })
  .nullable();

/** Who beside owners and admins may see and manage an instance. */
export const sharedWith = z.enum(sharings);
