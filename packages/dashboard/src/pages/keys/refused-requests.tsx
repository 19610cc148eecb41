import type { Output } from '@latchkey/protocol';
import { Text } from '@mantine/core';

/** How many requests of the last week were refused though the key was good, and what that means; nothing where none was. */
export function RefusedRequests({ hours }: Pick<Output<'keys.activity'>, 'hours'>) {
  const refused = hours.reduce((sum, { outcomes }) => sum + (outcomes.REQUEST_REFUSED ?? 0), 0);
  if (refused === 0) return null;
  const requests = refused === 1 ? '1 request' : `${refused.toLocaleString('en')} requests`;
  return (
    <Text>
      The key was accepted and the request was not, for <strong>{requests}</strong> of the last 7 days: the
      input did not fit, say, or the instance is paused. Each answer says what to change; this key needs no
      change.
    </Text>
  );
}
