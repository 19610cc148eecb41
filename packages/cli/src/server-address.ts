import { type Route, routes } from '@latchkey/protocol/routes';
import { type Context, UsageError } from './command.ts';
import { profileInUse, profileOfFlag } from './profile-choice.ts';

export const defaultBaseUrl = 'http://127.0.0.1:4700';

export interface AddressFlags {
  readonly 'base-url'?: string | undefined;
  readonly 'api-url'?: string | undefined;
  readonly profile?: string | undefined;
}

/** The server that a command talks to. */
export interface ServerAddress {
  /** Without slashes at its end. */
  readonly baseUrl: string;
  /** `flag (--base-url)`, `env (LATCHKEY_BASE_URL)`, `profile "<name>"`, `default`. */
  readonly source: string;
  /** The whole address of the endpoint, when one was given. */
  readonly apiUrl: string | undefined;
}

/** Whether an address is on this machine for certain. */
export function isLoopbackUrl({ hostname }: URL): boolean {
  return /^(127(\.\d+){3}|\[::1\]|localhost)$/.test(hostname);
}

function checkedUrl(text: string, where: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`${where} must be an http or https address, like ${defaultBaseUrl}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError(`${where} must not hold a user name or a password.`);
  }
  return url.href;
}

function checkedBaseUrl(text: string, where: string): string {
  const url = new URL(checkedUrl(text, where));
  if (url.search !== '' || url.hash !== '') {
    throw new UsageError(`${where} must be an address without ? and #.`);
  }
  return url.href.replace(/\/+$/, '');
}

const endpointPaths = Object.values(routes).flatMap((route: Route) =>
  route.published === undefined ? [route.path] : [route.path, route.published.path],
);

/** The base URL that an endpoint's full address stands on; its origin where the path is not known. */
function baseUrlOf(apiUrl: string): string {
  const { origin, pathname } = new URL(apiUrl);
  const path = endpointPaths.find((each) => pathname.endsWith(each));
  return origin + (path === undefined ? '' : pathname.slice(0, -path.length));
}

function chooseBaseUrl(context: Context, flags: AddressFlags): Omit<ServerAddress, 'apiUrl'> {
  const { 'base-url': byFlag } = flags;
  if (byFlag !== undefined) {
    return { baseUrl: checkedBaseUrl(byFlag, '--base-url'), source: 'flag (--base-url)' };
  }
  const fromEnv = context.terminal.env.LATCHKEY_BASE_URL;
  const named = profileOfFlag(context, flags.profile);
  if (named?.profile.baseUrl === undefined && fromEnv) {
    return { baseUrl: checkedBaseUrl(fromEnv, 'LATCHKEY_BASE_URL'), source: 'env (LATCHKEY_BASE_URL)' };
  }
  const { name, profile } = named ?? profileInUse(context) ?? {};
  if (profile?.baseUrl === undefined) return { baseUrl: defaultBaseUrl, source: 'default' };
  const source = `profile "${name}"`;
  return { baseUrl: checkedBaseUrl(profile.baseUrl, source), source };
}

/**
 * The server in use: flag, then environment, then profile, then the default. A named `--profile` brings its
 * own server before `LATCHKEY_BASE_URL`, so that its key does not go to another one.
 *
 * @throws {UsageError} for an address that cannot be used.
 */
export function resolveServer(context: Context, flags: AddressFlags): ServerAddress {
  const { 'api-url': apiUrl } = flags;
  if (apiUrl === undefined) return { ...chooseBaseUrl(context, flags), apiUrl: undefined };
  const checked = checkedUrl(apiUrl, '--api-url');
  return { baseUrl: baseUrlOf(checked), source: 'flag (--api-url)', apiUrl: checked };
}
