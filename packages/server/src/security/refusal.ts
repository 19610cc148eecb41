import { type ErrorCode, errors, errorsOf, type Operation } from '@latchkey/protocol';
import { afterEach, beforeEach, expect } from 'vitest';
import type { SentRequest } from './places.ts';
import type { Reply, Stage } from './stage.ts';
import type { Dump } from './tables.ts';

/** What a path answers that no operation is asked at. */
const withoutOperation: readonly ErrorCode[] = ['NOT_FOUND', 'INVALID_REQUEST'];

/** But for those of the templates of signatures, which are written like this. */
const unfilled = /\{(?!(?:body|timestamp|id)\})\w+\}/;

/** For tests: a refusal of the caller in the envelope, whole, with a code that the operation declares. */
export function expectRefusal(reply: Reply, operation?: Operation): asserts reply is Reply {
  const { status, headers, body, text } = reply;
  expect(status, text).toBeGreaterThanOrEqual(400);
  expect(status, text).toBeLessThan(500);
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(headers['cache-control']).toBe('no-store');
  expect(Object.keys(body).sort()).toEqual(['error', 'requestId', 'success']);
  expect(body.success).toBe(false);
  expect(body.requestId).toBe(headers['x-request-id']);
  const { code, message, nextAction, details, ...more } = body.error;
  expect(more).toEqual({});
  expect(
    operation === undefined ? withoutOperation : [...errorsOf(operation), ...withoutOperation],
  ).toContain(code);
  expect(status).toBe(errors[code as ErrorCode].status);
  expect(`${message} ${nextAction}`, 'no brace is left unfilled').not.toMatch(unfilled);
  expect(message).toMatch(/\S.*[.!?:\w)$]$/);
  expect(nextAction).toMatch(/\S.*\S/);
  if (details !== undefined) expect(details).toBeTypeOf('object');
}

/** Sends what must be refused with one of these codes; whether it changed anything is for `changesNothing`. */
export async function refuse(
  stage: Stage,
  operation: Operation | undefined,
  request: SentRequest,
  ...codes: ErrorCode[]
): Promise<Reply> {
  const reply = await stage.send(request);
  expectRefusal(reply, operation);
  if (codes.length > 0) expect(codes, reply.text).toContain(reply.body.error.code);
  return reply;
}

/** Whatever a test sends, the whole database is as it was: compared once, since a comparison costs a hundred requests. */
export function changesNothing(stageOf: () => Stage): void {
  let before: Dump;
  beforeEach(async () => {
    before = await stageOf().dumpBesidesAudit();
  });
  afterEach(async () => {
    expect(await stageOf().dumpBesidesAudit()).toEqual(before);
  });
}
