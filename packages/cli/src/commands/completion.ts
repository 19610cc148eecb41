import { type Context, defineCommand, UsageError } from '../command.ts';
import { completionOf, type Shell, shells } from '../completion/shells.ts';
import { jsonFlag } from '../flags.ts';
import { writeHeading, writeJson } from '../output.ts';

function isShell(name: string): name is Shell {
  return (shells as readonly string[]).includes(name);
}

function shellOf({ terminal }: Context, argument: string | undefined): Shell {
  const name = argument ?? terminal.env.SHELL?.split('/').at(-1) ?? '';
  if (isShell(name)) return name;
  throw new UsageError(`Which shell? Give one of: ${shells.join(', ')}`);
}

export const command = defineCommand({
  summary: 'Print a completion script, or install it',
  argument: { name: 'shell', summary: 'bash, zsh or fish (default: from SHELL)', choices: shells },
  flags: {
    install: { summary: "Install it in the shell's own start-up files" },
    uninstall: { summary: 'Take it out again' },
    ...jsonFlag,
  },
  examples: [
    'latchkey completion bash --install',
    'eval "$(latchkey completion bash)"',
    'latchkey completion fish --uninstall',
  ],
  async run(context, { install, uninstall, json }, argument) {
    const { out } = context.terminal;
    if (install && uninstall) throw new UsageError('--install and --uninstall cannot be given together.');
    const shell = shellOf(context, argument);
    if (!install && !uninstall) {
      const script = await completionOf(shell, context.commands);
      if (json) writeJson(out, { success: true, data: { shell, script } });
      else out.line(script);
      return 0;
    }
    const { installCompletion, uninstallCompletion } = await import('../completion/install.ts');
    const change = install ? installCompletion : uninstallCompletion;
    const files = change(shell, await completionOf(shell, context.commands), context.terminal.env);
    if (json) writeJson(out, { success: true, data: { shell, installed: install, files } });
    else {
      writeHeading(out, `Completion for ${shell} ${install ? 'installed' : 'removed'}`);
      for (const file of files) out.line(`  ${file}`);
      out.line(install ? '\nOpen a new shell to use it.\n' : '');
    }
    return 0;
  },
});
