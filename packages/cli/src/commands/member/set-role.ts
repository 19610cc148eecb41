import { roles } from '@latchkey/protocol/permissions';
import { bodyOf } from '../../body-of.ts';
import { defineCommand } from '../../command.ts';
import { reportRefusal } from '../../failure.ts';
import { sessionFlags } from '../../flags.ts';
import { clean, writeJson } from '../../output.ts';
import { inPlace } from '../../place.ts';
import { findMember, whichMember } from './which.ts';

export const command = defineCommand({
  summary: 'Change the role of a member',
  argument: whichMember,
  flags: {
    role: { value: '<role>', summary: 'Role that they get', required: true, choices: roles },
    ...sessionFlags,
  },
  notes: ['In force on their next request. Keys that they have minted keep what they have.'],
  examples: ['latchkey member set-role bob@example.com --role admin'],
  run: (context, values, which = '') =>
    inPlace(context, values, async (place) => {
      const { api, organizationId } = place;
      const member = await findMember(place, which);
      if (!member.success) return reportRefusal(context.terminal, member, values.json);
      const change = { organizationId, memberId: member.id, role: values.role };
      const answer = await api.call('members.changeRole', change);
      if (!answer.success) return reportRefusal(context.terminal, answer, values.json);
      const { data } = answer;
      if (values.json) writeJson(context.terminal.out, bodyOf(answer));
      else context.terminal.out.line(`${clean(data.email)} is now ${clean(data.role)}`);
      return 0;
    }),
});
