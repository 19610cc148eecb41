import { formats } from './formats.ts';
import { isSchema, type Schema } from './input-form.ts';
import { textOfPattern } from './text-of-pattern.ts';

/** What is known of a whole schema while values for its parts are looked for. */
export interface Known {
  /** Whether a part of the schema allows a value. */
  allows(value: unknown, part: unknown): boolean;
  /** What a `$ref` leads to. */
  target(part: Schema): unknown;
}

type Values = Generator<unknown, void>;

/** More would be no sample to read. */
const maxLength = 2_000;
const maxVariants = 20;

const greater = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const smaller = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function map(value: unknown): Schema {
  return isSchema(value) ? value : {};
}

function isGiven(value: unknown): boolean {
  return value !== undefined;
}

function numberOr<Other>(value: unknown, other: Other): number | Other {
  return typeof value === 'number' ? value : other;
}

/** Where both say something of one name, both hold. */
function bothOf(one: Schema, other: Schema): Schema {
  const shared = Object.keys(one).filter((name) => name in other);
  const both = shared.map((name) => [name, { allOf: [one[name], other[name]] }] as const);
  return { ...one, ...other, ...Object.fromEntries(both) };
}

/** One schema that says about what two say together; what it proposes is checked against these. */
function merged(one: Schema, other: Schema): Schema {
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
function flat(schema: Schema, known: Known): Schema {
  const { $ref, allOf, ...own } = schema;
  const parts = [...($ref === undefined ? [] : [known.target(schema)]), ...list(allOf)];
  return parts.map((part) => flat(map(part), known)).reduce(merged, own);
}

/** Texts that a pattern may fit, the shortest that is long enough among the first. */
function* fittingTexts(pattern: string, least: number): Values {
  const shortest = textOfPattern(pattern, 0) ?? '';
  const second = textOfPattern(pattern, 1) ?? '';
  const growth = second.length - shortest.length;
  yield second;
  if (growth > 0) yield textOfPattern(pattern, Math.ceil((least - shortest.length) / growth));
  for (let more = 2; more <= maxVariants; more += 1) yield textOfPattern(pattern, more);
  yield shortest;
}

function* texts({ format, pattern, minLength }: Schema): Values {
  const least = Math.min(numberOr(minLength, 0), maxLength);
  if (format !== undefined) yield formats[String(format)]?.example;
  if (typeof pattern === 'string') yield* fittingTexts(pattern, least);
  for (let variant = 1; variant <= maxVariants; variant += 1)
    yield (variant === 1 ? 'text' : `text ${variant}`).padEnd(least, ' text');
  yield 'text'.slice(0, 1);
}

function* numbers(schema: Schema): Values {
  const step = numberOr(schema.multipleOf, 1);
  const low = numberOr(schema.minimum, numberOr(schema.exclusiveMinimum, 1));
  const high = numberOr(schema.maximum, numberOr(schema.exclusiveMaximum, low));
  const variants = Array.from({ length: maxVariants }, (_, index) => index);
  if (low <= 1) yield* variants.map((index) => 1 + index);
  yield* variants.map((index) => (Math.ceil(low / step) + index) * step);
  yield* variants.map((index) => (Math.floor(high / step) - index) * step);
  yield (low + high) / 2;
  yield low + 0.5;
}

function* arrays(schema: Schema, known: Known): Values {
  const { items, contains, uniqueItems, minItems, minContains } = schema;
  const first = [
    ...list(schema.prefixItems).map((part) => valueFor(part, known)),
    ...Array<unknown>(contains === undefined ? 0 : numberOr(minContains, 1)).fill(valueFor(contains, known)),
  ];
  for (const least of [Math.max(numberOr(minItems, 1), 1), 0]) {
    const missing = Math.max(Math.min(least, maxLength) - first.length, 0);
    const usual = Array<unknown>(missing).fill(valueFor(items, known));
    const different = uniqueItems === true ? [...valuesFor(items, known).take(missing)] : [];
    yield [...first, ...(different.length === missing ? different : usual)].filter(isGiven);
  }
}

/** The names that are needed, with those that they bring along. */
function neededNames({ required, dependentRequired }: Schema): Set<string> {
  const names = new Set(list(required).map(String));
  // What is added while it is gone through is gone through too.
  for (const name of names) for (const each of list(map(dependentRequired)[name])) names.add(String(each));
  return names;
}

/** What is said of one member: by its name, by a pattern of names, or of all others. */
function memberSchema(schema: Schema, name: string): unknown {
  const fitting = Object.entries(map(schema.patternProperties)).filter(([pattern]) =>
    new RegExp(pattern, 'u').test(name),
  );
  const said = [map(schema.properties)[name], ...fitting.map(([, each]) => each)].filter(isGiven);
  if (said.length === 0) return schema.additionalProperties;
  return said.length === 1 ? said[0] : { allOf: said };
}

function* objects(schema: Schema, known: Known): Values {
  const needed = neededNames(schema);
  const others = Object.keys(map(schema.properties)).filter((name) => !needed.has(name));
  const more = numberOr(schema.minProperties, 0) - needed.size;
  const free = Array.from({ length: Math.min(maxVariants, more) }, (_, index) => `name${index + 1}`);
  for (const count of [Math.max(more, 0), others.length]) {
    const names = [...needed, ...[...others, ...free].slice(0, count)];
    const members = names.map((name) => [name, valueFor(memberSchema(schema, name), known)] as const);
    yield Object.fromEntries(members.filter(([, value]) => isGiven(value)));
  }
}

const byType: Readonly<Record<string, (schema: Schema, known: Known) => Iterable<unknown>>> = {
  object: objects,
  array: arrays,
  string: texts,
  integer: numbers,
  number: numbers,
  boolean: () => [true, false],
  null: () => [null],
};

/** Keywords that only say something of values of one type. */
const toldBy: Readonly<Record<string, readonly string[]>> = {
  object: ['properties', 'required', 'minProperties', 'patternProperties', 'dependentRequired'],
  array: ['items', 'prefixItems', 'contains', 'minItems', 'uniqueItems'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
};

function typesOf(schema: Schema): string[] {
  const named = [schema.type ?? []].flat().map(String);
  if (named.length > 0) return named.sort((one, other) => Number(one === 'null') - Number(other === 'null'));
  const told = Object.entries(toldBy).filter(([, names]) => names.some((name) => name in schema));
  return [...told.map(([type]) => type), 'string'];
}

/** What its author gives as values first, then what each way that it leaves open proposes. */
function* proposed(part: unknown, known: Known): Values {
  const schema = flat(map(part), known);
  const {
    default: usual,
    const: only,
    examples,
    enum: all,
    anyOf,
    oneOf,
    then,
    else: otherwise,
    ...own
  } = schema;
  yield* [usual, only].filter(isGiven);
  yield* [...list(examples), ...list(all)];
  for (const way of [...list(anyOf), ...list(oneOf)]) yield* proposed(merged(own, map(way)), known);
  for (const type of typesOf(schema)) yield* byType[type]?.(schema, known) ?? [];
  for (const way of [then, otherwise]) if (way !== undefined) yield* proposed(merged(own, map(way)), known);
}

/** Different values that a part of a schema allows, the most telling first. */
function* valuesFor(part: unknown, known: Known): Values {
  const seen = new Set<string>();
  for (const value of proposed(part, known)) {
    const text = JSON.stringify(value);
    if (value === undefined || seen.has(text) || !known.allows(value, part)) continue;
    seen.add(text);
    yield value;
  }
}

/** A value that a part of a schema allows; where none is found, one that it would like most. */
export function valueFor(part: unknown, known: Known): unknown {
  const found = valuesFor(part, known).next();
  if (found.done !== true) return found.value;
  return part === false ? undefined : proposed(part, known).find(isGiven);
}
