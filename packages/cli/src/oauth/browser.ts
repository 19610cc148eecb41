type Environment = Readonly<Record<string, string | undefined>>;

/** Facts about this machine that decide whether a browser can be used here. */
export interface Machine {
  readonly platform: string;
  exists(path: string): boolean;
}

function isContainer({ env, exists }: Machine & { readonly env: Environment }): boolean {
  return (
    Boolean(env.container || env.KUBERNETES_SERVICE_HOST) ||
    exists('/.dockerenv') ||
    exists('/run/.containerenv')
  );
}

/**
 * Why no browser of this machine can sign somebody in, or undefined when one can. Somebody who names a program in
 * `BROWSER` knows that there is one; where the shell is on another machine than the person, that does not help.
 */
export function browserObstacle(env: Environment, { platform, exists }: Machine): string | undefined {
  if (env.SSH_CONNECTION || env.SSH_TTY || env.SSH_CLIENT) return 'this shell runs over SSH';
  if (env.CI && env.CI !== 'false' && env.CI !== '0') return 'this runs in CI';
  if (env.BROWSER) return undefined;
  if (isContainer({ env, platform, exists })) return 'this runs in a container';
  const hasDisplay = platform !== 'linux' || env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME;
  return hasDisplay ? undefined : 'there is no display';
}

/** The program of `BROWSER`; `%s` in it stands for the address, which otherwise comes last. */
function namedProgram(named: string, url: string): string[] {
  const words = named.split(/\s+/).filter((word) => word !== '');
  return named.includes('%s') ? words.map((word) => word.replaceAll('%s', () => url)) : [...words, url];
}

/** The command that opens an address, without a shell that could read something into it. */
export function openerOf(url: string, env: Environment, platform: string): string[] {
  if (env.BROWSER?.trim()) return namedProgram(env.BROWSER, url);
  if (platform === 'darwin') return ['open', url];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url];
  return env.WSL_DISTRO_NAME ? ['wslview', url] : ['xdg-open', url];
}

/** Starts the browser and does not wait for it; that it is missing is no failure. */
export async function openInBrowser(url: string, env: Environment): Promise<void> {
  const { spawn } = await import('node:child_process');
  const [program = '', ...args] = openerOf(url, env, process.platform);
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
