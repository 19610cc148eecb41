import { defineCommand } from '../../command.ts';
import { jsonFlag } from '../../flags.ts';
import { writeJson } from '../../output.ts';
import { resolveServer } from '../../server-address.ts';
import { listedProfiles, writeProfiles } from '../profile-list.ts';

export const command = defineCommand({
  summary: 'Show the saved profiles and the server in use',
  flags: jsonFlag,
  examples: ['latchkey config show', 'latchkey config show --json'],
  async run(context, values) {
    const { out, err } = context.terminal;
    const config = context.config.read();
    const { baseUrl, source } = resolveServer(context, {});
    if (values.json) {
      writeJson(out, { profiles: listedProfiles(config), baseUrl, baseUrlSource: source });
      return 0;
    }
    if (config.profiles.size === 0) {
      err.line('No profile is saved yet. Run `latchkey login` or `latchkey auth signup-request` first.');
      return 1;
    }
    out.line('\nLatchkey Configuration\n\n  Profiles:\n');
    writeProfiles(out, config, false);
    out.line(`\n  Base URL: ${baseUrl}  (${source})`);
    out.line(`  File:     ${context.config.file}\n`);
    return 0;
  },
});
