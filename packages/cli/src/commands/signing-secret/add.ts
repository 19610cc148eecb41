import type { Request as Asked } from '@latchkey/protocol';
import { callAndReport } from '../../call.ts';
import { defineCommand } from '../../command.ts';
import { callFlags } from '../../flags.ts';
import { writeHeading, writeLabels } from '../../output.ts';
import { hmacFlags, hmacSettingsOf } from './hmac.ts';
import { workflowFlags, workflowPlace } from './place.ts';
import { secretFlags, signingSecretOf } from './secret-input.ts';
import { signingSecretLabels } from './shown.ts';

type Scheme = NonNullable<Asked<'signingSecrets.add'>['scheme']>;
const schemes = ['standard', 'stripe', 'github', 'hmac'] as const satisfies readonly Scheme[];

export const command = defineCommand({
  summary: 'Add a signing secret: who signs with it may trigger this workflow, and nothing else',
  flags: {
    ...workflowFlags,
    scheme: {
      value: '<scheme>',
      summary: `How the sender signs: ${schemes.join(', ')} (default: standard)`,
      choices: schemes,
    },
    label: { value: '<text>', summary: 'What people call it' },
    'tolerance-seconds': {
      value: '<seconds>',
      summary: "How far the sender's clock may be off, either way (default: 300)",
      number: true,
    },
    ...secretFlags,
    ...hmacFlags,
    ...callFlags,
  },
  notes: [
    'standard: Standard Webhooks, also as Svix spells it (Resend, Clerk and others).',
    'The secret is what the sender shows, as it is shown. Without --secret - and --secret-file a person is asked.',
    'Several may be active at once. To rotate: add the new one, change the sender, retire the old one.',
  ],
  examples: [
    'latchkey signing-secret add --process-instance-id <id> --workflow-id main --scheme stripe --label "Stripe, live"',
    'latchkey signing-secret add --process-instance-id <id> --workflow-id main --scheme github --secret -',
    'latchkey signing-secret add --process-instance-id <id> --workflow-id main --scheme hmac --hmac-header x-signature --hmac-prefix sha256= --secret-file secret.txt --json',
  ],
  async run(context, values) {
    const { scheme, label, 'tolerance-seconds': toleranceSeconds } = values;
    const place = workflowPlace(context, values);
    const settings = await hmacSettingsOf(context, scheme, values);
    const secret = await signingSecretOf(context, values);
    const input = { ...place, scheme, label, toleranceSeconds, settings, secret };
    return callAndReport(context, values, 'signingSecrets.add', input, (added) => {
      writeHeading(context.terminal.out, 'Signing secret added');
      writeLabels(context.terminal.out, signingSecretLabels(added));
      context.terminal.out.line('');
    });
  },
});
