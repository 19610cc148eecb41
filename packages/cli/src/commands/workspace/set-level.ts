import { levels } from '@latchkey/protocol/permissions';
import { bodyOf } from '../../body-of.ts';
import { defineCommand, UsageError } from '../../command.ts';
import { reportRefusal } from '../../failure.ts';
import { sessionFlags } from '../../flags.ts';
import { clean, writeJson } from '../../output.ts';
import { inPlace } from '../../place.ts';
import { findMember, whichMember } from '../member/which.ts';

export const command = defineCommand({
  summary: 'Grant a member a level in a workspace, or take it',
  argument: whichMember,
  flags: {
    level: {
      value: '<level>',
      summary: 'admin, developer, runner, read-only, or none to take what was granted',
      required: true,
      choices: [...[...levels].reverse(), 'none'],
    },
    workspace: { value: '<slug>', summary: 'The workspace (default: the context)' },
    ...sessionFlags,
  },
  notes: [
    'A member has the greater of what their role stands for and what they are granted in the workspace.',
  ],
  examples: [
    'latchkey workspace set-level bob@example.com --workspace payments --level developer',
    'latchkey workspace set-level bob@example.com --workspace payments --env prod --level none',
  ],
  run: (context, values, which = '') =>
    inPlace(context, values, async (place) => {
      const { api, organizationId, environment } = place;
      const slug = values.workspace ?? place.workspace;
      if (slug === undefined) throw new UsageError('Missing: --workspace <slug> (the context has none).');
      const member = await findMember(place, which);
      if (!member.success) return reportRefusal(context.terminal, member, values.json);
      const level = values.level === 'none' ? null : (values.level as (typeof levels)[number]);
      const grant = { organizationId, environment, slug, memberId: member.id, level };
      const answer = await api.call('workspaces.setLevel', grant);
      if (!answer.success) return reportRefusal(context.terminal, answer, values.json);
      if (values.json) writeJson(context.terminal.out, bodyOf(answer));
      else context.terminal.out.line(`${clean(which)} is now ${answer.data.level} in ${clean(slug)}`);
      return 0;
    }),
});
