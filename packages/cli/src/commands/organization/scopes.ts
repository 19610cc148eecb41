import { organizationScopes, scopes } from '@latchkey/protocol/permissions';
import { UsageError } from '../../command.ts';

/**
 * The scopes of a comma list. Which of them exist is for the server to say.
 *
 * @throws {UsageError} when the list is empty.
 */
export function scopeList(text: string): string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new UsageError('--scopes is empty. Give at least one scope.');
  return names;
}

/** The scopes that an organization key can hold, for help. */
export const scopeNotes: readonly string[] = [
  'Scopes:',
  ...organizationScopes.map((scope) => `  ${scope.padEnd(20)} ${scopes[scope].description}`),
];
