import type { Dispatcher, ExecutionDeps } from '../executions/index.ts';
import type { KeyActivity } from '../key-activity/index.ts';
import type { KeyDeps } from '../keys/index.ts';
import type { Deliveries } from '../webhook-deliveries/index.ts';
import type { Acceptor } from './accept.ts';
import type { Diagnoses } from './diagnoses.ts';
import type { Doors } from './doors.ts';

/** What the door works with. */
export interface GatewayDeps extends KeyDeps, ExecutionDeps {
  readonly keyActivity: Pick<KeyActivity, 'accept' | 'refuse' | 'refuseRequest'>;
  readonly doors: Doors;
  readonly diagnoses: Diagnoses;
  readonly acceptor: Acceptor;
  readonly dispatcher: Dispatcher;
  readonly deliveries: Deliveries;
}
