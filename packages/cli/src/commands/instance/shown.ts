import type { Output } from '@latchkey/protocol';
import { clean, type Label, writeHeading, writeLabels } from '../../output.ts';
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

function detailLines({ triggerUrl, targetUrl, mode, timeoutSeconds, inputSchema }: Workflow): string[] {
  return [
    `  Trigger URL:  ${triggerUrl}`,
    `  Target URL:   ${targetUrl}`,
    `  Mode:         ${mode}, within ${timeoutSeconds} s`,
    ...(inputSchema === null ? [] : ['  Payload:      checked against a JSON Schema']),
  ];
}

function workflowLines(workflow: Workflow, inFull: boolean): string[] {
  const { workflowId, name } = workflow;
  const title = name === workflowId ? workflowId : `${workflowId} (${name})`;
  return inFull ? [title, ...detailLines(workflow)] : [`- ${title}`];
}

/** An instance in the order of contract/codika.md G.7.7; `inFull` also says where its workflows lead. */
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
