import { containsKey } from '@latchkey/keys';
import { type Input, operations } from '@latchkey/protocol';

const { shape } = operations['keys.verify'].input;
const maxKeyLength = 2_000;
const maxScopes = 50;
const maxScopeLength = 100;
const maxCost = 1_000_000;

function isScopeList(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0 || value.length > maxScopes) return false;
  return value.every(
    (each) => typeof each === 'string' && each.length <= maxScopeLength && !containsKey(each),
  );
}

function isGoodText(value: unknown, name: keyof typeof shape): boolean {
  return typeof value === 'string' && !containsKey(value) && shape[name].safeParse(value).success;
}

/** Whether a field is as the schema wants it, by hand for those that nearly every question has. */
function isPlainField(name: string, value: unknown): boolean {
  switch (name) {
    case 'key':
      return typeof value === 'string' && value.length <= maxKeyLength;
    case 'allScopes':
    case 'anyScope':
      return isScopeList(value);
    case 'cost':
      return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= maxCost;
    case 'environment':
    case 'workspace':
    case 'resource':
    case 'audience':
    case 'ip':
    case 'verifier':
      return isGoodText(value, name);
    default:
      return false;
  }
}

/**
 * The question in a body that was parsed, as its schema would read it; undefined for anything that is not quite usual,
 * of which the schema knows what is wrong with it.
 */
export function plainQuestion(body: unknown): Input<'keys.verify'> | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const fields = body as Record<string, unknown>;
  for (const name in fields) if (!isPlainField(name, fields[name])) return undefined;
  if (fields.key === undefined) return undefined;
  return { ...fields, cost: fields.cost ?? 1 } as Input<'keys.verify'>;
}
