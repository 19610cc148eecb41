import { randomUUID } from 'node:crypto';
import { requestsPerSecond } from './load.ts';
import { postRequest } from './requests.ts';

/** Active keys that an organization may have: the limit that the server holds. */
const keysPerOrganization = 20;

const setUpConnections = 8;

/** An identifier like those of the server. */
function inventedId(): string {
  return randomUUID().slice(0, 20);
}

/** Gives organizations that still have room for a key; each id as often as it has. */
export interface OrganizationSupply {
  /** Creates organizations until that many keys fit into those that were not handed out. */
  ensureRoom(keys: number): Promise<void>;
  /** Ids for that many keys, spread over the organizations; room must have been made. */
  take(keys: number): string[];
}

function organizationIdIn(answer: string): string {
  const id = /"organizationId":"([^"]+)"/.exec(answer)?.[1];
  if (id === undefined) throw new Error('the answer names no organization');
  return id;
}

/** A supply on a started server; `adminKey` needs the scope organizations:create. */
export function supplyOrganizations(port: number, adminKey: string): OrganizationSupply {
  let fresh: string[] = [];
  return {
    async ensureRoom(keys) {
      const missing = Math.ceil(keys / keysPerOrganization) - fresh.length;
      const request = postRequest(
        '/v1/organizations',
        { authorization: `Bearer ${adminKey}` },
        { name: 'Bench' },
      );
      await requestsPerSecond({
        port,
        connections: setUpConnections,
        requests: Array.from({ length: Math.max(0, missing) }, () => request),
        onAnswer: (answer) => fresh.push(organizationIdIn(answer)),
      });
    },
    take(keys) {
      const used = fresh.slice(0, Math.ceil(keys / keysPerOrganization));
      fresh = fresh.slice(used.length);
      return Array.from({ length: keys }, (_, index) => used[index % used.length] as string);
    },
  };
}

/** Ids spread in the same way, for a server that knows no organizations: index pages are then touched alike. */
export function inventOrganizations(): OrganizationSupply {
  return {
    ensureRoom: async () => {},
    take(keys) {
      const ids = Array.from({ length: Math.ceil(keys / keysPerOrganization) }, inventedId);
      return Array.from({ length: keys }, (_, index) => ids[index % ids.length] as string);
    },
  };
}
