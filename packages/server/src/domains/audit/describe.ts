import type { AuditActor, AuditRule } from '@latchkey/protocol';
import type { AuditedCall } from './recorder.ts';

/** Where a call came from. */
export interface Origin {
  readonly ip: string;
  /** Empty where nothing was said. */
  readonly client: string;
  readonly requestId: string;
}

/** Somebody who has proved nothing; an address only where it can be one. */
export function anonymous(email: string | null): AuditActor {
  return { kind: 'anonymous', id: null, email, fingerprint: null };
}

/** A person who has proved who they are. */
export function person({ id, email }: { readonly id: string; readonly email: string }): AuditActor {
  return { kind: 'user', id, email, fingerprint: null };
}

/** A call that is in no environment. */
export function callFrom({ ip, client, requestId }: Origin, rule: AuditRule, actor: AuditActor): AuditedCall {
  return {
    rule,
    actor,
    address: ip,
    client: client === '' ? null : client,
    requestId,
    environment: null,
    workspace: null,
  };
}

/** What the server does by itself, or its operator on the host. */
export function callOfServer(kind: 'system' | 'operator', rule: AuditRule): AuditedCall {
  const actor = { kind, id: null, email: null, fingerprint: null };
  return { ...callFrom({ ip: '', client: '', requestId: '' }, rule, actor), address: null, requestId: null };
}
