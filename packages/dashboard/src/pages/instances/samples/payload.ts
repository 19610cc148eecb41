import { dereference, validate } from '@cfworker/json-schema';
import { isSchema, type Schema } from '../input/input-form.ts';
import type { Known } from './schema-parts.ts';
import { valueFor } from './values.ts';

/** A payload for samples. */
export interface SamplePayload {
  readonly payload: object;
  /** Where no value was found that fits, as JSON Pointers; empty for the whole. */
  readonly gaps: readonly string[];
}

/** The places that an answer of the validator is about: where it names one, it names all that this is in. */
function placesOf(locations: readonly string[]): string[] {
  const all = [...new Set(locations)];
  const inner = all.filter((each) => !all.some((other) => other.startsWith(`${each}/`)));
  return inner.map((each) => decodeURIComponent(each.slice(1)));
}

/**
 * A payload that a schema allows, found with the validator that the server checks payloads with; also an object where
 * none is found, with what is wrong in it.
 */
export function samplePayload(inputSchema: Schema | null): SamplePayload {
  if (inputSchema === null) return { payload: {}, gaps: [] };
  // The validator keeps notes of its own in it.
  const schema = structuredClone(inputSchema);
  const lookup = dereference(schema);
  const known: Known = {
    allows: (value, part) =>
      typeof part !== 'object' || part === null
        ? part !== false
        : validate(value, part, '2020-12', lookup).valid,
    target: ({ __absolute_ref__: address }) => lookup[String(address)],
  };
  const found = valueFor(schema, known);
  const payload = isSchema(found) ? found : {};
  const { errors } = validate(payload, schema, '2020-12', lookup, false);
  return { payload, gaps: placesOf(errors.map(({ instanceLocation }) => instanceLocation)) };
}
