import { callAndReport } from '../../call.ts';
import { defineCommand } from '../../command.ts';
import { callFlags } from '../../flags.ts';
import { localDate } from '../../output.ts';
import { writeTable } from '../../table.ts';
import { workflowFlags, workflowPlace } from './place.ts';
import type { SigningSecret } from './shown.ts';

const labelWidth = 24;
const head = ['LABEL', 'SCHEME', 'STATE', 'CREATED', 'RETIRED', 'SIGNING SECRET ID'];

function rowOf({ label, scheme, state, createdAt, retiredAt, signingSecretId }: SigningSecret): string[] {
  const retired = retiredAt === null ? '-' : localDate(retiredAt);
  return [label, scheme, state, localDate(createdAt), retired, signingSecretId];
}

export const command = defineCommand({
  summary: 'List the signing secrets of a workflow, oldest first; never the secrets themselves',
  flags: { ...workflowFlags, ...callFlags },
  examples: ['latchkey signing-secret list --process-instance-id <id> --workflow-id main --json'],
  run(context, values) {
    const { out, err } = context.terminal;
    const place = workflowPlace(context, values);
    return callAndReport(context, values, 'signingSecrets.list', place, ({ signingSecrets }) => {
      if (signingSecrets.length === 0) err.line(`No signing secrets for ${place.workflowId}.`);
      else writeTable(out, [head, ...signingSecrets.map(rowOf)], { 0: labelWidth });
    });
  },
});
