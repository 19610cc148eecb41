import { z } from 'zod';
import type { Fields, Place } from './places.ts';

interface FieldSchema {
  readonly type?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly additionalProperties?: FieldSchema | boolean;
  readonly items?: FieldSchema;
  readonly anyOf?: readonly FieldSchema[];
}

/** For tests: one field of an input, also one inside another (`company.name`). */
export interface Field {
  readonly path: readonly string[];
  readonly type: string;
  /** Kept in the ASCII form of URLs, whatever characters it is sent with. */
  readonly isUrl: boolean;
  /** An object whose names are the caller's own. */
  readonly isOpen: boolean;
}

/** Of several forms: true or false in whatever words, or the one with the most to it. */
function formOf(schema: FieldSchema): FieldSchema {
  const { anyOf = [] } = schema;
  if (anyOf.some(({ type }) => type === 'boolean')) return { type: 'flag' };
  return anyOf.find(({ properties }) => properties !== undefined) ?? anyOf[0] ?? schema;
}

function fieldsOf({ properties = {} }: FieldSchema, above: readonly string[] = []): Field[] {
  return Object.entries(properties).flatMap(([name, whole]) => {
    const schema = formOf(whole);
    const path = [...above, name];
    return [
      {
        path,
        type: schema.type ?? 'string',
        isUrl: schema.format === 'uri',
        isOpen: typeof schema.additionalProperties === 'object',
      },
      ...fieldsOf(schema, path),
    ];
  });
}

/** Every field that an operation takes, from its schema. */
export function inputFields({ operation }: Place): Field[] {
  return fieldsOf(z.toJSONSchema(operation.input, { io: 'input' }) as FieldSchema);
}

/** The input with one field set, also one inside another. */
export function withField(input: Fields, [name = '', ...below]: readonly string[], value: unknown): Fields {
  const inside = (input[name] ?? {}) as Fields;
  return { ...input, [name]: below.length === 0 ? value : withField(inside, below, value) };
}

/** What an input holds in a field. */
export function valueAt(input: Fields, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (value as Fields | undefined)?.[name], input);
}
