import type { Secrets } from '../../platform/secrets.ts';
import type { Store } from '../../storage/index.ts';
import { type Door, loadDoor, signingSecretPurpose } from '../instances/index.ts';
import { type SigningSecret, secretFromText } from '../signatures/index.ts';
import { revisionOf } from './gateway.sql.ts';

const maxKept = 10_000;

/** An instance as the door knows it, with its signing secrets ready to check with. */
export interface KnownDoor extends Door {
  /** Of one workflow, retired ones too. */
  signingSecretsOf(workflowId: string): readonly SigningSecret[];
}

/**
 * What is known of instances, kept in memory. It may be out of date: whoever lets something happen by it has to find
 * its `revision` unchanged in the transaction that makes it happen, and whoever refuses by it has to look again.
 */
export interface Doors {
  /** As it is known, or as it is in the database where nothing is known. */
  known(instanceId: string): Promise<KnownDoor | undefined>;
  /** As it is in the database now. */
  current(instanceId: string): Promise<KnownDoor | undefined>;
}

function withSecrets(door: Door, secrets: Secrets): KnownDoor {
  const opened = new Map<string, readonly SigningSecret[]>();
  function open(workflowId: string): readonly SigningSecret[] {
    const own = door.signingSecrets.filter((each) => each.workflowId === workflowId);
    return own.map(({ signingSecretId: id, isActive, sealed }) =>
      secretFromText(secrets.unseal(sealed, signingSecretPurpose(id)), { id, retired: !isActive }),
    );
  }
  return {
    ...door,
    signingSecretsOf(workflowId) {
      const known = opened.get(workflowId) ?? open(workflowId);
      // Only of workflows that there are: the id comes from the URL.
      if (door.workflows.has(workflowId)) opened.set(workflowId, known);
      return known;
    },
  };
}

export function createDoors({ store, secrets }: { readonly store: Store; readonly secrets: Secrets }): Doors {
  const kept = new Map<string, KnownDoor>();

  async function load(instanceId: string): Promise<KnownDoor | undefined> {
    const door = await loadDoor(store.db, secrets, instanceId);
    if (door === undefined) return undefined;
    const known = withSecrets(door, secrets);
    if (kept.size >= maxKept) kept.clear();
    kept.set(instanceId, known);
    return known;
  }

  return {
    async known(instanceId) {
      return kept.get(instanceId) ?? load(instanceId);
    },
    async current(instanceId) {
      const door = kept.get(instanceId);
      if (door === undefined) return load(instanceId);
      return (await revisionOf(store.db, instanceId)) === door.revision ? door : load(instanceId);
    },
  };
}
