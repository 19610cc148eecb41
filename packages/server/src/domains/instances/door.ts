import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Environment } from '@latchkey/keys';
import type { RateLimit, SigningScheme, WorkflowMode } from '@latchkey/protocol';
import type { Secrets } from '../../platform/secrets.ts';
import { decodeRateLimit, type Reader } from '../../storage/index.ts';
import { type CountedKey, countedKey } from '../key-activity/index.ts';
import { findDoor } from './door.sql.ts';
import { compileInputSchema } from './input-schema.ts';
import { webhookSecretPurpose } from './instance-key.ts';
import { findSealedSecrets } from './secrets-of-instance.sql.ts';
import { findWorkflows, type WorkflowRow } from './workflows.sql.ts';

/** A workflow as the door needs it. */
export interface DoorWorkflow {
  readonly workflowId: string;
  readonly triggerId: string;
  readonly targetUrl: string;
  readonly mode: WorkflowMode;
  readonly timeoutSeconds: number;
  readonly idempotent: boolean;
  /** The first problem of a payload (`/path says what`, never a value); the schema is read when it is first asked. */
  payloadProblem(payload: unknown): string | undefined;
}

/** A signing secret, active or retired, sealed for `signingSecretPurpose`. */
export interface DoorSigningSecret {
  readonly signingSecretId: string;
  readonly workflowId: string;
  readonly scheme: SigningScheme;
  readonly isActive: boolean;
  readonly sealed: string;
}

/** All that the door has to know of an instance; right for as long as its revision is what it was. */
export interface Door {
  readonly instanceId: string;
  readonly organizationId: string;
  readonly projectId: string;
  /** Whoever made it; null for a key that acts as nobody. */
  readonly ownerUserId: string | null;
  readonly environment: Environment;
  readonly revision: number;
  readonly isActive: boolean;
  readonly inactiveReason: string | null;
  readonly isArchived: boolean;
  /** Whether the key may stand in the URL. */
  readonly queryKeys: boolean;
  readonly maxConcurrency: number;
  readonly rateLimit: RateLimit | null;
  /** The one live key, with the digest that a presented one is compared by; none once archived. */
  readonly key: {
    readonly keyId: string;
    readonly digest: string;
    readonly rateLimit: RateLimit | null;
    readonly counted: CountedKey;
  } | null;
  /** By id. */
  readonly workflows: ReadonlyMap<string, DoorWorkflow>;
  /** Of all workflows, oldest first. */
  readonly signingSecrets: readonly DoorSigningSecret[];
  /** Signs what goes to the targets (Standard Webhooks); opened when it is first asked for. */
  webhookSecret(): KeyObject;
}

/** What a signing secret is sealed for. */
export function signingSecretPurpose(signingSecretId: string): string {
  return `signing-secret/${signingSecretId}`;
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function doorWorkflow(row: WorkflowRow): DoorWorkflow {
  const { input_schema } = row;
  const check = once(() => (input_schema === null ? () => undefined : compileInputSchema(input_schema)));
  return {
    workflowId: row.workflow_id,
    triggerId: row.trigger_id,
    targetUrl: row.target_url,
    mode: row.mode,
    timeoutSeconds: row.timeout_seconds,
    idempotent: row.idempotent === 1,
    payloadProblem: (payload) => check()(payload),
  };
}

function openWebhookSecret(secrets: Secrets, instanceId: string, sealed: string): KeyObject {
  const text = secrets.unseal(sealed, webhookSecretPurpose(instanceId));
  return createSecretKey(Buffer.from(text.replace(/^whsec_/, ''), 'base64'));
}

/**
 * Reads an instance as the door knows it, in three queries; undefined where there is none. The revision is read first:
 * what changes between the queries shows as a revision that has moved on, to whoever compares it in a transaction.
 */
export async function loadDoor(db: Reader, secrets: Secrets, instanceId: string): Promise<Door | undefined> {
  const row = await findDoor(db, instanceId);
  if (row === undefined) return undefined;
  const workflows = await findWorkflows(db, instanceId);
  const signingSecrets = await findSealedSecrets(db, instanceId);
  const { key_id: keyId, digest } = row;
  return {
    instanceId,
    organizationId: row.organization_id,
    projectId: row.project_id,
    ownerUserId: row.owner_user_id,
    environment: row.environment,
    revision: row.revision,
    isActive: row.is_active === 1,
    inactiveReason: row.inactive_reason,
    isArchived: row.archived_at !== null,
    queryKeys: row.query_keys === 1,
    maxConcurrency: row.max_concurrency,
    rateLimit: decodeRateLimit(row.rate_limit),
    key:
      keyId === null || digest === null
        ? null
        : {
            ...{ keyId, digest, rateLimit: decodeRateLimit(row.key_rate_limit) },
            counted: countedKey(keyId, row.organization_id),
          },
    workflows: new Map(workflows.map((each) => [each.workflow_id, doorWorkflow(each)])),
    signingSecrets: signingSecrets.map((each) => ({
      signingSecretId: each.id,
      workflowId: each.workflow_id,
      scheme: each.scheme,
      isActive: each.retired_at === null,
      sealed: each.secret_sealed,
    })),
    webhookSecret: once(() => openWebhookSecret(secrets, instanceId, row.webhook_secret_sealed)),
  };
}
