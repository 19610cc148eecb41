import type { Request as Asked } from '@latchkey/protocol';
import { UsageError } from '../../command.ts';
import { clean } from '../../output.ts';

type WorkflowInput = Asked<'instances.create'>['workflows'][number];

const modes = ['sync', 'callback'] as const satisfies readonly WorkflowInput['mode'][];

export const workflowFlag = {
  workflow: {
    value: '<id>=<url>',
    summary: 'A workflow and its target; with ,mode=callback and ,timeout=<seconds> behind it. Repeatable',
    repeatable: true,
  },
} as const;

/** What help says of it. */
export const workflowNotes: readonly string[] = [
  "mode=sync (default): the target's answer is the result. mode=callback: the target answers at once and reports later.",
  'timeout: seconds from the trigger to the result (default: 300).',
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

function settingOf(text: string): Partial<WorkflowInput> {
  const [, name, value = ''] = /^([a-z]+)=(.*)$/.exec(text) ?? [];
  if (name === 'mode') return { mode: modeOf(value) };
  if (name === 'timeout') return { timeoutSeconds: timeoutOf(value) };
  throw new UsageError(
    `--workflow: "${clean(text)}" is neither mode=… nor timeout=…. Use --file for other settings.`,
  );
}

/**
 * A workflow as `--workflow` gives it: `<id>=<url>[,mode=…][,timeout=…]`.
 *
 * @throws {UsageError}
 */
export function workflowOf(text: string): WorkflowInput {
  const [target = '', ...settings] = text.split(',');
  const at = target.indexOf('=');
  const [workflowId, targetUrl] = [target.slice(0, at), target.slice(at + 1)];
  if (at < 1 || !/^https?:\/\//.test(targetUrl)) {
    throw new UsageError('--workflow must be <id>=<url>, as main=https://orders.example.com/run');
  }
  return Object.assign({ workflowId, targetUrl }, ...settings.map(settingOf));
}
