import type { Request as Asked, Output } from '@latchkey/protocol';
import type { Api } from '../../api.ts';
import { defineCommand } from '../../command.ts';
import { type Failure, reportRefusal } from '../../failure.ts';
import { environments } from '../../flags.ts';
import { writeJson } from '../../output.ts';
import { inPlace } from '../../place.ts';
import { writeTable } from '../../table.ts';
import { chainFlags } from './flags.ts';
import { instantOf } from './instant.ts';

type Page = Pick<Output<'audit.list'>, 'events' | 'nextCursor'>;
type Event = Page['events'][number];

const maxPage = 200;
const defaultLimit = 50;

/** So many events, newest first; the first failure ends it. */
async function listed(
  api: Api,
  filter: Asked<'audit.list'>,
  limit: number,
): Promise<{ readonly success: true; readonly data: Page } | Failure> {
  const events: Event[] = [];
  let cursor: number | undefined;
  for (;;) {
    const answer = await api.call('audit.list', {
      ...filter,
      cursor,
      limit: Math.min(limit - events.length, maxPage),
    });
    if (!answer.success) return answer;
    events.push(...answer.data.events);
    const { nextCursor } = answer.data;
    if (nextCursor === null || events.length >= limit) return { success: true, data: { events, nextCursor } };
    cursor = nextCursor;
  }
}

function actorOf({ actor }: Event): string {
  return actor.email ?? actor.fingerprint ?? actor.id ?? actor.kind;
}

function rowOf(event: Event): string[] {
  const { at, action, outcome, code, resource, environment, workspace, address } = event;
  return [
    at.slice(0, 19).replace('T', ' '),
    action,
    code === null ? outcome : `${outcome}: ${code}`,
    actorOf(event),
    `${resource.type} ${resource.id ?? ''}`.trim(),
    [environment, workspace].filter((each) => each !== null).join('/'),
    address ?? '',
  ];
}

const head = ['TIME (UTC)', 'ACTION', 'OUTCOME', 'ACTOR', 'RESOURCE', 'WHERE', 'FROM'];

export const command = defineCommand({
  summary: 'List who changed what and who was refused, newest first',
  flags: {
    action: { value: '<action>', summary: 'Only this action, as key.create or auth.login' },
    actor: {
      value: '<who>',
      summary: 'Only what this person or key did: email address, name of a key, a part of them, or an id',
    },
    resource: { value: '<id>', summary: 'Only what was done to this' },
    outcome: { value: '<outcome>', summary: 'Only these', choices: ['done', 'refused', 'failed'] },
    env: { value: '<env>', summary: 'Only in this environment', choices: environments },
    workspace: { value: '<slug>', summary: 'Only in this workspace' },
    since: { value: '<time>', summary: 'From then on: 2026-03-30, or 30m, 12h, 7d ago' },
    until: { value: '<time>', summary: 'Before then' },
    limit: { value: '<count>', summary: `How many (default: ${defaultLimit})`, number: true },
    ...chainFlags,
  },
  notes: ['Owners and admins may read it, and keys with the scope api-keys:manage.'],
  examples: [
    'latchkey audit --since 7d --outcome refused',
    'latchkey audit --action key.create --workspace payments --json',
  ],
  async run(context, values) {
    const { terminal } = context;
    const { action, actor, resource, outcome, env: environment, workspace, limit = defaultLimit } = values;
    const since = instantOf('--since', values.since, terminal.now());
    const until = instantOf('--until', values.until, terminal.now());
    return inPlace(context, values, async ({ api, organizationId }) => {
      const filter = {
        organizationId,
        action,
        actor,
        resource,
        outcome,
        environment,
        workspace,
        since,
        until,
      };
      const answer = await listed(api, filter, limit);
      if (!answer.success) return reportRefusal(terminal, answer, values.json);
      const { events, nextCursor } = answer.data;
      if (values.json) writeJson(terminal.out, answer.data);
      else if (events.length === 0) terminal.err.line('No audit events.');
      else writeTable(terminal.out, [head, ...events.map(rowOf)]);
      if (!values.json && nextCursor !== null) terminal.err.line(`There are more: --limit ${limit * 2}`);
      return 0;
    });
  },
});
