import { defineCommand } from '../../command.ts';
import { sessionFlags } from '../../flags.ts';
import { inPlace } from '../../place.ts';
import { reportOrganization } from './shown.ts';

export const command = defineCommand({
  summary: 'Show the organization',
  flags: sessionFlags,
  examples: ['latchkey organization get', 'latchkey organization get --organization Acme --json'],
  run: (context, values) =>
    inPlace(context, values, async ({ api, organizationId }) => {
      const answer = await api.call('organizations.get', { organizationId });
      return reportOrganization(context.terminal, answer, { heading: 'Organization', json: values.json });
    }),
});
