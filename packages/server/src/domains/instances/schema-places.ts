import {
  isObject,
  isSchema,
  keywordProblem,
  patternProblem,
  type Schema,
  schemaKeywords,
} from './schema-keywords.ts';

/** Why a schema cannot be used, and where. */
export class SchemaProblem extends Error {
  override readonly name = 'SchemaProblem';
}

const maxDepth = 32;
/** How many schemas one value may have to be held against: what is referred to counts each time. */
const maxApplied = 10_000;

/** The schema at a place and those within it, each by its JSON Pointer. */
type Places = Map<string, { readonly schema: Schema; readonly within: readonly string[] }>;

function inPointer(name: string | number): string {
  return String(name).replaceAll('~', '~0').replaceAll('/', '~1');
}

/** A place as errors name it: a name that does not look like one could be anything, also a secret. */
export function shownPlace(pointer: string): string {
  const names = pointer.split('/').slice(1);
  const shown = names.map((name) => (/^[A-Za-z0-9_$. -]{1,40}$/.test(name) ? name : '(not shown)'));
  return names.length === 0 ? 'the whole' : `/${shown.join('/')}`;
}

function refuse(pointer: string, problem: string): never {
  throw new SchemaProblem(`${shownPlace(pointer)} ${problem}`);
}

/** The schemas right below a schema, each with its place relative to it. */
function subschemas(schema: Readonly<Record<string, unknown>>): (readonly [string, Schema])[] {
  const { one, list, map } = schemaKeywords;
  const single: [string, unknown][] = one.map((name) => [name, schema[name]]);
  const many = [...list, ...map].flatMap((name) =>
    Object.entries(isObject(schema[name]) || Array.isArray(schema[name]) ? schema[name] : {}).map(
      ([key, value]): [string, unknown] => [`${name}/${inPointer(key)}`, value],
    ),
  );
  return [...single, ...many].filter((each): each is [string, Schema] => isSchema(each[1]));
}

function checkKeywords(schema: Readonly<Record<string, unknown>>, pointer: string): void {
  for (const [keyword, value] of Object.entries(schema)) {
    const problem = keywordProblem(keyword, value);
    if (problem !== undefined) refuse(`${pointer}/${inPointer(keyword)}`, problem);
  }
  const { patternProperties = {} } = schema;
  for (const pattern of Object.keys(patternProperties as object)) {
    const problem = patternProblem(pattern);
    if (problem !== undefined) refuse(`${pointer}/patternProperties`, `names a pattern that ${problem}`);
  }
}

function gather(places: Places, schema: Schema, pointer: string, depth: number): Places {
  if (depth > maxDepth) refuse('', `is deeper than ${maxDepth} levels.`);
  const below = isObject(schema) ? subschemas(schema) : [];
  if (isObject(schema)) checkKeywords(schema, pointer);
  places.set(pointer, { schema, within: below.map(([name]) => `${pointer}/${name}`) });
  for (const [name, each] of below) gather(places, each, `${pointer}/${name}`, depth + 1);
  return places;
}

function targetOf(reference: string): string {
  try {
    return decodeURIComponent(reference.slice(1));
  } catch {
    return reference;
  }
}

/** How many schemas stand at a place, in it, and where it refers to. */
function countApplied(places: Places, pointer: string, counted: Map<string, number>): number {
  const known = counted.get(pointer);
  if (known === 0) refuse(pointer, 'refers back to itself.');
  if (known !== undefined) return known;
  counted.set(pointer, 0);
  const place = places.get(pointer);
  if (place === undefined) return refuse(pointer, 'is referred to, and is no schema.');
  const { schema, within } = place;
  const reference = isObject(schema) && typeof schema.$ref === 'string' ? [targetOf(schema.$ref)] : [];
  const total = [...within, ...reference].reduce((sum, each) => sum + countApplied(places, each, counted), 1);
  if (total > maxApplied) refuse(pointer, 'applies too many schemas to one value.');
  counted.set(pointer, total);
  return total;
}

/**
 * Checks that a schema holds only known keywords, refers only to places in itself and never in a circle, and cannot
 * make checking a payload slow. Throws `SchemaProblem`, which names the place.
 */
export function checkSchema(schema: Schema): void {
  countApplied(gather(new Map(), schema, '', 1), '', new Map());
}
