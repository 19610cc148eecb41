import type { Request as Asked } from '@latchkey/protocol';
import { UsageError } from '../../command.ts';
import { clean } from '../../output.ts';

type WorkflowInput = Asked<'instances.create'>['workflows'][number];

const modes = ['sync', 'callback'] as const satisfies readonly WorkflowInput['mode'][];

export const workflowFlag = {
  workflow: {
    value: '<id>=<url>',
    summary:
      'A workflow and its target, an http or https URL; with ,mode=callback ,timeout=<seconds> ,idempotent=yes behind it. Repeatable',
    repeatable: true,
  },
} as const;

/** What help says of it. */
export const workflowNotes: readonly string[] = [
  "mode=sync (default): the target's answer is the result. mode=callback: the target answers at once and reports later.",
  'timeout: seconds from the trigger to the result (default: 300).',
  'idempotent=yes: the target may be called again where nobody knows what came of a call (default: no).',
  'A target whose URL holds a comma, and a JSON Schema for the payload, are given by --file.',
];

function modeOf(text: string): WorkflowInput['mode'] {
  const mode = modes.find((each) => each === text);
  if (mode === undefined) throw new UsageError(`--workflow: mode must be one of: ${modes.join(', ')}`);
  return mode;
}

function timeoutOf(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new UsageError('--workflow: timeout must be whole seconds.');
  return Number(text);
}

function idempotentOf(text: string): boolean {
  if (text !== 'yes' && text !== 'no') throw new UsageError('--workflow: idempotent must be yes or no.');
  return text === 'yes';
}

function settingOf(text: string): Partial<WorkflowInput> {
  const [, name, value = ''] = /^([a-z]+)=(.*)$/.exec(text) ?? [];
  if (name === 'mode') return { mode: modeOf(value) };
  if (name === 'timeout') return { timeoutSeconds: timeoutOf(value) };
  if (name === 'idempotent') return { idempotent: idempotentOf(value) };
  throw new UsageError(
    `--workflow: "${clean(text)}" is none of mode=…, timeout=… and idempotent=…. Use --file for other settings.`,
  );
}

/** Whether a URL names a user before its host; slashes as browsers read them, all that follow one another. */
const hasUser = /^https?:[/\\]*[^/\\?#]*@/i;

/** What is wrong with a target, before the server judges it; never quoted, for it may hold a password. */
function checkTarget(url: string): void {
  if (!/^https?:\/\//i.test(url)) {
    throw new UsageError('--workflow: the URL of the target must start with http:// or https://.');
  }
  if (!URL.canParse(url)) throw new UsageError('--workflow: what stands for the target is no URL.');
}

/**
 * A workflow as `--workflow` gives it: `<id>=<url>[,mode=…][,timeout=…][,idempotent=…]`.
 *
 * @throws {UsageError}
 */
export function workflowOf(text: string): WorkflowInput {
  const [, workflowId, rest = ''] = /^([^=,]+)=(.+)$/s.exec(text) ?? [];
  if (workflowId === undefined) {
    throw new UsageError('--workflow must be <id>=<url>, as main=https://orders.example.com/run');
  }
  // Before the commas are read as such: a password may hold one.
  if (hasUser.test(rest)) {
    throw new UsageError('--workflow: the URL of a target must not hold a user or a password.');
  }
  const [targetUrl = '', ...settings] = rest.split(',');
  checkTarget(targetUrl);
  return Object.assign({ workflowId, targetUrl }, ...settings.map(settingOf));
}
