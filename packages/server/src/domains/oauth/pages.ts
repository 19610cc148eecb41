import type { IncomingMessage } from 'node:http';
import type { Caller } from '../otp/index.ts';

/** A device that waits for somebody to allow it. */
export interface WaitingDevice {
  readonly clientName: string;
  /** As the device shows it: XXXX-XXXX. */
  readonly userCode: string;
  /** The network address that asked. */
  readonly address: string;
  /** What the device says that it is; not verified. */
  readonly userAgent: string;
  readonly scopes: readonly string[];
}

/** Why a user code was not accepted. */
export type UserCodeProblem = 'missing' | 'unknown' | 'expired' | 'used' | 'failed';

/** What the library shows of itself, as HTML; the rest of the pages stand outside of it. */
export interface OauthPages {
  /** `token` proves that a form of ours was sent. */
  deviceInput(page: { token: string; problem?: UserCodeProblem; userCode?: string }): string;
  deviceConfirm(page: { token: string; device: WaitingDevice }): string;
  deviceAllowed(clientName: string): string;
  deviceDenied(): string;
  /** Something that the person can only read. */
  problem(page: { title: string; text: string }): string;
  /** Where a request came from. */
  callerOf(request: IncomingMessage): Caller;
}
