import { isSchema, type Schema } from '../input/input-form.ts';

/** What is known of a whole schema while values for its parts are looked for. */
export interface Known {
  /** Whether a part of the schema allows a value. */
  allows(value: unknown, part: unknown): boolean;
  /** What a `$ref` leads to. */
  target(part: Schema): unknown;
}

const greater = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const smaller = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];

/** What a keyword lists; nothing where it does not. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** What a keyword holds by names; nothing where it does not. */
export function map(value: unknown): Schema {
  return isSchema(value) ? value : {};
}

/** Whether there is a value at all. */
export function isGiven(value: unknown): boolean {
  return value !== undefined;
}

/** What a keyword bounds, or something else where it does not. */
export function numberOr<Other>(value: unknown, other: Other): number | Other {
  return typeof value === 'number' ? value : other;
}

/** Where both say something of one name, both hold. */
function bothOf(one: Schema, other: Schema): Schema {
  const shared = Object.keys(one).filter((name) => name in other);
  const both = shared.map((name) => [name, { allOf: [one[name], other[name]] }] as const);
  return { ...one, ...other, ...Object.fromEntries(both) };
}

/** One schema that says about what two say together; what it proposes is checked against these. */
export function merged(one: Schema, other: Schema): Schema {
  const tighter = [...greater, ...smaller].flatMap((name) => {
    const bounds = [one[name], other[name]].filter((each) => typeof each === 'number');
    const pick = greater.includes(name) ? Math.max : Math.min;
    return bounds.length === 0 ? [] : [[name, pick(...bounds)] as const];
  });
  const properties = bothOf(map(one.properties), map(other.properties));
  const required = [...list(one.required), ...list(other.required)];
  return {
    ...{ ...one, ...other, ...Object.fromEntries(tighter) },
    ...(required.length > 0 && { required }),
    ...(Object.keys(properties).length > 0 && { properties }),
  };
}

/** With what it refers to, and all that has to hold together, in one. */
export function flat(schema: Schema, known: Known): Schema {
  const { $ref, allOf, ...own } = schema;
  const parts = [...($ref === undefined ? [] : [known.target(schema)]), ...list(allOf)];
  return parts.map((part) => flat(map(part), known)).reduce(merged, own);
}

/** The names that are needed, with those that they bring along. */
export function neededNames({ required, dependentRequired }: Schema): Set<string> {
  const names = new Set(list(required).map(String));
  // What is added while it is gone through is gone through too.
  for (const name of names) for (const each of list(map(dependentRequired)[name])) names.add(String(each));
  return names;
}

/** What is said of one member: by its name, by a pattern of names, or of all others. */
export function memberSchema(schema: Schema, name: string): unknown {
  const fitting = Object.entries(map(schema.patternProperties)).filter(([pattern]) =>
    new RegExp(pattern, 'u').test(name),
  );
  const said = [map(schema.properties)[name], ...fitting.map(([, each]) => each)].filter(isGiven);
  if (said.length === 0) return schema.additionalProperties;
  return said.length === 1 ? said[0] : { allOf: said };
}

/** Keywords that only say something of values of one type. */
const toldBy: Readonly<Record<string, readonly string[]>> = {
  object: ['properties', 'required', 'minProperties', 'patternProperties', 'dependentRequired'],
  array: ['items', 'prefixItems', 'contains', 'minItems', 'uniqueItems'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
};

/** The types that a value may have, the most telling first; a text where nothing is said of it. */
export function typesOf(schema: Schema): string[] {
  const named = [schema.type ?? []].flat().map(String);
  if (named.length > 0) return named.sort((one, other) => Number(one === 'null') - Number(other === 'null'));
  const told = Object.entries(toldBy).filter(([, names]) => names.some((name) => name in schema));
  return [...told.map(([type]) => type), 'string'];
}
