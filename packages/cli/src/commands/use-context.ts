import { type Api, apiOf } from '../api.ts';
import { type Context, UsageError } from '../command.ts';
import { type Environment, type SessionProfile, withActiveProfile } from '../config/profile.ts';
import { contextNamed, withContexts } from '../contexts.ts';
import { type Failure, reportRefusal } from '../failure.ts';
import { resolveSession } from '../identity.ts';
import { notSignedIn } from '../oauth/access-token.ts';
import { contextsMeant, isMeant, organizationUnclear } from '../organization-choice.ts';
import { clean, writeHeading, writeJson, writeLabels } from '../output.ts';
import { warnIfShadowed } from '../save-profile.ts';
import { resolveServer } from '../server-address.ts';
import { contextLabels } from './labels.ts';
import { listedProfile } from './profile-list.ts';

export interface ContextChange {
  readonly organization: string | undefined;
  readonly env: Environment | undefined;
  readonly workspace: string | undefined;
  readonly 'no-workspace': boolean;
}

type Found = { readonly success: true; readonly name: string } | Failure;

/** The context of an organization; the server is asked about one that the person has only just joined. */
async function contextOfOrganization(
  context: Context,
  api: Api,
  baseUrl: string,
  wanted: string,
): Promise<Found> {
  const { config } = context;
  const saved = contextsMeant(config.read(), baseUrl, wanted);
  const [only] = saved;
  if (only !== undefined && saved.length === 1) return { success: true, name: only[0] };
  const me = await api.call('sessions.me', {});
  if (!me.success) return me;
  const known = contextsMeant(
    config.update((current) => withContexts(current, baseUrl, me.data)),
    baseUrl,
    wanted,
  );
  const [joined] = known;
  if (joined !== undefined && known.length === 1) return { success: true, name: joined[0] };
  const { organizations } = me.data;
  const fitting = organizations.filter((each) => isMeant(wanted, each));
  return organizationUnclear(wanted, fitting, organizations);
}

/** A workspace belongs to an environment: changing that leaves it. */
function changed(profile: SessionProfile, change: ContextChange): SessionProfile {
  const { env = profile.environment, workspace } = change;
  const stays = env === profile.environment && !change['no-workspace'];
  return { ...profile, environment: env, workspace: workspace ?? (stays ? profile.workspace : undefined) };
}

/** Whether the workspace that was asked for is there; undefined when it is, or none was asked for. */
async function workspaceProblem(
  api: Api,
  profile: SessionProfile,
  wanted: string | undefined,
): Promise<Failure | undefined> {
  const { organizationId, environment } = profile;
  if (wanted === undefined) return undefined;
  if (organizationId === undefined) throw new UsageError('You belong to no organization yet.');
  const answer = await api.call('workspaces.list', { organizationId, environment });
  if (!answer.success) return answer;
  if (answer.data.workspaces.some(({ slug }) => slug === wanted)) return undefined;
  const message = `Workspace not found: ${wanted}`;
  const nextAction = `List the workspaces of ${environment}: \`latchkey workspace list --env ${environment}\`.`;
  return { success: false, status: 404, error: { code: 'WORKSPACE_NOT_FOUND', message, nextAction } };
}

function writeUsed(context: Context, name: string, profile: SessionProfile, json: boolean): number {
  const { terminal, config } = context;
  if (json) {
    writeJson(terminal.out, { success: true, data: listedProfile(config.read(), name, profile) });
    return 0;
  }
  writeHeading(terminal.out, `Switched to "${clean(name)}"`);
  writeLabels(terminal.out, contextLabels(profile));
  terminal.out.line('');
  return 0;
}

/** Changes where a signed-in person works, and makes that context active; answers the exit code. */
export async function useContext(
  context: Context,
  named: string | undefined,
  change: ContextChange,
  json: boolean,
): Promise<number> {
  const { config, terminal } = context;
  const server = resolveServer(context, { profile: named });
  const identity = await resolveSession(context, { profile: named }, server.baseUrl);
  if (identity?.kind !== 'session') return reportRefusal(terminal, notSignedIn, json);
  const { baseUrl, chosen } = identity;
  const api = apiOf(context, server, identity);
  const { organization } = change;
  if (organization === undefined && chosen === undefined) {
    throw new UsageError('No context is in use: give --organization too.');
  }
  const found: Found =
    organization === undefined
      ? { success: true, name: chosen?.name ?? '' }
      : await contextOfOrganization(context, api, baseUrl, organization);
  if (!found.success) return reportRefusal(terminal, found, json);
  const { name } = found;
  const profile = changed(contextNamed(config.read(), name), change);
  const problem = await workspaceProblem(api, profile, change.workspace);
  if (problem !== undefined) return reportRefusal(terminal, problem, json);
  config.update((current) => withActiveProfile(current, name, profile));
  warnIfShadowed(context, name);
  return writeUsed(context, name, profile, json);
}
