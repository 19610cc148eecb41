import type { User } from '../accounts/index.ts';
import { anonymous, audited, callFrom, person, serverChain } from '../audit/index.ts';
import type { Caller } from '../otp/index.ts';
import type { OauthDeps } from './deps.ts';
import { digestOf } from './oauth.rules.ts';
import { deleteGrant } from './oauth.sql.ts';

const rules = {
  begin: { action: 'auth.session_begin', resource: 'session' },
  end: { action: 'auth.session_end', resource: 'session' },
  reuse: { action: 'auth.session_reuse', resource: 'session' },
} as const;

const chainOfRefusal = async () => serverChain;

/** Says in the audit trail that a person has allowed a client, which begins a session. */
export async function tellOfBegin(
  deps: OauthDeps,
  grantId: string,
  user: User,
  client: string,
  caller: Caller,
): Promise<void> {
  await audited(deps, {
    describe: () => callFrom(caller, rules.begin, person(user)),
    chainOfRefusal,
    work: (audit) => {
      const id = digestOf(deps.secrets, 'Grant', grantId);
      const event = { organizationId: null, id, details: { client } };
      return deps.store.write((trx) => audit.record(trx, event));
    },
  });
}

/**
 * Ends a session with all its tokens, and says so in the audit trail: that its holder ended it, or that somebody
 * presented a copy of what works once. Any number of callers leave one event.
 */
export async function endSession(
  deps: OauthDeps,
  sessionId: string,
  how: 'end' | 'reuse',
  caller: Caller,
): Promise<void> {
  await audited(deps, {
    describe: () => callFrom(caller, rules[how], anonymous(null)),
    chainOfRefusal,
    work: (audit) =>
      deps.store.write(async (trx) => {
        const user = await deleteGrant(trx, sessionId);
        if (user === undefined) return;
        const event = { organizationId: null, id: sessionId };
        // Nobody knows who holds a copy; whose session it was stands where it began.
        await audit.record(trx, how === 'end' ? { ...event, actor: person(user) } : event);
      }),
  });
}
