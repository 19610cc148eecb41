import Provider, { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import { secondMs } from '../../platform/clock.ts';
import type { OauthDeps } from './deps.ts';
import { digestOf, polling, sealPurpose } from './oauth.rules.ts';
import {
  consumeRecord,
  countPoll,
  deleteRecord,
  extendGrant,
  findRecord,
  findRecordBySecondary,
  keepRecord,
  lengthenPolling,
  type OauthRecord,
} from './oauth.sql.ts';
import type { OauthPages } from './pages.ts';
import { endSession } from './session-events.ts';

const stages = { pending: 0, claimed: 1, decided: 2 };

/** What a session lasts as long as. */
const tokensOfSession = new Set(['AccessToken', 'RefreshToken']);

/** How far a device code has come: typed and confirmed by somebody, then allowed or denied. */
function stageOf({ accountId, error, inFlight }: AdapterPayload): number {
  if (accountId !== undefined || error !== undefined) return stages.decided;
  return inFlight ? stages.claimed : stages.pending;
}

/** Other values to find a record by; a device is found by its user code, a browser session by its uid. */
function secondaryOf(kind: string, { userCode, uid }: AdapterPayload): string | undefined {
  return kind === 'DeviceCode' ? userCode : kind === 'Session' ? uid : undefined;
}

/**
 * What the OAuth library keeps, in our database: rows are found by keyed digests and their content is sealed, so
 * that a dump holds no token, code or user code. Whatever is good once is used up by one guarded statement.
 *
 * The library measures with the system's clock; instants are handed to it as so many seconds from now on ours.
 */
export class OauthAdapter implements Adapter {
  readonly #deps: OauthDeps;
  readonly #kind: string;
  readonly #callerOf: OauthPages['callerOf'];

  constructor(deps: OauthDeps, kind: string, callerOf: OauthPages['callerOf']) {
    this.#deps = deps;
    this.#kind = kind;
    this.#callerOf = callerOf;
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn = 0): Promise<void> {
    const { store, secrets, clock } = this.#deps;
    const now = clock.now();
    const digest = this.#digest(id);
    const secondary = secondaryOf(this.#kind, payload);
    const grantDigest = payload.grantId === undefined ? null : digestOf(secrets, 'Grant', payload.grantId);
    const record = {
      kind: this.#kind,
      digest,
      payload_sealed: secrets.seal(JSON.stringify(payload), sealPurpose(this.#kind, digest)),
      grant_digest: grantDigest,
      secondary_digest: secondary === undefined ? null : this.#secondaryDigest(secondary),
      user_id: payload.accountId ?? null,
      stage: this.#kind === 'DeviceCode' ? stageOf(payload) : 0,
      created_at: now,
      expires_at: now + expiresIn * secondMs,
      poll_interval_ms: this.#kind === 'DeviceCode' ? polling.intervalMs : null,
    };
    const kept = await store.write(async (trx) => {
      if (tokensOfSession.has(this.#kind) && grantDigest !== null) {
        await extendGrant(trx, grantDigest, record.expires_at);
      }
      return keepRecord(trx, record);
    });
    if (!kept) throw new errors.InvalidRequest('somebody else has decided about this code');
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const record = await findRecord(this.#deps.store.db, this.#kind, this.#digest(id));
    if (record === undefined) return undefined;
    if (this.#kind === 'DeviceCode' && Provider.ctx?.oidc.route === 'token') {
      if (record.consumed_at !== null) return undefined;
      await this.#poll(record);
    }
    return this.#open(record);
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.#findBySecondary(userCode);
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.#findBySecondary(uid);
  }

  /**
   * Uses a code or a refresh token up. A caller that comes second, even in the same instant, holds a copy: the
   * whole grant ends (RFC 9700, 4.14.2), and this throws `invalid_grant`. A device code is only refused: it never
   * went through a browser, and the library looks for the grant after this, when the first caller needs it still.
   */
  async consume(id: string): Promise<void> {
    const { store, clock } = this.#deps;
    const digest = this.#digest(id);
    if (await store.write((trx) => consumeRecord(trx, this.#kind, digest, clock.now()))) return;
    const record = await findRecord(store.db, this.#kind, digest);
    if (record?.grant_digest && this.#kind !== 'DeviceCode') await this.#end(record.grant_digest);
    throw new errors.InvalidGrant('used before');
  }

  async destroy(id: string): Promise<void> {
    if (this.#kind === 'Grant') return this.revokeByGrantId(id);
    await this.#deps.store.write((trx) => deleteRecord(trx, this.#kind, this.#digest(id)));
  }

  /** Ends the grant whole: the library asks for it kind by kind, and never for some without the others. */
  async revokeByGrantId(grantId: string): Promise<void> {
    await this.#end(digestOf(this.#deps.secrets, 'Grant', grantId));
  }

  /** A grant ends because its holder asks for it, or because something that works once was presented again. */
  async #end(grantDigest: string): Promise<void> {
    const { ctx } = Provider;
    if (ctx === undefined) throw new Error('a grant ended outside of a request');
    const how = ctx.oidc.route === 'revocation' ? 'end' : 'reuse';
    await endSession(this.#deps, grantDigest, how, this.#callerOf(ctx.req));
  }

  #digest(id: string): string {
    return digestOf(this.#deps.secrets, this.#kind, id);
  }

  #secondaryDigest(value: string): string {
    return digestOf(this.#deps.secrets, `${this.#kind} secondary`, value);
  }

  async #findBySecondary(value: string): Promise<AdapterPayload | undefined> {
    const record = await findRecordBySecondary(this.#deps.store.db, this.#kind, this.#secondaryDigest(value));
    return record && this.#open(record);
  }

  /**
   * Refuses a device that asks too often (RFC 8628, 3.5), which the library leaves out. Only while nobody has
   * decided: an answer that is there is never held back.
   */
  async #poll(record: OauthRecord): Promise<void> {
    const { store, clock } = this.#deps;
    const now = clock.now();
    if (record.stage === stages.decided || record.expires_at <= now) return;
    const onTime = await store.write(async (trx) => {
      if (await countPoll(trx, record.digest, now, polling.earlyMs)) return true;
      await lengthenPolling(trx, record.digest, polling.stepMs, polling.maxIntervalMs);
      return false;
    });
    if (!onTime) throw new errors.SlowDown();
  }

  #open(record: OauthRecord): AdapterPayload {
    const { secrets, clock } = this.#deps;
    const payload = secrets.unseal(record.payload_sealed, sealPurpose(record.kind, record.digest));
    const lastsMs = record.expires_at - clock.now();
    return {
      ...(JSON.parse(payload) as AdapterPayload),
      exp: Math.floor((Date.now() + lastsMs) / secondMs),
      ...(record.consumed_at !== null && { consumed: Math.floor(record.consumed_at / secondMs) }),
    };
  }
}
