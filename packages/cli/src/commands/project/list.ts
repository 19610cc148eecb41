import type { Output } from '@latchkey/protocol';
import { callAndReport, organizationIdOf } from '../../call.ts';
import { defineCommand } from '../../command.ts';
import { callFlags, organizationIdFlag } from '../../flags.ts';
import { clean, localDate } from '../../output.ts';
import { writeTable } from '../../table.ts';
import { checkedLimit, limitFlag } from '../limit.ts';

type Listed = Output<'projects.list'>['projects'][number];

function rowOf({ id, name, status, hasPublishedProcess, createdAt }: Listed): string[] {
  const created = createdAt === null ? '-' : localDate(createdAt);
  return [name, status, hasPublishedProcess ? 'yes' : 'no', created, id];
}

/** contract/codika.md G.7.7 */
const nameWidth = 34;
const head = ['Name', 'Status', 'Published', 'Created', 'Project ID'];

export const command = defineCommand({
  summary: 'List the projects of an organization, newest first',
  flags: {
    archived: { summary: 'Only the archived ones' },
    ...limitFlag,
    ...organizationIdFlag,
    ...callFlags,
  },
  notes: ['Owners and admins see all projects, other members their own.'],
  examples: ['latchkey project list', 'latchkey list projects --archived --limit 100 --json'],
  run(context, values) {
    const { out, err } = context.terminal;
    const { archived } = values;
    const limit = checkedLimit(values.limit);
    return callAndReport(
      context,
      values,
      'projects.list',
      (identity) => ({ organizationId: organizationIdOf(values, identity), archived, limit }),
      ({ projects, organizationId }) => {
        if (projects.length === 0) return err.line(`No ${archived ? 'archived ' : ''}projects.`);
        out.line(`\n● Projects (${clean(organizationId)})\n`);
        writeTable(out, [head, ...projects.map(rowOf)], { 0: nameWidth });
        out.line('');
      },
    );
  },
});
