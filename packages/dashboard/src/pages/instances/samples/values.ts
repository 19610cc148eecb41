import { formats } from '../input/formats.ts';
import type { Schema } from '../input/input-form.ts';
import {
  flat,
  isGiven,
  type Known,
  list,
  map,
  memberSchema,
  merged,
  neededNames,
  numberOr,
  typesOf,
} from './schema-parts.ts';
import { textOfPattern } from './text-of-pattern.ts';

type Values = Generator<unknown, void>;

/** More would be no sample to read. */
const maxLength = 2_000;
const maxVariants = 20;

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
