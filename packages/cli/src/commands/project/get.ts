import type { Output } from '@latchkey/protocol';
import { callAndReport } from '../../call.ts';
import { defineCommand } from '../../command.ts';
import { callFlags } from '../../flags.ts';
import { type Label, localDate, writeHeading, writeLabels } from '../../output.ts';
import { checkedId } from '../ids.ts';

type Project = Output<'projects.get'>;

function deploymentText({ currentDeployment }: Project): string | undefined {
  if (currentDeployment === null) return undefined;
  const { version, deployedAt } = currentDeployment;
  return deployedAt === null ? `v${version}` : `v${version} (${localDate(deployedAt)})`;
}

function labelsOf(project: Project): Label[] {
  const { description, processId, createdAt } = project;
  return [
    ['Project ID', project.id],
    ['Name', project.name],
    ['Description', description === '' ? undefined : description],
    ['Status', project.status],
    ['Published', project.hasPublishedProcess ? 'yes' : 'no'],
    ['Process ID', processId ?? undefined],
    ['Deployment', deploymentText(project)],
    ['Stages', `${project.stageCount} (current: ${project.currentStage})`],
    ['Created', createdAt === null ? undefined : localDate(createdAt)],
    ['Archived', project.archived ? 'yes' : undefined],
  ];
}

export const command = defineCommand({
  summary: 'Show a project',
  argument: { name: 'projectId', summary: 'Project, as `latchkey project list` shows it', required: true },
  flags: callFlags,
  examples: ['latchkey project get <id>', 'latchkey get project <id> --json'],
  run(context, values, argument = '') {
    const { out } = context.terminal;
    const projectId = checkedId('The project', argument);
    return callAndReport(context, values, 'projects.get', { projectId }, (project) => {
      writeHeading(out, 'Project');
      writeLabels(out, labelsOf(project));
      out.line('');
    });
  },
});
