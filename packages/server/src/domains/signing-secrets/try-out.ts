import { type Input, type Output, signatureCauses } from '@latchkey/protocol';
import type { Secrets } from '../../platform/secrets.ts';
import { requireInstance, signingSecretPurpose } from '../instances/index.ts';
import type { KeyDeps, Principal } from '../keys/index.ts';
import { requireRoleScope } from '../sharing/index.ts';
import {
  diagnose,
  type Refused,
  type SignedRequest,
  type SigningSecret,
  secretFromText,
  signatureError,
  signedSample,
  verifySignature,
} from '../signatures/index.ts';
import { requireWorkflow } from './endpoint.ts';
import { findSecrets, type SigningSecretRow } from './signing-secrets.sql.ts';

type Asked = Input<'signingSecrets.test'>;
type Tested = Output<'signingSecrets.test'>;

/** The same measure that the door keeps for strangers: looking for the cause of a refusal takes its time. */
export interface TryOutDeps extends KeyDeps {
  readonly diagnoses: {
    look<Result>(instanceId: string, bodyBytes: number, look: () => Result): Result | undefined;
  };
}

const nothing = {
  cause: null,
  explanation: null,
  nextAction: null,
  signingSecretId: null,
  label: null,
} as const;

function opened(secrets: Secrets, { id, secret_sealed, retired_at }: SigningSecretRow): SigningSecret {
  const text = secrets.unseal(secret_sealed, signingSecretPurpose(id));
  return secretFromText(text, { id, retired: retired_at !== null });
}

function recorded({ headers = {}, body = '' }: Asked, nowMs: number): SignedRequest {
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { header: (name) => byName.get(name), body: Buffer.from(body), nowMs };
}

function shownRefusal(refusal: Refused): Tested {
  const { code, message: explanation, nextAction } = signatureError(refusal);
  const cause = signatureCauses.find((each) => each === refusal.problem) ?? null;
  return { ...nothing, accepted: false, code, cause, explanation, nextAction, secrets: [] };
}

function testMessage(
  { diagnoses }: TryOutDeps,
  asked: Asked,
  request: SignedRequest,
  rows: readonly SigningSecretRow[],
  secrets: readonly SigningSecret[],
): Tested {
  const verdict = verifySignature(request, secrets);
  if (!verdict.ok) {
    const look = () => diagnose(request, secrets, verdict);
    return shownRefusal(diagnoses.look(asked.processInstanceId, request.body.length, look) ?? verdict);
  }
  const { secretId: signingSecretId } = verdict;
  const label = rows.find(({ id }) => id === signingSecretId)?.label ?? null;
  return { ...nothing, accepted: true, code: 'OK', signingSecretId, label, secrets: [] };
}

function isVerified(secret: SigningSecret, nowMs: number): boolean | null {
  const sample = signedSample(secret, nowMs);
  return sample === undefined ? null : verifySignature(sample, [secret]).ok;
}

/** Whether each active secret verifies what is signed with it; with none, what the door would say to every sender. */
function testSamples(
  rows: readonly SigningSecretRow[],
  secrets: readonly SigningSecret[],
  nowMs: number,
): Tested {
  const active = secrets.filter(({ retired }) => !retired);
  if (active.length === 0) return shownRefusal({ ok: false, problem: 'no_secret', details: {} });
  const checked = active.map((secret) => ({
    signingSecretId: secret.id,
    label: rows.find(({ id }) => id === secret.id)?.label ?? '',
    scheme: secret.scheme,
    ok: isVerified(secret, nowMs),
  }));
  return { ...nothing, accepted: checked.every(({ ok }) => ok !== false), code: 'OK', secrets: checked };
}

/**
 * Says whether the door would accept the signature of a recorded message now, or lets each active secret verify a
 * sample of its own. Only the signature is looked at: a message that came before is not known as such here.
 */
export async function testSigningSecrets(
  deps: TryOutDeps,
  principal: Principal,
  asked: Asked,
): Promise<Tested> {
  const { db } = deps.store;
  const now = deps.clock.now();
  const { standing } = await requireInstance(deps, db, principal, asked.processInstanceId, now);
  requireRoleScope(standing, 'instances:manage');
  await requireWorkflow(db, asked);
  const rows = await findSecrets(db, asked);
  const secrets = rows.map((row) => opened(deps.secrets, row));
  if (asked.headers === undefined && asked.body === undefined) return testSamples(rows, secrets, now);
  return testMessage(deps, asked, recorded(asked, now), rows, secrets);
}
