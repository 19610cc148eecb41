import { sweepRotated } from './domains/environment-keys/index.ts';
import { createDispatcher, sweepOverdue } from './domains/executions/index.ts';
import {
  createAcceptor,
  createDiagnoses,
  createDoors,
  type GatewayDeps,
  sweepMessages,
} from './domains/gateway/index.ts';
import type { DomainDeps } from './domains/handlers.ts';
import { sweepClaims } from './domains/idempotency/index.ts';
import { createKeyActivity, type KeyActivity, sweepActivity } from './domains/key-activity/index.ts';
import { createKeyUsage, type KeyUsage, sweepUses } from './domains/key-usage/index.ts';
import { createKnownKeys, createLastUsed } from './domains/keys/index.ts';
import { createSpentLimits } from './domains/limits/index.ts';
import { createSessions, type OauthDeps, sweepOauth } from './domains/oauth/index.ts';
import { sweepEnded } from './domains/otp/index.ts';
import { createConfirmationSweep, createRevocations } from './domains/revocation/index.ts';
import { createKeyTokens, exchangePresented } from './domains/tokens/index.ts';
import { createDeliveries } from './domains/webhook-deliveries/index.ts';
import type { Engine } from './engines/engine.ts';
import { createHttpEngine, createTargetPolicy, type TargetPolicy } from './engines/http/index.ts';
import { type Clock, minuteMs, secondMs, systemClock } from './platform/clock.ts';
import { createLocalMailbox, type LocalMailbox } from './platform/local-mailbox.ts';
import { createLogger, type Logger } from './platform/logger.ts';
import { isLoopbackHost, isLoopbackUrl } from './platform/loopback.ts';
import { createSmtpMailer } from './platform/mail.ts';
import { loadMasterKey } from './platform/master-key.ts';
import { createMetrics, type Metrics } from './platform/metrics.ts';
import { systemRandom } from './platform/random.ts';
import { deriveSecrets, type Secrets } from './platform/secrets.ts';
import { SettingsError } from './platform/settings-error.ts';
import type { Settings } from './settings.ts';
import { shownSettings } from './shown-settings.ts';
import { keepOnce, migrate, openDatabase, type Store } from './storage/index.ts';
import { version } from './version.ts';

const sweepIntervalMs = 10 * minuteMs;
/** How late an execution may be ended or tried again. */
const lookIntervalMs = secondMs;

/** Everything that the application is made of. */
export interface Deps extends DomainDeps, OauthDeps, GatewayDeps {
  readonly settings: Settings;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Where callers reach the server. Known for certain once it listens, when no public URL is set. */
  readonly publicUrl: () => string;
  readonly setListening: (url: string) => void;
  readonly localMailbox: LocalMailbox | undefined;
  readonly targetPolicy: TargetPolicy;
  readonly engine: Engine;
  readonly keyUsage: KeyUsage;
  readonly keyActivity: KeyActivity;
  /** Writes down what is gathered and closes what is open. */
  close(): Promise<void>;
}

/** What tests pass in place of the real thing. */
export interface Overrides {
  readonly clock?: Clock;
  readonly log?: Logger;
  readonly provisioners?: DomainDeps['provisioners'];
}

/** Refuses a master key that is not the one the database was made with: no key would verify. */
async function checkMasterKey(store: Store, secrets: Secrets): Promise<void> {
  const kept = await store.write((trx) => keepOnce(trx, 'master-key-check', secrets.masterKeyCheck));
  if (kept !== secrets.masterKeyCheck) {
    throw new SettingsError([
      'LATCHKEY_MASTER_KEY (or master.key in the data folder) is not the master key that this database was made with. Restore the one that was.',
    ]);
  }
}

/** Opens the database, brings it up to date and checks that the master key belongs to it. */
export async function openStore(
  settings: Settings,
  log: Logger,
): Promise<{ store: Store; secrets: Secrets }> {
  const secrets = deriveSecrets(loadMasterKey(settings.dataDir, settings.masterKey));
  const store = await openDatabase(settings, log);
  try {
    await migrate(store);
    await checkMasterKey(store, secrets);
  } catch (error) {
    await store.close();
    throw error;
  }
  return { store, secrets };
}

