import { describe, expect, it } from 'vitest';
import { browserObstacle, openerOf } from './browser.ts';

const url = 'http://127.0.0.1:4700/oauth/authorize?state=a&code_challenge=b';

function obstacle(env: Record<string, string>, platform = 'linux', files: readonly string[] = []) {
  return browserObstacle(env, { platform, exists: (path) => files.includes(path) });
}

describe('a browser on this machine', () => {
  it.each([
    [{ DISPLAY: ':0' }, 'linux'],
    [{ WAYLAND_DISPLAY: 'wayland-0' }, 'linux'],
    [{ WSL_DISTRO_NAME: 'Debian' }, 'linux'],
    [{}, 'darwin'],
    [{}, 'win32'],
    [{ BROWSER: 'firefox' }, 'linux'],
    [{ DISPLAY: ':0', CI: 'false' }, 'linux'],
    [{ DISPLAY: ':0', SSH_CONNECTION: '' }, 'linux'],
  ])('can be used with %j on %s', (env, platform) => {
    expect(obstacle(env, platform)).toBeUndefined();
  });

  it.each([
    [{}, [], 'there is no display'],
    [{ DISPLAY: ':0', SSH_TTY: '/dev/pts/0' }, [], 'this shell runs over SSH'],
    [{ DISPLAY: ':0', SSH_CLIENT: '10.0.0.1 1 22' }, [], 'this shell runs over SSH'],
    [{ DISPLAY: ':0', CI: '1' }, [], 'this runs in CI'],
    [{ DISPLAY: ':0' }, ['/.dockerenv'], 'this runs in a container'],
    [{ DISPLAY: ':0' }, ['/run/.containerenv'], 'this runs in a container'],
    [{ DISPLAY: ':0', KUBERNETES_SERVICE_HOST: '10.0.0.1' }, [], 'this runs in a container'],
  ])('cannot be used with %j and %j: %s', (env, files, why) => {
    expect(obstacle(env, 'linux', files)).toBe(why);
  });

  it('is trusted where somebody names it in a container, not where the person is elsewhere', () => {
    expect(obstacle({ BROWSER: 'firefox' }, 'linux', ['/.dockerenv'])).toBeUndefined();
    expect(obstacle({ BROWSER: 'firefox', SSH_TTY: '/dev/pts/0' })).toBe('this shell runs over SSH');
  });
});

describe('the command that opens an address', () => {
  it.each([
    [{}, 'linux', ['xdg-open', url]],
    [{ WSL_DISTRO_NAME: 'Debian' }, 'linux', ['wslview', url]],
    [{}, 'darwin', ['open', url]],
    [{}, 'win32', ['rundll32', 'url.dll,FileProtocolHandler', url]],
    [{ BROWSER: 'firefox' }, 'linux', ['firefox', url]],
    [{ BROWSER: 'firefox --new-window %s' }, 'darwin', ['firefox', '--new-window', url]],
    [{ BROWSER: ' ' }, 'linux', ['xdg-open', url]],
  ])('is, with %j on %s, %j', (env, platform, command) => {
    expect(openerOf(url, env, platform)).toEqual(command);
  });

  it('hands the address over as one word, whatever stands in it', () => {
    expect(openerOf('http://x/?a=$(id) b', { BROWSER: 'b' }, 'linux')).toEqual(['b', 'http://x/?a=$(id) b']);
  });
});
