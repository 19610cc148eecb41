import { safeRegex } from 'safe-regex2';

/** A JSON Schema: an object of keywords, or whether everything is right. */
export type Schema = Readonly<Record<string, unknown>> | boolean;

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isSchema(value: unknown): value is Schema {
  return typeof value === 'boolean' || isObject(value);
}

const types = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];
/** Formats whose checks take time in proportion to the text; of others the validator has slow ones. */
const formats = [
  'date',
  'date-time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'json-pointer',
  'regex',
  'time',
  'uri',
  'uri-reference',
  'uuid',
];
const dialect = 'https://json-schema.org/draft/2020-12/schema';

/** What is wrong with the value of a keyword, or nothing. */
type Check = (value: unknown) => string | undefined;

function must(be: string, holds: (value: unknown) => boolean): Check {
  return (value) => (holds(value) ? undefined : `must be ${be}.`);
}

function isStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

/** What keeps a text from being matched against, whatever it is matched with. */
export function patternProblem(value: unknown): string | undefined {
  if (typeof value !== 'string' || !compiles(value)) return 'must be a regular expression.';
  return safeRegex(value) ? undefined : 'may take too long to match; it must not repeat what repeats.';
}

const anything: Check = () => undefined;
const text = must('text', (value) => typeof value === 'string');
const flag = must('true or false', (value) => typeof value === 'boolean');
const number = must('a number', Number.isFinite);
const count = must('a whole number from 0', (value) => Number.isSafeInteger(value) && Number(value) >= 0);
const schema = must('a schema', isSchema);
const schemas = must(
  'a list of schemas',
  (value) => Array.isArray(value) && value.length > 0 && value.every(isSchema),
);
const schemaMap = must(
  'an object of schemas',
  (value) => isObject(value) && Object.values(value).every(isSchema),
);

/** The keywords that hold one schema, a list of them, and an object of them. */
export const schemaKeywords = {
  one: [
    'additionalProperties',
    'contains',
    'contentSchema',
    'else',
    'if',
    'items',
    'not',
    'propertyNames',
    'then',
    'unevaluatedItems',
    'unevaluatedProperties',
  ],
  list: ['allOf', 'anyOf', 'oneOf', 'prefixItems'],
  map: ['$defs', 'definitions', 'dependentSchemas', 'patternProperties', 'properties'],
} as const;

function all<Name extends string>(names: readonly Name[], check: Check): Record<Name, Check> {
  return Object.fromEntries(names.map((name) => [name, check])) as Record<Name, Check>;
}

/**
 * The keywords of 2020-12 that the validator checks, and annotations. Any other is refused: it would look like a rule
 * and hold nobody to it.
 */
const keywords: Readonly<Record<string, Check>> = {
  ...all(schemaKeywords.one, schema),
  ...all(schemaKeywords.list, schemas),
  ...all(schemaKeywords.map, schemaMap),
  ...all(['$comment', 'contentEncoding', 'contentMediaType', 'description', 'title'], text),
  ...all(['deprecated', 'readOnly', 'uniqueItems', 'writeOnly'], flag),
  ...all(['exclusiveMaximum', 'exclusiveMinimum', 'maximum', 'minimum'], number),
  ...all(['maxContains', 'maxItems', 'maxLength', 'maxProperties'], count),
  ...all(['minContains', 'minItems', 'minLength', 'minProperties'], count),
  ...all(['const', 'default'], anything),
  ...all(['enum', 'examples'], must('a list', Array.isArray)),
  $ref: must(
    'a place in this schema, such as "#/$defs/name"',
    (value) => typeof value === 'string' && /^#(\/|$)/.test(value),
  ),
  $schema: must(`"${dialect}"`, (value) => value === dialect || value === `${dialect}#`),
  dependentRequired: must(
    'an object of lists of names',
    (value) => isObject(value) && Object.values(value).every(isStrings),
  ),
  format: must(`one of ${formats.join(', ')}`, (value) => formats.includes(String(value))),
  multipleOf: must('a number greater than 0', (value) => Number.isFinite(value) && Number(value) > 0),
  pattern: patternProblem,
  required: must('a list of names', isStrings),
  type: must(`one or several of ${types.join(', ')}`, (value) => {
    const named: unknown[] = Array.isArray(value) ? value : [value];
    return named.length > 0 && named.every((each) => types.includes(String(each)));
  }),
};

/** What is wrong with a keyword and its value, apart from schemas within it. */
export function keywordProblem(keyword: string, value: unknown): string | undefined {
  const check = Object.hasOwn(keywords, keyword) ? keywords[keyword] : undefined;
  return check === undefined ? 'is not a keyword that is checked here.' : check(value);
}
