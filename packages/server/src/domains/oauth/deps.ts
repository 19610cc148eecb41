import type { OtpDeps } from '../otp/index.ts';
import type { ExchangeKey } from './key-exchange.ts';

/** A client that may ask whether a token is good (RFC 7662); it can do nothing else. */
export interface IntrospectionClient {
  readonly id: string;
  readonly secret: string;
}

/** Another OpenID provider that people may prove themselves with. */
export interface UpstreamSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What reading and ending sessions works with. */
export type SessionDeps = Pick<OtpDeps, 'store' | 'secrets' | 'clock'>;

/** What the authorization server works with. */
export interface OauthDeps extends OtpDeps {
  readonly settings: {
    readonly introspectionClients: readonly IntrospectionClient[];
    readonly upstream: UpstreamSettings | undefined;
  };
  readonly publicUrl: () => string;
  /** What the token endpoint exchanges keys with (RFC 8693). */
  readonly exchangeKey: ExchangeKey;
}
