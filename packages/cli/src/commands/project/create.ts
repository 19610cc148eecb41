import { callAndReport, organizationIdOf } from '../../call.ts';
import { defineCommand } from '../../command.ts';
import { callFlags, organizationIdFlag } from '../../flags.ts';
import { writeHeading, writeLabels } from '../../output.ts';

export const command = defineCommand({
  summary: 'Create a project, which groups the instances of one automation',
  flags: {
    name: { value: '<name>', summary: 'Project name', required: true },
    description: { value: '<text>', summary: 'Description' },
    ...organizationIdFlag,
    ...callFlags,
  },
  notes: [
    'An instance needs none: `latchkey instance create` makes a project of the same name where none is given.',
  ],
  examples: ['latchkey project create --name Orders', 'latchkey project create --name Orders --json'],
  run(context, values) {
    const { out } = context.terminal;
    const { name, description } = values;
    return callAndReport(
      context,
      values,
      'projects.create',
      (identity) => ({ organizationId: organizationIdOf(values, identity), name, description }),
      ({ projectId }, requestId) => {
        writeHeading(out, 'Project Created Successfully');
        writeLabels(out, [
          ['Project ID', projectId],
          ['Request ID', requestId],
        ]);
        out.line('');
      },
    );
  },
});
