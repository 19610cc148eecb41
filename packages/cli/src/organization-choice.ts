import type { Context } from './command.ts';
import type { Config, SessionProfile } from './config/profile.ts';
import { slug } from './config/profile-name.ts';
import { contextsOf } from './config/sessions.ts';
import type { Failure } from './failure.ts';
import { clean } from './output.ts';

interface Organization {
  readonly id: string;
  readonly name: string;
}

/** Whether a person means this organization: its id, its name, or the name as one word. */
export function isMeant(wanted: string, { id, name }: Organization): boolean {
  return id === wanted || name.toLowerCase() === wanted.toLowerCase() || slug(name) === wanted;
}

/** The saved contexts of a server whose organization a person means. */
export function contextsMeant(config: Config, baseUrl: string, wanted: string): [string, SessionProfile][] {
  return contextsOf(config, baseUrl).filter(([, { organizationId: id, organizationName: name = '' }]) => {
    return id !== undefined && isMeant(wanted, { id, name });
  });
}

/** That a wish fits none of the organizations of a person, or several. */
export function organizationUnclear(
  wanted: string,
  fitting: readonly Organization[],
  all: readonly Organization[],
): Failure {
  const isAmbiguous = fitting.length > 1;
  const message = isAmbiguous
    ? `Several organizations are called ${wanted}.`
    : `You do not belong to an organization ${wanted}.`;
  const nextAction = 'Give the id of one of these: `--organization <id>`.';
  const details = { organizations: isAmbiguous ? fitting : all };
  const code = isAmbiguous ? 'ORGANIZATION_AMBIGUOUS' : 'ORGANIZATION_NOT_FOUND';
  return { success: false, status: 0, error: { code, message, nextAction, details } };
}

/** That several organizations are possible and none was named. */
export function notChosen(organizations: readonly Organization[]): Failure {
  const message = 'You are signed in, but no organization is chosen.';
  const nextAction = 'Choose one: `latchkey use --organization <id>`.';
  const error = { code: 'ORGANIZATION_NOT_CHOSEN', message, nextAction, details: { organizations } };
  return { success: false, status: 0, error };
}

/** A numbered choice (contract/culvii.md E.2); what is no number of the list is asked again. */
async function askWhich(
  { terminal }: Context,
  organizations: readonly Organization[],
): Promise<Organization | undefined> {
  terminal.err.line('You belong to multiple tenants. Please select one:');
  for (const [index, { name }] of organizations.entries()) terminal.err.line(`[${index + 1}] ${clean(name)}`);
  for (;;) {
    const answer = await terminal.ask('>');
    if (answer === undefined) return undefined;
    const chosen = /^\d+$/.test(answer) ? organizations[Number(answer) - 1] : undefined;
    if (chosen !== undefined) return chosen;
    terminal.err.line(`Type a number from 1 to ${organizations.length}.`);
  }
}

type Choice = { readonly success: true; readonly name: string } | Failure;

/** The organization in use before, where nobody can be asked. */
function inUseBefore(config: Config, contexts: readonly [string, SessionProfile][]): string | undefined {
  return contexts.find(([name]) => name === config.activeProfile)?.[0];
}

/** The context that a person who has just signed in is to work in; its name. */
export async function chooseOrganization(
  context: Context,
  config: Config,
  baseUrl: string,
  organizations: readonly Organization[],
  wanted: string | undefined,
): Promise<Choice> {
  const contexts = contextsOf(config, baseUrl);
  const ofOrganization = (organization: Organization | undefined): Choice => {
    const found = contexts.find(([, { organizationId }]) => organizationId === organization?.id);
    return found === undefined ? notChosen(organizations) : { success: true, name: found[0] };
  };
  if (wanted !== undefined) {
    const fitting = organizations.filter((each) => isMeant(wanted, each));
    if (fitting.length === 1) return ofOrganization(fitting[0]);
    return organizationUnclear(wanted, fitting, organizations);
  }
  if (organizations.length < 2) return ofOrganization(organizations[0]);
  if (context.terminal.isInteractive) return ofOrganization(await askWhich(context, organizations));
  const before = inUseBefore(config, contexts);
  return before === undefined ? notChosen(organizations) : { success: true, name: before };
}
