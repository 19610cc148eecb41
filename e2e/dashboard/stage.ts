import type { Output } from '@latchkey/protocol';
import { createClient } from '@latchkey/sdk';
import { type DoorTarget, startDoorTarget } from '../door-target.ts';
import { type Dashboard, type Owner, startDashboard } from './journey.ts';

/** An owner who is signed in at a dashboard, and a target that their workflows can run at. */
export interface Stage {
  readonly dashboard: Dashboard;
  readonly owner: Owner;
  readonly target: DoorTarget;
  /** Starts a workflow as a program does, by the key of the instance; answers the id of the execution. */
  trigger(instance: Output<'instances.create'>, workflowId: string, payload: object): Promise<string>;
  close(): Promise<void>;
}

/** Starts what journeys about workflows need. */
export async function startStage(): Promise<Stage> {
  const [target, dashboard] = await Promise.all([startDoorTarget(), startDashboard()]);
  const owner = await dashboard.owner();
  return {
    ...{ dashboard, owner, target },
    async trigger({ processInstanceId, apiKey }, workflowId, payload) {
      const program = createClient({ baseUrl: dashboard.server.baseUrl, apiKey });
      const asked = { processInstanceId, workflowId, payload: { ...payload } };
      return (await program.callOrThrow('gateway.trigger', asked)).executionId;
    },
    async close() {
      await dashboard.close();
      await target.close();
    },
  };
}
