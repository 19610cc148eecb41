import { agreed, checkCanAsk, yesFlag } from '../../agreement.ts';
import { callAndReport } from '../../call.ts';
import { defineCommand } from '../../command.ts';
import { callFlags } from '../../flags.ts';
import { writeHeading, writeLabels } from '../../output.ts';
import { checkedSecretId, secretArgument, workflowFlags, workflowPlace } from './place.ts';
import { signingSecretLabels } from './shown.ts';

export const command = defineCommand({
  summary: 'Retire a signing secret: what is signed with it is refused at once',
  argument: secretArgument,
  flags: { ...workflowFlags, ...yesFlag, ...callFlags },
  notes: ['A retired secret never becomes active again; its record is kept.'],
  examples: ['latchkey signing-secret retire <id> --process-instance-id <id> --workflow-id main --yes'],
  async run(context, values, argument = '') {
    const { out } = context.terminal;
    const signingSecretId = checkedSecretId(argument);
    const input = { ...workflowPlace(context, values), signingSecretId };
    checkCanAsk(context, values.yes);
    const question = `Retire ${signingSecretId}? What is signed with it is refused at once.`;
    if (!(await agreed(context, question, values.yes))) return 1;
    return callAndReport(context, values, 'signingSecrets.retire', input, (secret) => {
      writeHeading(out, 'Signing secret retired');
      writeLabels(out, signingSecretLabels(secret));
      out.line('');
    });
  },
});
