import { z } from 'zod';

/** A JSON Schema of dialect 2020-12, which is the dialect of OpenAPI 3.1. */
export interface JsonSchema {
  readonly type?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

function withoutDialect({ $schema: _, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

/** What a caller sends: closed, defaults may be left out. */
export function inputSchema(schema: z.ZodType): JsonSchema {
  return withoutDialect(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema);
}

/** What a caller gets: open, because a newer server may add fields. */
export function outputSchema(schema: z.ZodType): JsonSchema {
  const open = z.toJSONSchema(schema, {
    io: 'output',
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return withoutDialect(open as JsonSchema);
}

/** The part of an object schema that holds these properties only. */
export function pickProperties(
  { properties = {}, required = [], ...schema }: JsonSchema,
  names: readonly string[],
): JsonSchema {
  const kept = Object.entries(properties).filter(([name]) => names.includes(name));
  const keptRequired = required.filter((name) => names.includes(name));
  return {
    ...schema,
    properties: Object.fromEntries(kept),
    ...(keptRequired.length === 0 ? {} : { required: keptRequired }),
  };
}
