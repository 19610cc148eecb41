import { bodyOf } from '../../body-of.ts';
import { defineCommand } from '../../command.ts';
import { reportRefusal } from '../../failure.ts';
import { sessionFlags } from '../../flags.ts';
import { localDate, writeJson } from '../../output.ts';
import { inPlace } from '../../place.ts';
import { writeTable } from '../../table.ts';

const head = ['EMAIL', 'ROLE', 'SINCE', 'STATUS', 'MEMBER ID'];

export const command = defineCommand({
  summary: 'List the members of the organization, oldest first',
  flags: sessionFlags,
  notes: ['Pending invitations are shown to owners and admins.'],
  examples: ['latchkey member list', 'latchkey member list --organization Acme --json'],
  run: (context, values) =>
    inPlace(context, values, async ({ api, organizationId }) => {
      const answer = await api.call('members.list', { organizationId });
      if (!answer.success) return reportRefusal(context.terminal, answer, values.json);
      if (values.json) {
        writeJson(context.terminal.out, bodyOf(answer));
        return 0;
      }
      const { members, invitations } = answer.data;
      writeTable(context.terminal.out, [
        head,
        ...members.map((each) => [each.email, each.role, localDate(each.since), 'member', each.memberId]),
        ...invitations.map((each) => {
          const status = each.invitedBy === null ? 'invited' : `invited by ${each.invitedBy}`;
          return [each.email, each.role, localDate(each.invitedAt), status, each.memberId];
        }),
      ]);
      return 0;
    }),
});
