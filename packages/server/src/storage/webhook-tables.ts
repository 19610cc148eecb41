import type { SignatureCause, SigningScheme } from '@latchkey/protocol';

/** Signed messages that were seen, for as long as a copy of one could still be accepted. */
export interface WebhookMessagesTable {
  instance_id: string;
  workflow_id: string;
  /** Digest of what identifies the message. */
  message: string;
  execution_id: string;
  ends_at: number;
}

/** The last messages of each workflow that came with a signature; nothing of what they said. */
export interface WebhookDeliveriesTable {
  id: string;
  instance_id: string;
  workflow_id: string;
  /** 0 or 1; of each there are so many at most. */
  is_accepted: number;
  at: number;
  scheme: SigningScheme;
  outcome: 'accepted' | 'repeated' | 'refused';
  code: string;
  cause: SignatureCause | null;
  explanation: string | null;
  next_action: string | null;
  signing_secret_id: string | null;
  /** As the sender says it, made fit to be shown. */
  message_id: string | null;
  size_bytes: number;
  execution_id: string | null;
}
