import { exampleErrorEnvelope } from '../error-examples.ts';
import { type ErrorCode, errors } from '../errors.ts';
import { errorsOf, type Operation } from '../operation.ts';
import { outputSchema } from './schemas.ts';

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

/** One response per status that any of the codes has, keyed by that status. */
export function errorResponses(codes: readonly ErrorCode[]): Record<string, object> {
  const responses = [...codesByStatus(codes)].map(([status, group]) => [status, errorResponse(group)]);
  return Object.fromEntries(responses);
}

/** Every answer of an operation: 200 with the success envelope, and each error that it declares. */
export function operationResponses(operation: Operation): Record<string, object> {
  const schema = {
    type: 'object',
    required: ['success', 'data', 'requestId'],
    properties: { success: { const: true }, data: outputSchema(operation.output), requestId },
  };
  const example = {
    success: true,
    data: operation.example.output,
    requestId: '019d312f-0000-7000-8000-000000000001',
  };
  return {
    '200': { description: 'Done.', content: { 'application/json': { schema, example } } },
    ...errorResponses(errorsOf(operation)),
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
