import { type Context, defineCommand, UsageError } from '../command.ts';
import { type Config, switchedTo } from '../config/profile.ts';
import { environments, jsonFlag } from '../flags.ts';
import { clean, mask, writeHeading, writeJson, writeLabels } from '../output.ts';
import { unknownProfile } from '../profile-choice.ts';
import { warnIfShadowed } from '../save-profile.ts';
import { contextLabels } from './labels.ts';
import { listedProfiles, writeProfiles } from './profile-list.ts';

function noProfiles({ terminal }: Context): number {
  terminal.err.line('No profile is saved yet. Run `latchkey login` or `latchkey auth signup-request` first.');
  return 1;
}

function list({ terminal }: Context, config: Config): number {
  const { out } = terminal;
  out.line('\nProfiles:\n');
  writeProfiles(out, config, true);
  out.line('\nSwitch with: latchkey use <name>\n');
  return 0;
}

function switchTo(context: Context, name: string, json: boolean): number {
  const { config, terminal } = context;
  const changed = config.update((current) => {
    if (!current.profiles.has(name)) throw unknownProfile(current, name, '');
    return switchedTo(current, name);
  });
  warnIfShadowed(context, name);
  const profile = changed.profiles.get(name);
  if (json) {
    writeJson(terminal.out, { activeProfile: name, profiles: listedProfiles(changed) });
    return 0;
  }
  writeHeading(terminal.out, `Switched to "${clean(name)}"`);
  if (profile?.type === 'session') writeLabels(terminal.out, contextLabels(profile));
  else {
    const { organizationName, apiKey = '' } = profile ?? {};
    writeLabels(terminal.out, [
      ['Organization', organizationName],
      ['Key', mask(apiKey)],
    ]);
  }
  terminal.out.line('');
  return 0;
}

export const command = defineCommand({
  summary: 'List the saved profiles, or switch profile, organization, environment or workspace',
  argument: { name: 'name', summary: 'Profile to make active', completes: 'profiles' },
  flags: {
    organization: { value: '<name>', summary: 'Organization to work in, by id or name' },
    env: { value: '<env>', summary: 'Environment to work in', choices: environments },
    workspace: { value: '<slug>', summary: 'Workspace to work in' },
    'no-workspace': { summary: 'Work in no workspace' },
    ...jsonFlag,
    'list-names': { summary: 'Print the names alone, one a line', hidden: true },
  },
  notes: ['Organization, environment and workspace are those of a signed-in person: `latchkey login`.'],
  examples: [
    'latchkey use',
    'latchkey use my-organization',
    'latchkey use --organization Acme --env prod --workspace payments',
    'latchkey use --json',
  ],
  async run(context, values, name) {
    const { config, terminal } = context;
    const { organization, env, workspace, json } = values;
    if (workspace !== undefined && values['no-workspace']) {
      throw new UsageError('--workspace and --no-workspace cannot be given together.');
    }
    const isChange = [organization, env, workspace].some((each) => each !== undefined);
    if (isChange || values['no-workspace']) {
      const { useContext } = await import('./use-context.ts');
      return useContext(context, name, values, json);
    }
    if (name !== undefined) return switchTo(context, name, json);
    const current = config.read();
    if (values['list-names']) {
      for (const each of current.profiles.keys()) terminal.out.line(clean(each));
      return 0;
    }
    if (json) {
      writeJson(terminal.out, { activeProfile: current.activeProfile, profiles: listedProfiles(current) });
      return 0;
    }
    return current.profiles.size === 0 ? noProfiles(context) : list(context, current);
  },
});
