import { type Client, createClient } from '@latchkey/sdk';
import { allowDevice, newcomer } from './oauth/person.ts';

/** Somebody who is signed in, with an organization of their own. */
export interface Owner {
  readonly client: Client;
  /** For clients of other servers. */
  readonly identity: { readonly accessToken: string };
  readonly organizationId: string;
}

/** Signs a new person in on a device. `issuer` is where the server says that it is. */
export async function newOwner(baseUrl: string, issuer = baseUrl): Promise<Owner> {
  const send = async (path: string, fields: Record<string, string>) => {
    const body = new URLSearchParams({ client_id: 'latchkey-cli', ...fields });
    return await (await fetch(`${baseUrl}/oauth/${path}`, { method: 'POST', body })).json();
  };
  const device = (await send('device', { scope: 'latchkey' })) as { device_code: string; user_code: string };
  await allowDevice(baseUrl, device.user_code, newcomer(), issuer);
  const grant = 'urn:ietf:params:oauth:grant-type:device_code';
  const redeemed = await send('token', { grant_type: grant, device_code: device.device_code });
  const identity = { accessToken: (redeemed as { access_token: string }).access_token };
  const client = createClient({ baseUrl, ...identity });
  const { organizationId } = await client.callOrThrow('organizations.create', { name: 'Acme' });
  return { client, identity, organizationId };
}
