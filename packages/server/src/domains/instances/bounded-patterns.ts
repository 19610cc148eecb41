import { isObject } from './schema-keywords.ts';

/**
 * A pattern that does not start with `^` is tried from every character on, which takes the square of the length: it is
 * matched with short texts only.
 */
export const maxMatchedLength = 2000;

/** Puts a condition before each `pattern` of schemas, changing them: a text that is too long does not get there. */
export function boundPatterns(schemas: Iterable<unknown>): void {
  for (const schema of new Set(schemas)) {
    if (!isObject(schema) || schema.pattern === undefined) continue;
    const { pattern, allOf = [] } = schema;
    const bounded = {
      if: { type: 'string', minLength: maxMatchedLength + 1 },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { maxLength: maxMatchedLength },
      else: { pattern },
    };
    Object.assign(schema, { allOf: [...(allOf as readonly unknown[]), bounded], pattern: undefined });
  }
}

/** Whether a name anywhere in a payload is too long to be matched with a pattern. */
export function hasLongName(payload: unknown): boolean {
  if (typeof payload !== 'object' || payload === null) return false;
  return Object.entries(payload).some(
    ([name, value]) => name.length > maxMatchedLength || hasLongName(value),
  );
}
