import { bodyOf } from '../../body-of.ts';
import { defineCommand } from '../../command.ts';
import { reportRefusal } from '../../failure.ts';
import { sessionFlags } from '../../flags.ts';
import { clean, writeJson } from '../../output.ts';
import { inPlace } from '../../place.ts';

export const command = defineCommand({
  summary: 'Create a workspace in an environment',
  flags: {
    name: { value: '<name>', summary: 'Display name', required: true },
    slug: { value: '<slug>', summary: 'Its name in commands: a-z, 0-9 and -', required: true },
    ...sessionFlags,
  },
  notes: ['The same slug in another environment is another workspace. Needs the role owner or admin.'],
  examples: [
    'latchkey workspace create --name Payments --slug payments',
    'latchkey workspace create --name Payments --slug payments --env prod --json',
  ],
  run: (context, values) =>
    inPlace(context, values, async ({ api, organizationId, environment }) => {
      const { name, slug, json } = values;
      const answer = await api.call('workspaces.create', { organizationId, environment, name, slug });
      if (!answer.success) return reportRefusal(context.terminal, answer, json);
      const { data } = answer;
      if (json) writeJson(context.terminal.out, bodyOf(answer));
      else context.terminal.out.line(`Created workspace: ${clean(data.slug)} (${clean(data.workspaceId)})`);
      return 0;
    }),
});
