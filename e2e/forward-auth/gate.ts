import { type Account, emptySqlite, startWorld, type World } from '../world.ts';
import { type Application, startApplication } from './application.ts';
import { type KeyRing, type Mint, makeKeyRing, minter } from './key-ring.ts';
import { type Edit, type Places, type ProxyName, type RunningProxy, startProxy } from './proxy.ts';

export const audience = 'https://reports.example';

/** A Latchkey, an application and what stands between them. */
export interface Gate {
  readonly world: World;
  readonly owner: Account;
  readonly application: Application;
  readonly keys: KeyRing;
  /** Makes an organization key with the scope that the examples ask for. */
  readonly mint: Mint;
  /** What the examples' files are filled in with. */
  readonly places: Places;
  /** Starts a proxy by the example's file; what is started here ends with the gate. */
  proxy(name: ProxyName, edit?: Edit): Promise<RunningProxy>;
  close(): Promise<void>;
}

/** Starts all but the proxies. Latchkey believes proxies on this machine where a visitor is. */
export async function openGate(): Promise<Gate> {
  const world = await startWorld(emptySqlite(), {}, { LATCHKEY_TRUSTED_PROXIES: '127.0.0.1' });
  const owner = await world.account();
  const keys = await makeKeyRing(world, owner);
  const application = await startApplication(world.server.baseUrl, audience);
  const places = {
    LATCHKEY_ADDRESS: new URL(world.server.baseUrl).host,
    APPLICATION_ADDRESS: application.address,
    LATCHKEY_ORGANIZATION: owner.organizations[0]?.id ?? '',
    LATCHKEY_VERIFIER_KEY: keys.verifier.secret,
    AUDIENCE: audience,
  };
  const proxies: RunningProxy[] = [];
  return {
    world,
    owner,
    application,
    keys,
    mint: minter(world, owner),
    places,
    async proxy(name, edit) {
      const proxy = await startProxy(name, places, edit);
      proxies.push(proxy);
      return proxy;
    },
    async close() {
      await Promise.all(proxies.map((proxy) => proxy.stop()));
      await application.close();
      await world.close();
    },
  };
}
