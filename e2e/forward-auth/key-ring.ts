import { randomBytes } from 'node:crypto';
import { generateKey } from '@latchkey/keys';
import type { Output } from '@latchkey/protocol';
import { call, dataOf } from '../http-client.ts';
import { browserFor } from '../oauth/person.ts';
import type { Account, World } from '../world.ts';

/** The keys of the visitors, one for each thing that can be wrong with one. */
export type KeyName =
  | 'good'
  | 'second'
  | 'verifier'
  | 'withoutScope'
  | 'forReports'
  | 'fromHere'
  | 'fromElsewhere'
  | 'disabled'
  | 'revoked'
  | 'expired'
  | 'malformed'
  | 'unknown'
  | 'foreign'
  | 'prodPayments'
  | 'prodOther'
  | 'dev';

export type KeyRing = Readonly<Record<KeyName, { readonly secret: string; readonly keyId: string }>>;

type Minted = Output<'keys.createForOrganization'> & { readonly secret: string };

/** Makes an organization key of this name; `settings` are what it is bound to, and its scopes. */
export type Mint = (name: string, settings?: object) => Promise<Minted>;

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** Signs the person in on a device, as `latchkey login --device` does; answers an access token. */
async function signIn({ server: { baseUrl }, mail }: World, email: string): Promise<string> {
  const post = async (path: string, fields: Record<string, string>) => {
    const body = new URLSearchParams({ client_id: 'latchkey-cli', ...fields });
    return (await (await fetch(`${baseUrl}/oauth/${path}`, { method: 'POST', body })).json()) as Record<
      string,
      string
    >;
  };
  const device = await post('device', { scope: 'openid email latchkey' });
  const browser = browserFor(() => baseUrl);
  await browser.open('/device');
  await browser.submit('/device', { user_code: device.user_code ?? '' });
  await browser.submit('/device', { confirm: 'yes' });
  await browser.submit('/email', { email });
  await browser.submit('/code', { code: await mail.codeFor(email) });
  await browser.submit('/consent', { decision: 'allow' });
  const token = await post('token', { grant_type: deviceGrant, device_code: device.device_code ?? '' });
  return token.access_token ?? '';
}

/** Makes keys of the first organization of an account, with the scope that the examples ask for. */
export function minter({ server: { baseUrl } }: World, { organizations, personalKey: key }: Account): Mint {
  const url = `${baseUrl}/v1/organizations/${organizations[0]?.id}/keys`;
  return async (name, settings = {}) => {
    const wanted = { name, scopes: ['projects:read'], ...settings };
    const minted = dataOf(await call('keys.createForOrganization', url, wanted, { key }));
    return { ...minted, secret: minted.apiKey };
  };
}

/** Makes keys of environments, in workspaces that are made for them. */
async function environmentKeys(world: World, { email, organizations }: Account) {
  const key = await signIn(world, email);
  const at = `${world.server.baseUrl}/v1/organizations/${organizations[0]?.id}/environments`;
  async function make(environment: string, slug: string) {
    const place = { slug, name: slug };
    dataOf(await call('workspaces.create', `${at}/${environment}/workspaces`, place, { key }));
    const wanted = { name: `${environment}-${slug}`, workspace: slug, level: 'read-only' };
    const made = dataOf(await call('environmentKeys.create', `${at}/${environment}/keys`, wanted, { key }));
    return { secret: made.apiKey, keyId: made.keyId };
  }
  return {
    prodPayments: await make('prod', 'payments'),
    prodOther: await make('prod', 'other'),
    dev: await make('dev', 'payments'),
  };
}

/** A key that fits its checksum and was never issued. */
function unissued(): { secret: string; keyId: string } {
  return { secret: generateKey('organization', randomBytes), keyId: '' };
}

/** Makes every key of the ring for the first organization of an account, the foreign one for somebody else's. */
export async function makeKeyRing(world: World, owner: Account): Promise<KeyRing> {
  const mint = minter(world, owner);
  const end = async (keyId: string, verb: 'revoke' | 'disable') => {
    const url = `${world.server.baseUrl}/v1/keys/${keyId}/${verb}`;
    dataOf(await call(`keys.${verb}`, url, undefined, { key: owner.personalKey }));
  };
  const expired = await mint('expired', { expiresInDays: 1 });
  await world.letTimePass(25 * 60 * 60);
  const [revoked, disabled] = [await mint('revoked'), await mint('disabled')];
  await end(revoked.keyId, 'revoke');
  await end(disabled.keyId, 'disable');
  const stranger = await world.account({ organizations: ['Other'] });
  return {
    good: await mint('good'),
    second: await mint('second'),
    verifier: await mint('verifier', { scopes: ['keys:verify'] }),
    withoutScope: await mint('withoutScope', { scopes: ['instances:read'] }),
    forReports: await mint('forReports', { resources: ['/reports/*'] }),
    fromHere: await mint('fromHere', { allowedAddresses: ['127.0.0.1'] }),
    fromElsewhere: await mint('fromElsewhere', { allowedAddresses: ['203.0.113.0/24'] }),
    malformed: { secret: 'cko_typo', keyId: '' },
    unknown: unissued(),
    foreign: await minter(world, stranger)('foreign', { scopes: ['projects:read', 'keys:verify'] }),
    expired,
    revoked,
    disabled,
    ...(await environmentKeys(world, owner)),
  };
}