function createMailer(settings: Settings, clock: Clock, log: Logger) {
  if (settings.smtpUrl !== undefined) {
    const host = settings.publicUrl === undefined ? 'localhost' : new URL(settings.publicUrl).hostname;
    const mailer = createSmtpMailer(
      settings.smtpUrl,
      settings.mailFrom ?? `Latchkey <latchkey@${host}>`,
      log,
    );
    return { mailer, localMailbox: undefined };
  }
  const local =
    settings.publicUrl === undefined ? isLoopbackHost(settings.host) : isLoopbackUrl(settings.publicUrl);
  if (settings.trustedProxies.length > 0) {
    throw new SettingsError([
      'LATCHKEY_SMTP_URL is required where LATCHKEY_TRUSTED_PROXIES is set: what a proxy forwards comes from elsewhere, so codes must go out by mail. Set it to smtp://… or smtps://….',
    ]);
  }
  if (!local) {
    throw new SettingsError([
      'LATCHKEY_SMTP_URL is required: other machines can reach this server, so codes must go out by mail. Set it to smtp://… or smtps://…, or listen on 127.0.0.1.',
    ]);
  }
  const localMailbox = createLocalMailbox(clock, log);
  return { mailer: localMailbox, localMailbox };
}

/** Wires everything; the one place that does. */
export async function createDeps(settings: Settings, overrides: Overrides = {}): Promise<Deps> {
  const { clock = systemClock, provisioners = [] } = overrides;
  const log = overrides.log ?? createLogger(settings.logLevel);
  const { mailer, localMailbox } = createMailer(settings, clock, log);
  const { store, secrets } = await openStore(settings, log);
  const lastUsed = createLastUsed(store, (err) => log.warn({ err }, 'last use could not be written'));
  const random = systemRandom;
  const keyActivity = createKeyActivity({ store, random }, (err) =>
    log.warn({ err }, 'the activity of keys could not be written'),
  );
  const keyUsage = createKeyUsage({ store, clock }, (err) =>
    log.warn({ err }, 'units of a limit could not be taken or given back'),
  );
  const spentLimits = createSpentLimits(clock);
  const sweeps = [
    sweepEnded,
    sweepOauth,
    sweepRotated,
    sweepMessages,
    sweepUses,
    sweepActivity,
    sweepClaims,
    createConfirmationSweep(),
  ];
  const sweep = () =>
    Promise.all(sweeps.map((each) => each({ store, clock, secrets, log, spentLimits }))).catch((err) =>
      log.warn({ err }, 'sweep failed'),
    );
  const sweeper = setInterval(() => void sweep(), sweepIntervalMs).unref();
  let listening = `http://${settings.host}:${settings.port}`;
  const publicUrl = () => settings.publicUrl ?? listening;
  const metrics = createMetrics();
  const targetPolicy = createTargetPolicy(settings.allowedTargets);
  const engine = createHttpEngine({ clock, secrets, publicUrl, policy: targetPolicy, log, metrics });
  const revocations = createRevocations({ store, clock, random, secrets, log, publicUrl });
  const knownKeys = createKnownKeys({ store, secrets, clock, revocations }, settings.knownKeys);
  const doors = createDoors({ store, secrets });
  const executionDeps = { store, clock, random, secrets, log, engine, publicUrl };
  const deliveries = createDeliveries({ store, random }, (err) =>
    log.warn({ err }, 'what became of signed messages could not be written'),
  );
  const acceptor = createAcceptor({ store, clock });
  const dispatcher = createDispatcher(executionDeps, doors, acceptor.isCrowded);
  const look = () =>
    Promise.all([sweepOverdue(executionDeps), dispatcher.lookAround()]).catch((err) =>
      log.warn({ err }, 'executions could not be looked after'),
    );
  const looker = setInterval(() => void look(), lookIntervalMs).unref();
  const sessions = createSessions({ store, secrets, clock });
  const keyDeps = { store, clock, random, secrets, lastUsed, sessions, revocations, knownKeys };
  const tokenDeps = { ...keyDeps, keyActivity, publicUrl };
  return {
    ...executionDeps,
    settings,
    doors,
    diagnoses: createDiagnoses(clock),
    acceptor,
    deliveries,
    dispatcher,
    metrics,
    keyTokens: createKeyTokens({ secrets, knownKeys }),
    exchangeKey: (key) => exchangePresented(tokenDeps, key),
    ...keyDeps,
    keyUsage,
    keyActivity,
    spentLimits,
    provisioners,
    mailer,
    localMailbox,
    targetPolicy,
    version,
    shownSettings: () => shownSettings(settings, listening),
    setListening: (url) => {
      listening = url;
    },
    async close() {
      clearInterval(sweeper);
      clearInterval(looker);
      mailer.close();
      await dispatcher.close();
      await engine.close();
      await revocations.close();
      await keyUsage.close();
      await deliveries.close();
      await lastUsed.close();
      await keyActivity.close();
      await store.close();
    },
  };
}
