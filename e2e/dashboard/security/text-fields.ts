import { operationIds, operations, routes } from '@latchkey/protocol';
import { z } from 'zod';
import { hostileTexts, otherHostileEmail } from './hostile-texts.ts';

/** As much of JSON Schema as inputs are described by. */
interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
}

function takesText({ type, pattern, ...schema }: Schema): boolean {
  if (schema.enum !== undefined || schema.const !== undefined || schema.anyOf !== undefined) return false;
  if (type === undefined) return true;
  return type === 'string' && hostileTexts.some((text) => new RegExp(pattern ?? '', 'u').test(text));
}

function fieldsIn(schema: Schema, at: string): string[] {
  const { properties = {}, items, additionalProperties: open, anyOf = [] } = schema;
  return [
    ...(takesText(schema) ? [at] : []),
    ...Object.entries(properties).flatMap(([name, each]) => fieldsIn(each, `${at}.${name}`)),
    ...(items === undefined ? [] : fieldsIn(items, `${at}[]`)),
    ...(typeof open === 'object' ? fieldsIn(open, `${at}.*`) : []),
    ...anyOf.flatMap((each) => fieldsIn(each, at)),
  ];
}

/**
 * Every field of a change that takes some hostile text, by its operation: `keys.update.name`, `[]` for each of a list, `*`
 * for each of those that the caller names.
 */
export function textFields(): string[] {
  const changes = operationIds.filter((id) => routes[id].method !== 'GET');
  const all = changes.flatMap((id) =>
    fieldsIn(z.toJSONSchema(operations[id].input, { io: 'input' }) as Schema, id),
  );
  return [...new Set(all)];
}

/** The fields of an input that hold a hostile text, named in the same way; a name of the caller's own stands for itself. */
export function hostileFieldsIn(value: unknown, at: string): string[] {
  if (typeof value === 'string') {
    return [...hostileTexts, otherHostileEmail].some((text) => value.includes(text)) ? [at] : [];
  }
  if (Array.isArray(value)) return value.flatMap((each) => hostileFieldsIn(each, `${at}[]`));
  return Object.entries(value ?? {}).flatMap(([name, each]) => hostileFieldsIn(each, `${at}.${name}`));
}

/** Whether a field was among those, or something within it where it takes anything. */
export function isAmong(field: string, tried: ReadonlySet<string>): boolean {
  const stem = field.replace(/\.\*$/, '');
  return [...tried].some(
    (each) => each === field || each.startsWith(`${stem}.`) || each.startsWith(`${stem}[]`),
  );
}

/** What takes a text that no page can show, by a pattern for the names of the fields, and why. */
export const shownNowhere: readonly (readonly [RegExp, string])[] = [
  [
    /^otp\..*\.email$|^keys\.createPersonal\.email$/,
    'an address that somebody signs in by, as the owner here does',
  ],
  [/^otp\.completeSignup\.company\.(name|description)$/, 'kept where organizations.update keeps it'],
  [/^otp\.complete(Signup|Login)\.apiKey\.name$/, 'kept where keys.createPersonal keeps it'],
  [/^organizations\.create\.(logoUrl|n8nBaseUrl|n8nApiKey)$|\.logoBase64$/, 'a picture, or sealed'],
  [
    /^keys\.\w+\.scopes\[\]$|\.allowedAddresses\[\]$|^keys\.verify.*\.ip$/,
    'refused unless it is a scope, or an address',
  ],
  [/^(environmentKeys|keys)\..*\.key$/, 'names what is there already'],
  [/[sS]ecret$|^signingSecrets\.add\.settings\./, 'sealed, or compared only'],
  [/^signingSecrets\.test\./, 'looked at, and not kept'],
  [/^tokens\.exchange\.scopes\[\]$/, 'refused unless the key has it'],
  [/^executions\.create\./, 'for whoever has a secret that no answer gives; kept where a payload is'],
  [/^executions\.uploadOutput\./, 'no answer tells of files'],
];
