type Json = unknown;

/** Of ECMAScript already, and in no release of TypeScript's library yet. */
const { rawJSON, isRawJSON } = JSON as unknown as {
  rawJSON(text: string): Json;
  isRawJSON(value: Json): boolean;
};

/** What a number looks like that JavaScript may write otherwise; looking is cheaper than reading every number so. */
const unusualNumber = /\.\d*0(?!\d)|\d[eE]|-0|\d{16}/;

/** A number keeps the digits that it came with: `1.0` is not what JavaScript writes, and was perhaps signed. */
function parseKeepingNumbers(text: string): Json {
  if (!unusualNumber.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_, value: Json, { source }: { source?: string } = {}) =>
    typeof value === 'number' && source !== undefined && source !== String(value) ? rawJSON(source) : value,
  );
}

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJSON(value);
}

function sortKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(value[key])]),
  );
}

/** More keys than this have more orders than are tried. */
const maxPermutedKeys = 5;

function* permutations<Item>(items: readonly Item[]): Generator<Item[]> {
  if (items.length < 2) yield [...items];
  for (const [index, first] of items.entries()) {
    if (items.length < 2) return;
    for (const rest of permutations(items.toSpliced(index, 1))) yield [first, ...rest];
  }
}

function* otherOrders(value: Json): Generator<Json> {
  if (!isObject(value)) return;
  const entries = Object.entries(value);
  if (entries.length > maxPermutedKeys) return;
  for (const order of permutations(entries)) yield Object.fromEntries(order);
}

/** As Python writes it by default: a space behind every comma and colon. A line break never stands inside a string. */
function spaced(value: Json): string {
  return JSON.stringify(value, null, 1).replace(/,\n */g, ', ').replace(/\n */g, '');
}

const layouts: readonly ((value: Json) => string)[] = [
  (value) => JSON.stringify(value),
  spaced,
  (value) => JSON.stringify(value, null, 2),
  (value) => JSON.stringify(value, null, 4),
  (value) => JSON.stringify(value, null, '\t'),
];

function escaped(text: string, characters: RegExp): string {
  return text.replace(characters, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function toAscii(text: string): string {
  return escaped(text, /[\u0080-\uffff]/g);
}

/** What some languages escape besides; none of these characters stands outside a string. */
const alphabets: readonly ((text: string) => string)[] = [
  (text) => text,
  toAscii,
  (text) => toAscii(text.replaceAll('/', '\\/')),
  (text) => escaped(text, /[<>&\u2028\u2029]/g),
];

function* written(value: Json): Generator<string> {
  for (const alphabet of alphabets) for (const layout of layouts) yield alphabet(layout(value));
}

function* rewritten(text: string): Generator<string> {
  const value = parseKeepingNumbers(text.replace(/^\uFEFF/, ''));
  yield* written(value);
  for (const layout of layouts) yield* [`${layout(value)}\n`, layout(value).replaceAll('\n', '\r\n')];
  yield JSON.stringify(JSON.parse(text));
  yield* written(sortKeys(value));
  for (const order of otherOrders(value)) yield JSON.stringify(order);
  for (const order of otherOrders(value)) yield spaced(order);
}

/**
 * The same JSON as other programs write it: spacing, escapes, order of keys. Nothing for a text that is no JSON, or
 * that is nested deeper than it can be written.
 */
export function* jsonTexts(text: string): Generator<string> {
  try {
    yield* rewritten(text);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
  }
}
