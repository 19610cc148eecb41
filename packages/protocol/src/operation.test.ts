import { containsKey } from '@latchkey/keys';
import { describe, expect, it } from 'vitest';
import {
  accessErrors,
  commonErrors,
  errorsOf,
  keyErrors,
  type Operation,
  takesIdempotencyKey,
} from './operation.ts';
import { operations } from './operations/index.ts';
import { operationIds, routes } from './routes.ts';

describe.each(operationIds)('%s', (id) => {
  const operation: Operation = operations[id];

  it('refuses a field that it does not know', () => {
    const input = { ...(operation.example.input as object), unknownField: 1 };
    expect(operation.input.safeParse(input).success).toBe(false);
  });

  it('declares each error once and leaves shared errors to the shared lists', () => {
    const shared: readonly string[] = [...commonErrors, ...accessErrors(operation.access)];
    expect(operation.errors.filter((code) => shared.includes(code))).toEqual([]);
    expect(new Set(operation.errors).size).toBe(operation.errors.length);
  });

  it('declares the errors that its fields name', () => {
    const named = Object.values(operation.fieldErrors ?? {}).flatMap(({ missing, invalid }) => [
      missing,
      ...(invalid === undefined ? [] : [invalid]),
    ]);
    expect(named.filter((code) => !operation.errors.includes(code))).toEqual([]);
  });

  it('names only fields of its input in its field errors', () => {
    const first = Object.keys(operation.fieldErrors ?? {}).map((path) => path.split('.')[0]);
    expect(first.filter((name) => name === undefined || !(name in operation.input.shape))).toEqual([]);
  });

  it('answers key errors exactly when it needs a key', () => {
    const answers = errorsOf(operation);
    const needsKey = operation.access.kind === 'key' || operation.access.kind === 'door';
    expect(keyErrors.every((code) => answers.includes(code))).toBe(needsKey);
    expect(keyErrors.some((code) => answers.includes(code))).toBe(needsKey);
  });

  it('answers in its own words where it has them, and only then', () => {
    const { access } = operation;
    if (access.kind !== 'key') return;
    const answers = errorsOf(operation);
    expect(answers.includes('UNAUTHORIZED')).toBe(access.unauthenticated === undefined);
    expect(answers.includes('KEY_FAMILY_NOT_ALLOWED')).toBe(access.refusal === undefined);
    expect(answers.includes('SESSION_INVALID')).toBe(access.families.includes('session'));
  });

  it('is audited exactly when it changes something', () => {
    const isOwnRecord = ['door', 'input-secret'].includes(operation.access.kind);
    expect(operation.audit !== undefined).toBe(
      routes[id].method !== 'GET' && !isOwnRecord && !operation.readsOnly,
    );
  });

  it('says that it shows a secret exactly when its example does', () => {
    if (!takesIdempotencyKey(operation)) return;
    const answer = JSON.stringify(operation.example.output);
    expect(operation.showsSecret ?? false).toBe(/EXAMPLE_NOT_A_KEY|whsec_/.test(answer));
  });

  it('shows no working key in its example', () => {
    expect(containsKey(JSON.stringify(operation.example))).toBe(false);
  });
});
