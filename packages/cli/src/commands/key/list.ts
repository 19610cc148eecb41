import type { Output } from '@latchkey/protocol';
import { bodyOf } from '../../body-of.ts';
import { defineCommand } from '../../command.ts';
import { everyPage } from '../../every-page.ts';
import { reportRefusal } from '../../failure.ts';
import { sessionFlags } from '../../flags.ts';
import { localDate, writeJson } from '../../output.ts';
import { inPlace } from '../../place.ts';
import { writeTable } from '../../table.ts';
import { instantText, useText, workspaceText } from './texts.ts';

type ListedKey = Output<'environmentKeys.list'>['keys'][number];

function statusOf({ state, endsAt, revokedAt }: ListedKey): string {
  if (state === 'rotating' && endsAt !== null) return `rotating, auto-revokes ${instantText(endsAt)}`;
  return revokedAt === null ? state : `${state} ${instantText(revokedAt)}`;
}

function rowOf(key: ListedKey): string[] {
  const creator = key.createdBy ?? '';
  return [
    key.name,
    key.fingerprint,
    key.level,
    workspaceText(key.workspace),
    key.createdByDeparted ? `${creator} (has left)` : creator,
    localDate(key.createdAt),
    useText(key.lastUsed),
    statusOf(key),
  ];
}

const head = ['NAME', 'FINGERPRINT', 'SCOPE', 'WORKSPACE', 'CREATED BY', 'CREATED', 'LAST USED', 'STATUS'];

export const command = defineCommand({
  summary: 'List the environment keys, newest first, with their last use',
  flags: {
    workspace: { value: '<slug>', summary: 'Only the keys that are restricted to this workspace' },
    all: { summary: 'Also the revoked keys' },
    ...sessionFlags,
  },
  examples: ['latchkey key list', 'latchkey key list --env prod --workspace payments --all --json'],
  run: (context, values) =>
    inPlace(context, values, async ({ api, organizationId, environment }) => {
      const { terminal } = context;
      const { workspace, all, json } = values;
      const state = all ? 'all' : 'active';
      const place = { organizationId, environment, workspace, state, limit: 200 } as const;
      const answer = await everyPage((cursor) => api.call('environmentKeys.list', { ...place, cursor }));
      if (!answer.success) return reportRefusal(terminal, answer, json);
      const { keys } = answer.data;
      if (json) writeJson(terminal.out, bodyOf(answer));
      else if (keys.length === 0) terminal.err.line(`No ${all ? '' : 'active '}keys in ${environment}.`);
      else writeTable(terminal.out, [head, ...keys.map(rowOf)]);
      return 0;
    }),
});
