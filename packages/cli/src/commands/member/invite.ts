import { roles } from '@latchkey/protocol/permissions';
import { bodyOf } from '../../body-of.ts';
import { defineCommand } from '../../command.ts';
import { reportRefusal } from '../../failure.ts';
import { sessionFlags } from '../../flags.ts';
import { clean, writeJson } from '../../output.ts';
import { inPlace } from '../../place.ts';

export const command = defineCommand({
  summary: 'Invite a person by email',
  argument: { name: 'email', summary: 'Their address', required: true },
  flags: {
    role: { value: '<role>', summary: 'Role that they get (default: developer)', choices: roles },
    ...sessionFlags,
  },
  notes: ['They become a member by logging in. Inviting again changes the role and mails again.'],
  examples: ['latchkey member invite bob@example.com', 'latchkey member invite bob@example.com --role admin'],
  run: (context, values, email = '') =>
    inPlace(context, values, async ({ api, organizationId }) => {
      const answer = await api.call('members.invite', { organizationId, email, role: values.role });
      if (!answer.success) return reportRefusal(context.terminal, answer, values.json);
      const { data } = answer;
      if (values.json) writeJson(context.terminal.out, bodyOf(answer));
      else context.terminal.out.line(`Invited ${clean(data.email)} as ${clean(data.role)}`);
      return 0;
    }),
});
