import { createHmac } from 'node:crypto';
import { isSameSecret } from '../../platform/same-secret.ts';
import type { Secrets } from '../../platform/secrets.ts';

/**
 * What a workflow proves with that it was given an execution: 43 characters, made from the execution's id under a key
 * of the server, so that it is kept nowhere and is the same after a crash.
 */
export function executionSecretOf(
  { executionKey }: Pick<Secrets, 'executionKey'>,
  executionId: string,
): string {
  return createHmac('sha256', executionKey).update(executionId).digest('base64url');
}

/** Compares in constant time. */
export function isExecutionSecret(secrets: Secrets, executionId: string, presented: string): boolean {
  return isSameSecret(executionSecretOf(secrets, executionId), presented);
}
