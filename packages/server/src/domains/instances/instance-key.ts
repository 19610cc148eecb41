import { generateKey, keyPrefixOf } from '@latchkey/keys';
import { LatchkeyError, type Output } from '@latchkey/protocol';
import { encodeScopes, type Reader, type Writer } from '../../storage/index.ts';
import { digestForNewKey, insertKey, type KeyDeps } from '../keys/index.ts';
import { findInstanceKey, type InstanceRow } from './instances.sql.ts';

type Secrets = Output<'instances.revealKey'>;

const webhookSecretBytes = 32;

function keyPurpose(keyId: string): string {
  return `instance-key/${keyId}`;
}

/** What the secret that signs calls of targets is sealed for. */
export function webhookSecretPurpose(instanceId: string): string {
  return `webhook-secret/${instanceId}`;
}

/** A new secret for what goes to the targets, in the form of Standard Webhooks. */
export function newWebhookSecret({ random }: Pick<KeyDeps, 'random'>): string {
  return `whsec_${Buffer.from(random.bytes(webhookSecretBytes)).toString('base64')}`;
}

/**
 * Makes the key of an instance in the caller's transaction, which holds the instance and has ended the key before.
 * It acts as nobody and has no scopes; it is sealed too, so that owners and admins can see it again.
 */
export async function mintInstanceKey(
  trx: Writer,
  { secrets, random }: Pick<KeyDeps, 'secrets' | 'random'>,
  { id: instanceId, organization_id }: Pick<InstanceRow, 'id' | 'organization_id'>,
  now: number,
): Promise<{ keyId: string; keyPrefix: string; apiKey: string }> {
  const apiKey = generateKey('instance', random.bytes);
  const [keyId, keyPrefix] = [random.uuid(), keyPrefixOf(apiKey)];
  await insertKey(trx, {
    id: keyId,
    family: 'instance',
    digest: digestForNewKey(secrets, apiKey),
    prefix: keyPrefix,
    name: 'Instance key',
    description: '',
    scopes: encodeScopes([]),
    organization_id,
    user_id: null,
    created_at: now,
    updated_at: now,
    instance_id: instanceId,
    secret_sealed: secrets.seal(apiKey, keyPurpose(keyId)),
  });
  return { keyId, keyPrefix, apiKey };
}

/** An instance key that its holder has revoked, or that was found in the open, has no successor until one is made. */
function withoutKey(): LatchkeyError {
  const advice = 'Its key was revoked. Make another: `latchkey instance key regenerate <processInstanceId>`.';
  return new LatchkeyError('INSTANCE_INACTIVE', { fill: { state: 'without a key', advice } });
}

/** The secrets of an instance that is not archived, opened. Throws `INSTANCE_INACTIVE` for one without a key. */
export async function openSecrets(
  db: Reader,
  { secrets }: Pick<KeyDeps, 'secrets'>,
  { id: processInstanceId, webhook_secret_sealed }: InstanceRow,
): Promise<Secrets> {
  const key = await findInstanceKey(db, processInstanceId);
  if (key?.secret_sealed == null) throw withoutKey();
  return {
    processInstanceId,
    keyId: key.id,
    keyPrefix: key.prefix,
    apiKey: secrets.unseal(key.secret_sealed, keyPurpose(key.id)),
    webhookSecret: secrets.unseal(webhook_secret_sealed, webhookSecretPurpose(processInstanceId)),
  };
}
