import type { Output } from '@latchkey/protocol';
import { clean, type Label, labelLines, writeHeading, writeLabels } from '../../output.ts';
import type { Terminal } from '../../terminal.ts';
import { rateLimitText } from '../rate-limit.ts';
import { statusText } from './texts.ts';

type Instance = Output<'instances.get'>;
type Workflow = Instance['workflows'][number];

function labelsOf(instance: Instance): Label[] {
  return [
    ['Instance ID', instance.processInstanceId],
    ['Process ID', instance.processId],
    ['Environment', instance.environment],
    ['Status', statusText(instance)],
    ['Version', instance.currentVersion],
    ['Title', instance.title],
    ['Shared With', instance.sharedWith],
    ['Query Keys', instance.queryKeys ? 'on' : 'off'],
    ['Concurrency', String(instance.maxConcurrency)],
    ['Rate Limit', rateLimitText(instance.rateLimit)],
    ['Key Prefix', instance.keyPrefix],
  ];
}

function moreLabels({ idempotent, inputSchema }: Workflow): Label[] {
  return [
    ['Idempotent', idempotent ? 'yes' : 'no'],
    ['Payload', inputSchema === null ? undefined : 'checked against a JSON Schema'],
  ];
}

function workflowLines(workflow: Workflow, inFull: boolean): string[] {
  const { workflowId, name, triggerUrl, targetUrl, mode, timeoutSeconds } = workflow;
  const title = name === workflowId ? workflowId : `${workflowId} (${name})`;
  const labels: Label[] = [
    ['Trigger URL', triggerUrl],
    ['Target URL', targetUrl],
    ['Mode', mode],
    ['Timeout', `${timeoutSeconds} s`],
    ...(inFull ? moreLabels(workflow) : []),
  ];
  return [`- ${title}`, ...labelLines(labels).map((line) => `  ${line}`)];
}

/** An instance in the order of contract/codika.md G.7.7; `inFull` says all of its workflows. */
export function writeInstance({ out }: Terminal, heading: string, instance: Instance, inFull: boolean): void {
  writeHeading(out, heading);
  writeLabels(out, labelsOf(instance));
  const parameters = Object.entries(instance.deployment?.deploymentParameters ?? {});
  if (parameters.length > 0) out.line('\n  Deployment Parameters:');
  for (const [name, value] of parameters) out.line(`    ${clean(name)}: ${clean(JSON.stringify(value))}`);
  out.line('\n  Workflows:');
  const lines = instance.workflows.flatMap((workflow) => workflowLines(workflow, inFull));
  for (const line of lines) out.line(`    ${clean(line)}`);
  out.line('');
}
