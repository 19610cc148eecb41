import type { Output } from '@latchkey/protocol';
import type { Answer } from '@latchkey/sdk';
import { bodyOf } from '../../body-of.ts';
import { type Failure, reportRefusal } from '../../failure.ts';
import { type Label, localDate, writeHeading, writeJson, writeLabels } from '../../output.ts';
import type { Terminal } from '../../terminal.ts';

type Shown = Extract<Answer<Output<'organizations.get'>>, { success: true }>;

/** What is known of an organization, for people. */
function labelsOf(organization: Output<'organizations.get'>): Label[] {
  const { organizationId, name, description, size, logo, logoUrl, createdAt } = organization;
  return [
    ['Organization ID', organizationId],
    ['Name', name],
    ['Description', description === '' ? undefined : description],
    ['People', size ?? undefined],
    ['Logo', logo?.path ?? logoUrl ?? undefined],
    ['Created', localDate(createdAt)],
  ];
}

/** Reports what came of reading or changing an organization, under a heading, and answers the exit code. */
export function reportOrganization(
  terminal: Terminal,
  answer: Shown | Failure,
  { heading, json }: { readonly heading: string; readonly json: boolean },
): number {
  if (!answer.success) return reportRefusal(terminal, answer, json);
  if (json) {
    writeJson(terminal.out, bodyOf(answer));
    return 0;
  }
  writeHeading(terminal.out, heading);
  writeLabels(terminal.out, labelsOf(answer.data));
  terminal.out.line('');
  return 0;
}
