import { dereference, type OutputUnit, validate } from '@cfworker/json-schema';
import { LatchkeyError } from '@latchkey/protocol';
import { boundPatterns, hasLongName, maxMatchedLength } from './bounded-patterns.ts';
import { isObject, type Schema } from './schema-keywords.ts';
import { checkSchema, SchemaProblem, shownPlace } from './schema-places.ts';

const maxBytes = 64 * 1024;
/** Unique items are found by comparing each with each. */
const maxUniqueItems = 256;

/** A schema that can be used, and the schemas in it by the URI that references resolve to. */
interface Resolved {
  readonly schema: object;
  readonly lookup: ReturnType<typeof dereference>;
}

/** Follows every reference as checking a payload would. Throws `SchemaProblem`, or what the validator throws. */
function resolve(schema: Schema): Resolved {
  checkSchema(schema);
  // The validator keeps notes of its own in it.
  const own: object = structuredClone(Object(schema));
  const lookup = dereference(own);
  for (const each of Object.values(lookup)) {
    const target = isObject(each) ? each.__absolute_ref__ : undefined;
    if (target !== undefined && lookup[String(target)] === undefined) {
      throw new SchemaProblem('a $ref in it leads nowhere.');
    }
  }
  boundPatterns(Object.values(lookup));
  return { schema: own, lookup };
}

/**
 * The text of a schema, to be kept. Throws `INVALID_INPUT_SCHEMA`, which says what is wrong and where, for what is no
 * JSON Schema (2020-12), refers to other documents, is larger than 64 KB or deeper than 32 levels, or could take long to
 * check.
 */
export function readInputSchema(workflowId: string, schema: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify(schema);
  try {
    if (Buffer.byteLength(text) > maxBytes) throw new SchemaProblem('it is larger than 64 KB.');
    resolve(schema);
  } catch (cause) {
    const problem = cause instanceof SchemaProblem ? cause.message : 'it is no JSON Schema.';
    throw new LatchkeyError('INVALID_INPUT_SCHEMA', { fill: { workflowId }, details: { problem }, cause });
  }
  return text;
}

/** Units that only say that something below them is wrong, which the unit after them says better. */
const outer = new Set([
  '$ref',
  'additionalProperties',
  'allOf',
  'dependentSchemas',
  'if',
  'items',
  'patternProperties',
  'prefixItems',
  'properties',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
]);

/** What a payload is told by keyword; of the others only that they are not met. Values are never repeated. */
const complaints: Readonly<Record<string, (error: string) => string>> = {
  type: (error) => `must be ${/Expected (.*)\.$/.exec(error)?.[1]?.replaceAll('"', '') ?? 'of another type'}`,
  required: (error) => `lacks ${shownPlace(`/${/property "(.*)"\.$/s.exec(error)?.[1] ?? ''}`).slice(1)}`,
  false: () => 'is not allowed',
  enum: () => 'is none of the allowed values',
  const: () => 'is not the allowed value',
  anyOf: () => 'fits none of the allowed forms',
  oneOf: () => 'does not fit exactly one of the allowed forms',
  not: () => 'has a form that is not allowed',
};

function problemOf(units: readonly OutputUnit[]): string {
  const unit = units.find(({ keyword }) => !outer.has(keyword)) ?? units[0];
  if (unit === undefined) return 'the whole is not valid.';
  const { keyword, error, instanceLocation } = unit;
  const say = complaints[keyword] ?? (() => `does not meet ${keyword}`);
  return `${shownPlace(instanceLocation.slice(1))} ${say(error)}.`;
}

function hasLongArray(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value) && value.length > maxUniqueItems) return true;
  return Object.values(value).some(hasLongArray);
}

/** What makes a payload too long to be checked by a schema, or nothing. */
function sizeProblem(lookup: Resolved['lookup']): (payload: unknown) => string | undefined {
  const schemas = Object.values(lookup).filter(isObject);
  const asksForUnique = schemas.some(({ uniqueItems }) => uniqueItems === true);
  const matchesNames = schemas.some(({ patternProperties }) => patternProperties !== undefined);
  return (payload) => {
    if (asksForUnique && hasLongArray(payload)) {
      return `the whole holds a list of more than ${maxUniqueItems} items, and items have to be unique.`;
    }
    if (!matchesNames || !hasLongName(payload)) return undefined;
    return `the whole holds a name of more than ${maxMatchedLength} characters, and names have to fit a pattern.`;
  };
}

/**
 * Reads a kept schema once. What comes back answers the first problem of a payload, as `/path says what`, or nothing;
 * it repeats no value of the payload.
 */
export function compileInputSchema(text: string): (payload: unknown) => string | undefined {
  const { schema, lookup } = resolve(JSON.parse(text));
  const tooLong = sizeProblem(lookup);
  return (payload) => {
    try {
      const problem = tooLong(payload);
      if (problem !== undefined) return problem;
      const { valid, errors } = validate(payload, schema, '2020-12', lookup);
      return valid ? undefined : problemOf(errors);
    } catch (error) {
      // A name with half a character in it, more faults than can be gathered, or more levels than can be gone into.
      if (error instanceof URIError || error instanceof RangeError) return 'the whole cannot be checked.';
      throw error;
    }
  };
}
