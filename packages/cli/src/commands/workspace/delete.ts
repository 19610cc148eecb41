import { agreed, checkCanAsk, yesFlag } from '../../agreement.ts';
import { bodyOf } from '../../body-of.ts';
import { defineCommand } from '../../command.ts';
import { reportRefusal } from '../../failure.ts';
import { sessionFlags } from '../../flags.ts';
import { clean, writeJson } from '../../output.ts';
import { inPlace } from '../../place.ts';

export const command = defineCommand({
  summary: 'Delete a workspace and revoke the keys that are restricted to it',
  argument: { name: 'slug', summary: 'The workspace', required: true },
  flags: { ...yesFlag, ...sessionFlags },
  notes: ['The records of its keys are kept, and the slug is free again. Needs the role owner or admin.'],
  examples: ['latchkey workspace delete payments', 'latchkey workspace delete payments --env prod --yes'],
  run(context, values, slug = '') {
    const { terminal } = context;
    checkCanAsk(context, values.yes);
    return inPlace(context, values, async ({ api, organizationId, environment }) => {
      const question = `Delete workspace "${clean(slug)}" in ${environment} and revoke its keys?`;
      if (!(await agreed(context, question, values.yes))) return 1;
      const answer = await api.call('workspaces.delete', { organizationId, environment, slug });
      if (!answer.success) return reportRefusal(terminal, answer, values.json);
      const { revokedKeys } = answer.data;
      if (values.json) writeJson(terminal.out, bodyOf(answer));
      else terminal.out.line(`Deleted workspace: ${clean(answer.data.slug)} (keys revoked: ${revokedKeys})`);
      return 0;
    });
  },
});
