import { bodyOf } from '../../body-of.ts';
import { defineCommand } from '../../command.ts';
import { reportRefusal } from '../../failure.ts';
import { sessionFlags } from '../../flags.ts';
import { writeHeading, writeJson, writeLabels } from '../../output.ts';
import { inPlace } from '../../place.ts';
import { labelsOf } from './shown.ts';

export const command = defineCommand({
  summary: 'Show the organization',
  flags: sessionFlags,
  examples: ['latchkey organization get', 'latchkey organization get --organization Acme --json'],
  run: (context, values) =>
    inPlace(context, values, async ({ api, organizationId }) => {
      const { terminal } = context;
      const answer = await api.call('organizations.get', { organizationId });
      if (!answer.success) return reportRefusal(terminal, answer, values.json);
      if (values.json) {
        writeJson(terminal.out, bodyOf(answer));
        return 0;
      }
      writeHeading(terminal.out, 'Organization');
      writeLabels(terminal.out, labelsOf(answer.data));
      terminal.out.line('');
      return 0;
    }),
});
