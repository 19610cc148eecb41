import { LatchkeyError } from '@latchkey/protocol';
import type { Logger } from '../../platform/logger.ts';

/** The organization that is about to exist. */
export interface ProvisioningRequest {
  readonly organizationId: string;
  readonly organizationName: string;
  /** The address of the owner, where there is one. */
  readonly ownerEmail: string | undefined;
}

/** Something outside this server that has to know a new organization: an engine, an identity provider. */
export interface Provisioner {
  readonly name: string;
  /** Makes what the organization needs there. Throwing refuses the organization. */
  provision(request: ProvisioningRequest): Promise<void>;
  /** Removes what `provision` made; called when anything later fails, also when nothing was made. */
  undo(request: ProvisioningRequest): Promise<void>;
}

export interface ProvisioningDeps {
  readonly provisioners: readonly Provisioner[];
  readonly log: Logger;
}

async function undoAll(
  deps: ProvisioningDeps,
  started: Provisioner[],
  request: ProvisioningRequest,
): Promise<void> {
  for (const provisioner of started.toReversed()) {
    try {
      await provisioner.undo(request);
    } catch (error) {
      deps.log.error(
        { err: error, provisioner: provisioner.name, organizationId: request.organizationId },
        'undo failed',
      );
    }
  }
}

async function provisionOne(provisioner: Provisioner, request: ProvisioningRequest): Promise<void> {
  try {
    await provisioner.provision(request);
  } catch (cause) {
    const internal = `provisioner ${provisioner.name}`;
    throw new LatchkeyError('ORGANIZATION_CREATION_FAILED', { cause, internal });
  }
}

/**
 * Provisions an organization everywhere, then runs `commit`, which writes it down. Whatever fails, everything
 * that was made is undone: a provisioner's failure becomes `ORGANIZATION_CREATION_FAILED`, one of `commit` is
 * passed on. Provisioners run before the transaction, since they may be slow and a transaction must not wait.
 */
export async function withProvisioning<Result>(
  deps: ProvisioningDeps,
  request: ProvisioningRequest,
  commit: () => Promise<Result>,
): Promise<Result> {
  const started: Provisioner[] = [];
  try {
    for (const provisioner of deps.provisioners) {
      started.push(provisioner);
      await provisionOne(provisioner, request);
    }
    return await commit();
  } catch (error) {
    await undoAll(deps, started, request);
    throw error;
  }
}
