import { defineCommand } from '../../command.ts';
import { withoutProfile } from '../../config/profile.ts';
import { jsonFlag, profileFlag } from '../../flags.ts';
import { clean, writeHeading, writeJson } from '../../output.ts';
import { unknownProfile } from '../../profile-choice.ts';

export const command = defineCommand({
  summary: 'Delete all saved profiles, or one',
  flags: { profile: { ...profileFlag.profile, summary: 'Delete this profile alone' }, ...jsonFlag },
  notes: [
    'The keys themselves stay valid: `latchkey organization revoke-key` ends them. Sessions go on at their servers:',
    '`latchkey logout` ends one.',
  ],
  examples: ['latchkey config clear', 'latchkey config clear --profile old'],
  async run({ config, terminal }, values) {
    const { profile } = values;
    if (profile === undefined) config.clear();
    else {
      config.update((current) => {
        if (!current.profiles.has(profile)) throw unknownProfile(current, profile, '--profile: ');
        return withoutProfile(current, profile);
      });
    }
    if (values.json) writeJson(terminal.out, { success: true, data: { removed: profile ?? null } });
    else if (profile === undefined) writeHeading(terminal.out, 'Configuration cleared');
    else writeHeading(terminal.out, `Removed profile "${clean(profile)}"`);
    return 0;
  },
});
