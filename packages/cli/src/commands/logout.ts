import { defineCommand } from '../command.ts';
import { withoutProfile } from '../config/profile.ts';
import { jsonFlag } from '../flags.ts';
import { clean, writeHeading, writeJson } from '../output.ts';
import { unknownProfile } from '../profile-choice.ts';

export const command = defineCommand({
  summary: 'Remove a saved profile',
  argument: { name: 'name', summary: 'Profile to remove (default: the active one)', completes: 'profiles' },
  flags: jsonFlag,
  notes: ['The key itself stays valid: `latchkey organization revoke-key` ends it.'],
  examples: ['latchkey logout', 'latchkey logout org-api-key-ci-deploy-key'],
  async run({ config, terminal }, values, name) {
    let removed: string | undefined;
    const { activeProfile } = config.read();
    const hasNone = name === undefined && activeProfile === null;
    const left = hasNone
      ? config.read()
      : config.update((current) => {
          removed = name ?? current.activeProfile ?? '';
          if (!current.profiles.has(removed)) throw unknownProfile(current, removed, '');
          return withoutProfile(current, removed);
        });
    if (values.json) {
      const data = { removed: removed ?? null, activeProfile: left.activeProfile };
      writeJson(terminal.out, { success: true, data });
    } else if (removed === undefined) {
      terminal.err.line('No profile is saved.');
    } else {
      writeHeading(terminal.out, `Removed profile "${clean(removed)}"`);
      const { activeProfile: active } = left;
      terminal.out.line(
        active === null ? '  No profile is left\n' : `  Active profile is now "${clean(active)}"\n`,
      );
    }
    return 0;
  },
});
