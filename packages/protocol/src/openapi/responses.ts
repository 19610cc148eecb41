import { flatError } from '../envelope.ts';
import { exampleErrorEnvelope } from '../error-examples.ts';
import { type ErrorCode, errors } from '../errors.ts';
import { errorsOf, type Operation } from '../operation.ts';
import { type JsonSchema, outputSchema } from './schemas.ts';

const requestId = { type: 'string', description: 'Names this request in the log of the server' } as const;

/** The schema that every refusal satisfies; each answer narrows `code` to what it can be there. */
export const errorEnvelopeSchema = {
  type: 'object',
  required: ['success', 'error', 'requestId'],
  properties: {
    success: { const: false },
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { type: 'string', description: 'Stable; one page each under docs/errors' },
        message: { type: 'string', description: 'What is wrong, for a person' },
        nextAction: { type: 'string', description: 'What to do next; show it unchanged' },
        details: { type: 'object', description: 'Facts about this occurrence' },
      },
    },
    requestId,
  },
} as const;

/** As above, where errors are text (contract/codika.md D.0). */
export const flatErrorSchema = {
  type: 'object',
  required: ['success', 'error', 'code', 'requestId'],
  properties: {
    success: { const: false },
    error: { type: 'string', description: 'What is wrong, for a person' },
    code: { type: 'string', description: 'Stable; one page each under docs/errors' },
    nextAction: { type: 'string', description: 'What to do next; show it unchanged' },
    details: { type: 'object', description: 'Facts about this occurrence' },
    requestId,
  },
} as const;

function codesByStatus(codes: readonly ErrorCode[]): Map<number, ErrorCode[]> {
  const inOrder = [...codes].sort((a, b) => errors[a].status - errors[b].status);
  return Map.groupBy(inOrder, (code) => errors[code].status);
}

function errorResponse(codes: readonly ErrorCode[]) {
  return {
    description: codes.map((code) => `- \`${code}\`: ${errors[code].message}`).join('\n'),
    content: {
      'application/json': {
        schema: {
          allOf: [{ $ref: '#/components/schemas/ErrorEnvelope' }],
          properties: { error: { properties: { code: { enum: codes } } } },
        },
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
}

function flatErrorResponse(codes: readonly ErrorCode[]) {
  return {
    description: codes.map((code) => `- \`${code}\`: ${errors[code].message}`).join('\n'),
    content: {
      'application/json': {
        schema: {
          allOf: [{ $ref: '#/components/schemas/FlatError' }],
          properties: { code: { enum: codes } },
        },
        examples: Object.fromEntries(
          codes.map((code) => [code, { value: flatError(exampleErrorEnvelope(code)) }]),
        ),
      },
    },
  };
}

/** One response per status that any of the codes has, keyed by that status. */
export function errorResponses(codes: readonly ErrorCode[], flat = false): Record<string, object> {
  const response = flat ? flatErrorResponse : errorResponse;
  const responses = [...codesByStatus(codes)].map(([status, group]) => [status, response(group)]);
  return Object.fromEntries(responses);
}

/** An object schema with the members of another beside its own. */
function besides(own: JsonSchema, other: JsonSchema): JsonSchema {
  return {
    ...own,
    required: [...(own.required ?? []), ...(other.required ?? [])],
    properties: { ...own.properties, ...other.properties },
  };
}

/** Every answer of an operation: 200 with what it says, and each error that it declares. */
export function operationResponses(operation: Operation, flat: boolean): Record<string, object> {
  const output = outputSchema(operation.output);
  const around = {
    type: 'object',
    required: ['success', 'requestId'],
    properties: { success: { const: true }, requestId },
  };
  const schema = besides(around, flat ? output : { required: ['data'], properties: { data: output } });
  const values = { data: operation.example.output };
  const example = {
    success: true,
    ...(flat ? (operation.example.output as object) : values),
    requestId: '019d312f-0000-7000-8000-000000000001',
  };
  return {
    '200': { description: 'Done.', content: { 'application/json': { schema, example } } },
    ...errorResponses(errorsOf(operation), flat),
  };
}

/** One example per error code, for `#/components/examples`. */
export function errorExamples(): Record<string, object> {
  const codes = Object.keys(errors) as ErrorCode[];
  const examples = codes.map((code) => {
    const value = exampleErrorEnvelope(code);
    return [code, { summary: value.error.message, value }];
  });
  return Object.fromEntries(examples);
}
