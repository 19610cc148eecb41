import type { Failure } from '../failure.ts';
import { keyUseOf } from '../identity.ts';

const environments = { ck_dev_: 'dev', ck_sandbox_: 'sandbox', ck_live_: 'prod' } as const;

function environmentOf(apiKey: string): string | undefined {
  return Object.entries(environments).find(([prefix]) => apiKey.startsWith(prefix))?.[1];
}

function failureOf(code: string, message: string, nextAction: string): Failure {
  return { success: false, status: 0, error: { code, message, nextAction } };
}

/** What a key is, and where it belongs, that nobody logs in with; undefined for the others. */
export function elsewhereOf(apiKey: string): Failure | undefined {
  const use = keyUseOf(apiKey);
  if (use === 'management') return undefined;
  if (use === 'instance') {
    return failureOf(
      'instance-key',
      'This is an instance key: it triggers the workflows of one process instance, and nothing else.',
      'Use it with `latchkey trigger`; other senders present it as X-API-Key. Where it is refused: `latchkey instance key reveal <processInstanceId>` shows owners and admins the one that counts.',
    );
  }
  const environment = environmentOf(apiKey) ?? 'dev';
  return failureOf(
    'environment-key',
    `This is an environment key of ${environment}: services present it, and no command acts with it.`,
    `They present it as X-API-Key or Authorization: Bearer. GET /v1/environments/${environment}/whoami says what it may.`,
  );
}
