import { type Context, defineCommand } from '../command.ts';
import type { Config } from '../config/profile.ts';
import { jsonFlag } from '../flags.ts';
import { clean, mask, writeHeading, writeJson, writeLabels } from '../output.ts';
import { unknownProfile } from '../profile-choice.ts';
import { warnIfShadowed } from '../save-profile.ts';
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
    return { ...current, activeProfile: name };
  });
  warnIfShadowed(context, name);
  const profile = changed.profiles.get(name);
  if (json) {
    writeJson(terminal.out, { activeProfile: name, profiles: listedProfiles(changed) });
    return 0;
  }
  writeHeading(terminal.out, `Switched to "${clean(name)}"`);
  writeLabels(terminal.out, [
    ['Organization', profile?.organizationName],
    ['Key', mask(profile?.apiKey ?? '')],
  ]);
  terminal.out.line('');
  return 0;
}

export const command = defineCommand({
  summary: 'List the saved profiles, or switch to one',
  argument: { name: 'name', summary: 'Profile to make active', completes: 'profiles' },
  flags: {
    ...jsonFlag,
    'list-names': { summary: 'Print the names alone, one a line', hidden: true },
  },
  examples: ['latchkey use', 'latchkey use my-organization', 'latchkey use --json'],
  async run(context, values, name) {
    const { config, terminal } = context;
    if (name !== undefined) return switchTo(context, name, values.json);
    const current = config.read();
    if (values['list-names']) {
      for (const each of current.profiles.keys()) terminal.out.line(clean(each));
      return 0;
    }
    if (values.json) {
      writeJson(terminal.out, { activeProfile: current.activeProfile, profiles: listedProfiles(current) });
      return 0;
    }
    return current.profiles.size === 0 ? noProfiles(context) : list(context, current);
  },
});
