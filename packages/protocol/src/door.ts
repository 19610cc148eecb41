/** Words of the door, free of dependencies: what instances, executions and signatures are named by. */

/** Who beside owners and admins sees an instance: nobody, only who made it, or everybody in the organization. */
export const sharings = ['owner_only', 'admins', 'everyone'] as const;
export type SharedWith = (typeof sharings)[number];

/** `sync`: the target's answer is the result. `callback`: the result comes later, by a callback. */
export const workflowModes = ['sync', 'callback'] as const;
export type WorkflowMode = (typeof workflowModes)[number];

/** contract/codika.md E.4: there are no others on the wire. */
export const executionStatuses = ['pending', 'success', 'failed'] as const;
export type ExecutionStatus = (typeof executionStatuses)[number];

/** contract/codika.md E.4. */
export const executionErrorTypes = [
  'node_failure',
  'validation_error',
  'external_api_error',
  'timeout',
] as const;
export type ExecutionErrorType = (typeof executionErrorTypes)[number];

/** How a caller proved who they are at the door; `session`: a person, in the dashboard. */
export const callerMethods = [
  'instance-key',
  'query-key',
  'organization-key',
  'personal-key',
  'admin-key',
  'signature',
  'member-secret',
  'session',
] as const;
export type CallerMethod = (typeof callerMethods)[number];

/** At most so many within a window that starts with the first. */
export interface RateLimit {
  readonly requests: number;
  readonly windowSeconds: number;
}
