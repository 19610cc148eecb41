import { levels } from '@latchkey/protocol/permissions';
import { bodyOf } from '../../body-of.ts';
import { defineCommand } from '../../command.ts';
import { reportRefusal } from '../../failure.ts';
import { sessionFlags } from '../../flags.ts';
import { clean, writeJson } from '../../output.ts';
import { inPlace } from '../../place.ts';
import { restrictionFlags, restrictionNotes, restrictionsOf } from '../restrictions.ts';
import { workspaceText, writeSecret } from './texts.ts';

export const command = defineCommand({
  summary: 'Create an environment key; its secret is printed once',
  flags: {
    name: { value: '<name>', summary: 'Label, e.g. github-actions-deploy', required: true },
    workspace: { value: '<slug>', summary: 'Workspace to restrict the key to (default: tenant-wide)' },
    scope: {
      value: '<scope>',
      summary: 'admin, developer, runner or read-only (default: developer)',
      suggests: [...levels].reverse(),
    },
    description: { value: '<text>', summary: 'Note' },
    ...restrictionFlags,
    ...sessionFlags,
  },
  notes: [
    'Needs a signed-in person: a key never creates a key, and nobody creates one with a greater scope than their own.',
    'At most 5 active keys per workspace, and 5 tenant-wide ones per environment.',
    '',
    ...restrictionNotes,
  ],
  examples: [
    'latchkey key create --name github-actions-deploy --workspace payments --scope developer',
    'latchkey key create --name nightly-report --env prod --scope read-only --json',
  ],
  async run(context, values) {
    const restrictions = restrictionsOf(values);
    return inPlace(context, values, async ({ api, organizationId, environment }) => {
      const { terminal } = context;
      const answer = await api.call('environmentKeys.create', {
        organizationId,
        environment,
        name: values.name,
        workspace: values.workspace,
        // The server says which there are, in the words of the published page.
        level: values.scope as (typeof levels)[number] | undefined,
        description: values.description,
        ...restrictions,
      });
      if (!answer.success) return reportRefusal(terminal, answer, values.json);
      const { name, fingerprint, workspace, level, apiKey } = answer.data;
      if (values.json) {
        writeJson(terminal.out, bodyOf(answer));
        return 0;
      }
      terminal.out.line(`Created key: ${clean(name)}`);
      terminal.out.line(`Fingerprint: ${clean(fingerprint)}`);
      terminal.out.line(`Workspace: ${clean(workspaceText(workspace))}`);
      terminal.out.line(`Scope: ${clean(level)}`);
      writeSecret(terminal, apiKey);
      return 0;
    });
  },
});
