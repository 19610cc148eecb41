import { containsKey } from '@latchkey/keys';
import { LatchkeyError, type Operation, pathParameters } from '@latchkey/protocol';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { inPlainWords } from './plain-words.ts';

type Fields = Record<string, unknown>;

function invalid(problem: string): LatchkeyError {
  return new LatchkeyError('INVALID_REQUEST', { details: { problem } });
}

/** Names are repeated to the caller only where they look like a field name: anything else could be a secret. */
function echo(name: string): string {
  return /^[A-Za-z]{1,30}$/.test(name) ? name : '(name not shown)';
}

/** Where a problem is. The first name is that of a field; those below may be the caller's own, as of a header. */
function shownPath([field, ...below]: readonly PropertyKey[]): string {
  const names = below.map((step) => (typeof step === 'number' ? step : echo(String(step))));
  return field === undefined ? '' : [String(field), ...names].join('.');
}

function bodyFields(body: unknown): Fields {
  if (body === undefined) return {};
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid('the body must be an object.');
  return body as Fields;
}

/** Puts path, query and body together; a body may repeat a path parameter, but not contradict it. */
function gather(request: FastifyRequest, path: string, method: string): Fields {
  const query = request.query as Fields;
  const sent = method === 'GET' ? query : bodyFields(request.body);
  const [stray] = method === 'GET' ? [] : Object.keys(query);
  if (stray !== undefined) throw invalid(`${echo(stray)}: is not a query parameter of this operation.`);
  const params = request.params as Fields;
  for (const name of pathParameters(path)) {
    if (sent[name] !== undefined && sent[name] !== params[name]) {
      throw invalid(`${name}: is different in the path and in the body.`);
    }
  }
  return { ...sent, ...params };
}

function valueAt(fields: Fields, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (value as Record<PropertyKey, unknown> | undefined | null)?.[name],
    fields,
  );
}

function describe(issue: z.core.$ZodIssue): string {
  const where = shownPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map(echo).join(', ');
    return `${where === '' ? '' : `${where}: `}unknown field ${names}.`;
  }
  return `${where}: ${issue.message}.`;
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** The first field error that the operation declares wins; everything else is one `INVALID_REQUEST`. */
function toError(operation: Operation, fields: Fields, issues: readonly z.core.$ZodIssue[]): LatchkeyError {
  for (const [path, codes] of Object.entries(operation.fieldErrors ?? {})) {
    const issue = issues.find((each) => each.path.join('.') === path);
    if (issue === undefined) continue;
    const code = isBlank(valueAt(fields, issue.path)) ? codes.missing : codes.invalid;
    if (code !== undefined) return new LatchkeyError(code);
  }
  return invalid(issues.slice(0, 5).map(describe).join(' '));
}

/** What of an input is searched for keys: not what somebody else has written, as the result of a workflow. */
function searched(operation: Operation, input: unknown): unknown {
  const { opaqueFields = [], keyFields = [] } = operation;
  const left = new Set([...opaqueFields, ...keyFields]);
  if (left.size === 0) return input;
  return Object.fromEntries(Object.entries(input as Fields).filter(([name]) => !left.has(name)));
}

/** The path of the first text, or of what holds the first name, with a complete key in it. */
function findSecret(value: unknown, path: readonly PropertyKey[]): readonly PropertyKey[] | undefined {
  if (typeof value === 'string') return containsKey(value) ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    if (containsKey(name)) return path;
    const found = findSecret(member, Array.isArray(value) ? path : [...path, name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The validated input of an operation. A key that was pasted into any field is refused here, so that none is ever
 * kept as a name or a description. Throws what the operation declares for its fields, `INVALID_REQUEST` or
 * `SECRET_IN_INPUT`; no error repeats a value.
 */
export function readInput(
  request: FastifyRequest,
  operation: Operation,
  path: string,
  method: string,
): unknown {
  return checkInput(operation, gather(request, path, method));
}

/** As `readInput`, of fields that were put together elsewhere. */
export function checkInput(operation: Operation, fields: Fields): unknown {
  const parsed = operation.input.safeParse(fields, { error: inPlainWords });
  if (!parsed.success) throw toError(operation, fields, parsed.error.issues);
  const found = findSecret(searched(operation, parsed.data), []);
  if (found !== undefined) {
    throw new LatchkeyError('SECRET_IN_INPUT', { details: { field: shownPath(found) } });
  }
  return parsed.data;
}
