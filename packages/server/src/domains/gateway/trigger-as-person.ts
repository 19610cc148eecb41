import type { Input, Output } from '@latchkey/protocol';
import type { AuthenticatedSession } from '../keys/index.ts';
import { type BeginDeps, beginExecution } from './begin.ts';
import { withoutMetadata } from './payload.ts';

/** Triggers a workflow for a person who is signed in: the door itself lets in keys and signatures only. */
export async function triggerAsPerson(
  deps: BeginDeps,
  session: AuthenticatedSession,
  { processInstanceId: instanceId, workflowId, payload: sent }: Input<'instances.trigger'>,
): Promise<Output<'instances.trigger'>> {
  const value = withoutMetadata(sent);
  const payload = { value, text: JSON.stringify(value) };
  const executionId = await beginExecution(deps, session, { instanceId, workflowId, payload });
  return { executionId, status: 'pending' };
}
