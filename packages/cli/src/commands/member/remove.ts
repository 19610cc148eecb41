import { agreed, checkCanAsk, yesFlag } from '../../agreement.ts';
import { bodyOf } from '../../body-of.ts';
import { defineCommand } from '../../command.ts';
import { reportRefusal } from '../../failure.ts';
import { sessionFlags } from '../../flags.ts';
import { clean, writeJson } from '../../output.ts';
import { inPlace } from '../../place.ts';
import { findMember, whichMember } from './which.ts';

export const command = defineCommand({
  summary: 'Remove a member, or withdraw an invitation',
  argument: whichMember,
  flags: { ...yesFlag, ...sessionFlags },
  notes: ['Keys that they have minted stay valid until they are revoked: `latchkey key list` marks them.'],
  examples: ['latchkey member remove bob@example.com', 'latchkey member remove bob@example.com --yes --json'],
  run(context, values, which = '') {
    const { terminal } = context;
    checkCanAsk(context, values.yes);
    return inPlace(context, values, async (place) => {
      const { api, organizationId } = place;
      const member = await findMember(place, which);
      if (!member.success) return reportRefusal(terminal, member, values.json);
      if (!(await agreed(context, `Remove ${clean(which)} from the organization?`, values.yes))) return 1;
      const answer = await api.call('members.remove', { organizationId, memberId: member.id });
      if (!answer.success) return reportRefusal(terminal, answer, values.json);
      if (values.json) writeJson(terminal.out, bodyOf(answer));
      else terminal.out.line(`Removed ${clean(answer.data.email)}. Their keys stay valid.`);
      return 0;
    });
  },
});
