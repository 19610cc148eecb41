import { createHmac } from 'node:crypto';
import type { EngineCall } from '../engine.ts';

/**
 * Signs what is sent as Standard Webhooks does (v1: HMAC-SHA256 over id, timestamp and the exact body). The id is the
 * execution's, so that a target sees a repetition for what it is.
 */
export function webhookHeaders(call: EngineCall, nowMs: number): Record<string, string> {
  const { executionId, body, webhookSecret } = call;
  const timestamp = String(Math.floor(nowMs / 1000));
  const digest = createHmac('sha256', webhookSecret).update(`${executionId}.${timestamp}.`).update(body);
  return {
    'webhook-id': executionId,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${digest.digest('base64')}`,
  };
}
