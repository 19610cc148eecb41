import { defineCommand, UsageError } from '../../command.ts';
import { sessionFlags } from '../../flags.ts';
import { inPlace } from '../../place.ts';
import { logoFields } from './logo.ts';
import { reportOrganization } from './shown.ts';
import { sizes } from './sizes.ts';

export const command = defineCommand({
  summary: 'Change the name, description, size or logo',
  flags: {
    name: { value: '<name>', summary: 'Organization name, 2 to 100 characters' },
    description: { value: '<text>', summary: 'Description' },
    size: {
      value: '<size>',
      summary: `Number of people: ${sizes.join(', ')}; off for none`,
      choices: [...sizes, 'off'],
    },
    logo: {
      value: '<file>',
      summary: 'JPEG, PNG or WebP picture, up to 5 MB; off for none',
      completes: 'files',
    },
    ...sessionFlags,
  },
  notes: ['Needs the role owner or admin. What is not given stays as it is.'],
  examples: [
    'latchkey organization update --name "Acme Corp"',
    'latchkey organization update --logo ./acme.png --size 11-50',
  ],
  async run(context, values) {
    const { terminal } = context;
    const { name, description, size, logo } = values;
    if ([name, description, size, logo].every((value) => value === undefined)) {
      throw new UsageError('Nothing to change. Give --name, --description, --size or --logo.');
    }
    const change = {
      name,
      description,
      size: size === 'off' ? null : size,
      ...(logo === 'off' ? { logo: null } : logoFields(terminal.cwd, logo)),
    };
    return inPlace(context, values, async ({ api, organizationId }) => {
      const answer = await api.call('organizations.update', { organizationId, ...change });
      return reportOrganization(terminal, answer, { heading: 'Organization Updated', json: values.json });
    });
  },
});
