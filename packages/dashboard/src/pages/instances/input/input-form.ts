import { rulesOf } from './input-rules.ts';

/** What a schema says of one value; empty where it allows everything. */
export type Schema = Readonly<Record<string, unknown>>;

/** Simple values that a list can hold, one a line. */
export type Item = 'text' | 'number';

interface Common {
  /** JSON Pointer (RFC 6901) of its value in the payload. */
  readonly path: string;
  readonly name: string;
  readonly label: string;
  readonly description: string | undefined;
  readonly isRequired: boolean;
  readonly schema: Schema;
}

/** A field of a form. Whatever a form cannot ask for in parts is asked for as JSON. */
export type InputField = Common &
  (
    | { readonly kind: 'text' | 'number' | 'json'; readonly initial: string }
    | { readonly kind: 'choice'; readonly options: readonly unknown[]; readonly initial: string }
    | { readonly kind: 'list'; readonly of: Item; readonly initial: string }
    | { readonly kind: 'group'; readonly fields: readonly InputField[] }
  );

/** What has been typed, by path; text of every kind of field but groups. */
export type Draft = ReadonlyMap<string, string>;

/** Rules about the whole, which say too little about its parts to make fields of them. */
const wholeRules = ['$ref', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'const', 'prefixItems'];

export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOr(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function inPointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function itemOf(items: unknown): Item | undefined {
  if (!isSchema(items) || items.enum !== undefined || wholeRules.some((rule) => rule in items))
    return undefined;
  if (items.type === 'string') return 'text';
  return items.type === 'number' || items.type === 'integer' ? 'number' : undefined;
}

function asJson(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value, null, 2);
}

function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function groupOf(common: Common, schema: Schema, properties: Schema): InputField {
  const required: readonly unknown[] = Array.isArray(schema.required) ? schema.required : [];
  const fields = Object.entries(properties).map(([name, each]) =>
    fieldOf(each, `${common.path}/${inPointer(name)}`, name, required.includes(name)),
  );
  return { ...common, kind: 'group', fields };
}

function fieldOf(schema: unknown, path: string, name: string, isRequired: boolean): InputField {
  const whole = isSchema(schema) ? schema : {};
  const label = textOr(whole.title) ?? name;
  const said = [textOr(whole.description), rulesOf(whole)].filter((each) => each !== undefined);
  const description = said.length === 0 ? undefined : said.join('. ');
  const common = { path, name, label, description, isRequired, schema: whole };
  const { type, enum: options, items, properties, default: value } = whole;
  const json = { ...common, kind: 'json', initial: asJson(value) } as const;
  if (wholeRules.some((rule) => rule in whole)) return json;
  if (Array.isArray(options)) {
    return { ...common, kind: 'choice', options, initial: JSON.stringify(value) ?? '' };
  }
  if (type === 'boolean') {
    return { ...common, kind: 'choice', options: [true, false], initial: JSON.stringify(value) ?? '' };
  }
  if (type === 'string') return { ...common, kind: 'text', initial: asText(value) };
  if (type === 'number' || type === 'integer') return { ...common, kind: 'number', initial: asText(value) };
  const of = type === 'array' ? itemOf(items) : undefined;
  if (of !== undefined) {
    const initial = Array.isArray(value) ? value.map(asText).join('\n') : '';
    return { ...common, kind: 'list', of, initial };
  }
  if (type === 'object' && isSchema(properties) && Object.keys(properties).length > 0) {
    return groupOf(common, whole, properties);
  }
  return json;
}

/** The form of a payload: of a group of fields, or of one for JSON where its schema says no parts, or there is none. */
export function inputForm(schema: Schema | null): InputField {
  const field = fieldOf(schema ?? {}, '', 'payload', true);
  if (field.kind === 'group') return field;
  const initial = 'initial' in field && field.kind === 'json' && field.initial !== '' ? field.initial : '{}';
  return { ...field, kind: 'json', label: 'Payload', initial };
}

/** Every field that something is typed into. */
export function leavesOf(field: InputField): Exclude<InputField, { kind: 'group' }>[] {
  return field.kind === 'group' ? field.fields.flatMap(leavesOf) : [field];
}

/** What stands in a form before anything was typed. */
export function initialDraft(form: InputField): Draft {
  return new Map(leavesOf(form).map(({ path, initial }) => [path, initial]));
}
