import { type AuditDeps, audited, callOfServer, serverChain } from '../audit/index.ts';
import { markEnded } from './environment-keys.sql.ts';

const rule = { action: 'key.auto_revoke', resource: 'key' } as const;

/** Marks keys revoked whose rotation has ended. However late it runs, they have not been accepted since. */
export async function sweepRotated(deps: AuditDeps): Promise<void> {
  await audited(deps, {
    describe: () => callOfServer('system', rule),
    chainOfRefusal: async () => serverChain,
    work: (audit) =>
      deps.store.write(async (trx) => {
        const ended = await markEnded(trx, deps.clock.now());
        // In one order of organizations: two servers that held each other's next chain would wait for ever.
        ended.sort((one, other) => (String(one.organization_id) < String(other.organization_id) ? -1 : 1));
        for (const { id, organization_id: organizationId, environment, name, fingerprint } of ended) {
          await audit.record(trx, { organizationId, id, environment, details: { name, fingerprint } });
        }
      }),
  });
}
