import type { Output } from '@latchkey/protocol';

export interface ServeOptions {
  readonly host?: string;
  readonly port?: number;
  readonly dataDir?: string;
}

export interface AdminKeyRequest {
  readonly dataDir?: string;
  readonly family: 'admin' | 'personal';
  /** Whose key it is; personal keys only. */
  readonly email?: string;
  readonly name: string;
  readonly scopes: string[];
  readonly description?: string;
  readonly expiresInDays?: number;
}

export type MintedKey = Output<'keys.createPersonal'>;

/** What the commands of the host need of `@latchkey/server`; loaded by them alone. */
export interface ServerPackage {
  /** Runs until SIGTERM or SIGINT, drains, and answers the exit code. */
  serve(options: ServeOptions): Promise<number>;
  /** Mints a key in the data folder, without the server. Throws a `LatchkeyError`. */
  adminCreateKey(request: AdminKeyRequest): Promise<MintedKey>;
}
