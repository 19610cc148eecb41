import { globSync, readFileSync } from 'node:fs';
import { operations } from '@latchkey/protocol';
import { projectPath } from '@latchkey/testkit';
import { describe, expect, it } from 'vitest';
import { actionChoices, actions, sentenceOf } from './actions.ts';

/** Those of the operations, and those that the server writes beside them. */
function actionsWritten(): string[] {
  const audits = Object.values(operations).map((operation) => 'audit' in operation && operation.audit);
  const named = audits
    .map((audit) => (audit ? audit.action : undefined))
    .filter((each) => each !== undefined);
  const files = globSync(projectPath('packages/server/src/domains/**/*.ts')).filter(
    (file) => !/test/.test(file),
  );
  const rules = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/action: '([a-z_]+\.[a-z_]+)', resource: /g)].map(
      ([, name]) => name,
    ),
  );
  return [...new Set([...named, ...rules])].filter((each) => each !== undefined).sort();
}

describe('the actions of the audit trail', () => {
  it('all have words, and no other does', () => {
    const written = actionsWritten();
    expect(written.length).toBeGreaterThan(30);
    expect(Object.keys(actions).sort()).toEqual(written);
  });

  it('are told apart in the list to choose from', () => {
    const labels = actionChoices.map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
  });

  it('are told as what happened, and one that has no words yet as it is written', () => {
    expect(sentenceOf('key.revoke', true, true)).toBe('Revoked the key');
    expect(sentenceOf('instance.create', false, false)).toBe('Tried to make an instance');
    expect(sentenceOf('auth.sign_in', true, true)).toBe('Signed in');
    expect(sentenceOf('later.action', true, true)).toBe('later.action');
  });
});
