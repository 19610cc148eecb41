import { LatchkeyApiError } from '@latchkey/sdk';
import { describe, expect, it } from 'vitest';
import { refusedFields } from './refused-fields.ts';

function refusal(code: string, details: Record<string, unknown>): LatchkeyApiError {
  const error = { code, message: 'It is refused.', nextAction: 'Correct it.', retryable: false, details };
  return new LatchkeyApiError({ error, status: 400, requestId: 'r', success: false } as ConstructorParameters<
    typeof LatchkeyApiError
  >[0]);
}

describe('what the server says of fields', () => {
  it('is found for each of them', () => {
    const problem = 'workflows.0.workflowId: must be a slug. title: must have at most 100 characters.';
    expect([...refusedFields(refusal('INVALID_REQUEST', { problem }))]).toEqual([
      ['workflows.0.workflowId', 'Must be a slug'],
      ['title', 'Must have at most 100 characters'],
    ]);
  });

  it('is nothing where it is about none', () => {
    expect(refusedFields(refusal('INVALID_REQUEST', { problem: 'the body must be an object.' })).size).toBe(
      0,
    );
    expect(refusedFields(new Error('title: no.')).size).toBe(0);
    expect(refusedFields(null).size).toBe(0);
  });

  it('names the field that a key was pasted into, and the code that a field may be about', () => {
    expect([...refusedFields(refusal('SECRET_IN_INPUT', { field: 'title' })).keys()]).toEqual(['title']);
    expect([...refusedFields(refusal('TARGET_NOT_ALLOWED', {}))]).toEqual([
      ['TARGET_NOT_ALLOWED', 'It is refused.'],
    ]);
  });
});
