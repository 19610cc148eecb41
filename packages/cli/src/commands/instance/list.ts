import type { Output } from '@latchkey/protocol';
import { callAndReport, organizationIdOf } from '../../call.ts';
import { defineCommand } from '../../command.ts';
import { callFlags, environments, organizationIdFlag } from '../../flags.ts';
import { clean } from '../../output.ts';
import { writeTable } from '../../table.ts';
import { checkedLimit, limitFlag } from '../limit.ts';
import { listedStatusText } from './texts.ts';

type Listed = Output<'instances.list'>['instances'][number];

function rowOf(instance: Listed): string[] {
  const { title, environment, currentVersion, lastExecutedAt, processInstanceId } = instance;
  const lastExecuted = lastExecutedAt === null ? 'never' : lastExecutedAt.slice(0, 16).replace('T', ' ');
  return [title, environment, listedStatusText(instance), currentVersion, lastExecuted, processInstanceId];
}

/** contract/codika.md G.7.7 */
const titleWidth = 32;
const states = ['active', 'paused'] as const;
const head = ['Title', 'Env', 'Status', 'Version', 'Last Executed', 'Instance ID'];

export const command = defineCommand({
  summary: 'List the process instances of an organization, last executed first',
  flags: {
    environment: { value: '<env>', summary: 'Only in this environment', choices: environments },
    archived: { summary: 'Only the archived ones' },
    state: { value: '<state>', summary: 'Only the active or the paused ones', choices: states },
    text: { value: '<text>', summary: 'Only those with this in their title, id or the name of a workflow' },
    offset: { value: '<count>', summary: 'Without so many, from the first on', number: true },
    ...limitFlag,
    ...organizationIdFlag,
    ...callFlags,
  },
  notes: ['Times are UTC. Owners and admins see all instances, other members their own and the shared ones.'],
  examples: [
    'latchkey instance list',
    'latchkey list instances --environment prod --limit 100 --json',
    'latchkey instance list --text orders --state paused',
  ],
  run(context, values) {
    const { out, err } = context.terminal;
    const { environment, archived, state, text, offset } = values;
    const limit = checkedLimit(values.limit);
    const wanted = { environment, archived, state, text, limit, offset };
    return callAndReport(
      context,
      values,
      'instances.list',
      (identity) => ({ organizationId: organizationIdOf(values, identity), ...wanted }),
      ({ instances, count, total, organizationId }) => {
        if (instances.length === 0) return err.line(`No ${archived ? 'archived ' : ''}process instances.`);
        out.line(`\n● Process Instances (${clean(organizationId)})\n`);
        writeTable(out, [head, ...instances.map(rowOf)], { 0: titleWidth });
        out.line('');
        const seen = (offset ?? 0) + count;
        if (seen < total) err.line(`${total - seen} more: go on with --offset ${seen}.`);
      },
    );
  },
});
