import type { Input, Output } from '@latchkey/protocol';
import type { Audited } from '../audit/index.ts';
import type { KeyDeps, Session } from '../keys/index.ts';

type EndDeps = Pick<KeyDeps, 'store' | 'sessions' | 'clock'> & Audited;

/** Ends those of a person's sessions that are wanted, in one transaction; answers how many that were. */
async function endThose(
  { store, sessions, clock, audit }: EndDeps,
  { userId }: Session,
  isWanted: (sessionId: string) => boolean,
): Promise<number> {
  return store.write(async (trx) => {
    const live = await sessions.of(trx, userId, clock.now());
    let count = 0;
    for (const { sessionId } of live.filter((each) => isWanted(each.sessionId))) {
      if (!(await sessions.end(trx, sessionId))) continue;
      await audit.record(trx, { organizationId: null, id: sessionId });
      count += 1;
    }
    return count;
  });
}

/** Signs a person out of one of their sessions; what is somebody else's is nothing that they have. */
export async function endSession(
  deps: EndDeps,
  session: Session,
  { sessionId = session.sessionId }: Input<'sessions.end'>,
): Promise<Output<'sessions.end'>> {
  return { ended: (await endThose(deps, session, (each) => each === sessionId)) > 0 };
}

/** Signs a person out everywhere. */
export async function endAllSessions(deps: EndDeps, session: Session): Promise<Output<'sessions.endAll'>> {
  return { endedCount: await endThose(deps, session, () => true) };
}
