import { callAndReport } from '../../call.ts';
import { defineCommand } from '../../command.ts';
import { callFlags } from '../../flags.ts';
import { writeHeading, writeLabels } from '../../output.ts';
import { checkedSecretId, secretArgument, workflowFlags, workflowPlace } from './place.ts';
import { signingSecretLabels } from './shown.ts';

export const command = defineCommand({
  summary: 'Label a signing secret',
  argument: secretArgument,
  flags: {
    ...workflowFlags,
    label: { value: '<text>', summary: 'What people call it', required: true },
    ...callFlags,
  },
  examples: [
    'latchkey signing-secret label <id> --process-instance-id <id> --workflow-id main --label "Stripe, live"',
  ],
  run(context, values, argument = '') {
    const { out } = context.terminal;
    const signingSecretId = checkedSecretId(argument);
    const input = { ...workflowPlace(context, values), signingSecretId, label: values.label };
    return callAndReport(context, values, 'signingSecrets.update', input, (secret) => {
      writeHeading(out, 'Signing secret labelled');
      writeLabels(out, signingSecretLabels(secret));
      out.line('');
    });
  },
});
