import type { Output } from '@latchkey/protocol';
import { clean, type Label, paint, shellWord, writeLabels, writeWarning } from '../../output.ts';
import type { Terminal } from '../../terminal.ts';
import { queryKeysReason } from './settings.ts';

type Instance = Output<'instances.get'>;
type Listed = Output<'instances.list'>['instances'][number];
type Secrets = Output<'instances.revealKey'>;

/** The status of an instance in the words of contract/codika.md G.7.7. */
export function statusText({ archived, isActive, deployment }: Instance): string {
  if (archived) return 'archived';
  if (deployment === null) return `${isActive ? 'active' : 'inactive'} (no deployment)`;
  const { deploymentStatus } = deployment;
  return deploymentStatus === 'deployed' ? `deployed (${isActive ? 'active' : 'paused'})` : deploymentStatus;
}

/** The status as lists know it: without the deployment. */
export function listedStatusText({ archived, isActive, inactiveReason }: Listed): string {
  if (archived) return 'archived';
  if (isActive) return 'active';
  return inactiveReason === 'user_paused' ? 'paused' : 'inactive';
}

/** What senders and targets need, and nobody else may have. */
export function secretLabels({ apiKey, webhookSecret, keyId }: Secrets): Label[] {
  return [
    ['Instance Key', apiKey],
    ['Key ID', keyId],
    ['Webhook Secret', webhookSecret],
  ];
}

/** What stands above them. */
export function warnOfSecrets({ out }: Terminal): void {
  const text = 'Key and webhook secret are passwords: they belong on servers, never in a browser.';
  out.line(`${paint(out, 'yellow', `⚠ ${text}`)}\n`);
}

/** The secrets of an instance, and where each belongs. */
export function writeSecrets(terminal: Terminal, secrets: Secrets): void {
  const { out, err } = terminal;
  warnOfSecrets(terminal);
  writeLabels(out, [['Instance ID', secrets.processInstanceId], ...secretLabels(secrets)]);
  out.line('');
  err.line('  Senders present the key as X-API-Key; targets check our signature with the webhook secret.\n');
}

/** A line to trigger a workflow by. The key is a variable: it must not get into the history of a shell. */
export function curlLine(triggerUrl: string): string {
  const headers = `-H "X-API-Key: $LATCHKEY_INSTANCE_KEY" -H 'Content-Type: application/json'`;
  return `curl -X POST ${headers} -d '{"payload":{}}' ${shellWord(clean(triggerUrl))}`;
}

/** Why one would switch query keys off, where they are on. */
export function hintAtQueryKeys({ err }: Terminal, { queryKeys, processInstanceId }: Instance): void {
  if (!queryKeys) return;
  writeWarning(err, `The key is also accepted as ?api_key= in the URL. ${queryKeysReason}`);
  const line = `latchkey instance update ${clean(processInstanceId)} --query-keys off`;
  err.line(`  Unless a sender cannot set headers, switch that off: ${line}`);
}
