export { type Acceptor, createAcceptor } from './accept.ts';
export type { GatewayDeps } from './deps.ts';
export { createDiagnoses } from './diagnoses.ts';
export { createDoors, type Doors } from './doors.ts';
export type { PresentedKey } from './entrance.ts';
export type { LimitState } from './rate-limits.ts';
export { readStatus } from './status.ts';
export { sweepMessages } from './sweep.ts';
export { type Triggered, type TriggerRequest, trigger } from './trigger.ts';
