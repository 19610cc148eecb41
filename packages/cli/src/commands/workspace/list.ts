import { bodyOf } from '../../body-of.ts';
import { defineCommand } from '../../command.ts';
import { reportRefusal } from '../../failure.ts';
import { sessionFlags } from '../../flags.ts';
import { localDate, writeJson } from '../../output.ts';
import { inPlace } from '../../place.ts';
import { writeTable } from '../../table.ts';

const head = ['SLUG', 'NAME', 'YOUR LEVEL', 'CREATED', 'WORKSPACE ID'];

export const command = defineCommand({
  summary: 'List the workspaces of an environment, with your level in each',
  flags: sessionFlags,
  examples: ['latchkey workspace list', 'latchkey workspace list --env prod --json'],
  run: (context, values) =>
    inPlace(context, values, async ({ api, organizationId, environment }) => {
      const { out, err } = context.terminal;
      const answer = await api.call('workspaces.list', { organizationId, environment });
      if (!answer.success) return reportRefusal(context.terminal, answer, values.json);
      const rows = answer.data.workspaces.map(({ slug, name, level, createdAt, workspaceId }) => [
        slug,
        name,
        level,
        localDate(createdAt),
        workspaceId,
      ]);
      if (values.json) writeJson(out, bodyOf(answer));
      else if (rows.length === 0) err.line(`No workspaces in ${environment}.`);
      else writeTable(out, [head, ...rows]);
      return 0;
    }),
});
