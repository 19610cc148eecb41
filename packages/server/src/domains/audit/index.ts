export {
  type EventFilter,
  findEvents,
  headOf,
  readCheckpoints,
  readEvents,
} from './audit.sql.ts';
export { signCheckpoint } from './checkpoint.ts';
export { anonymous, callFrom, callOfServer, type Origin, person } from './describe.ts';
export { serverChain } from './record.ts';
export {
  type AuditDeps,
  type Audited,
  type AuditedCall,
  type AuditedChange,
  audited,
  type CallToAudit,
  type Change,
  noRecorder,
  type Recorder,
} from './recorder.ts';
