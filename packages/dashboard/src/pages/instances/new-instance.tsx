import type { Output } from '@latchkey/protocol';
import { Alert, Anchor, Code, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CopyButton } from '../../components/copy-button.tsx';
import classes from '../../components/secret-once.module.css';
import { takeFocus } from '../../components/take-focus.ts';

/** The key of an instance that has just been made, and where it goes on. */
export function NewInstance({
  organizationId,
  instance: { processInstanceId, title, apiKey, workflows },
}: {
  organizationId: string;
  instance: Output<'instances.create'>;
}) {
  return (
    <Stack>
      <Alert color="green" title={`${title} is there, and can be triggered`} role="status">
        Whoever has this key can trigger it at {workflows[0]?.triggerUrl}. Owners and admins can show the key
        again, which is written down in the audit log.
      </Alert>
      <Code block className={classes.secret} aria-label="The new key" role="group">
        {apiKey}
      </Code>
      <Group>
        <CopyButton value={apiKey} label="Copy the key" ref={takeFocus} />
        <Anchor component={Link} to={`/o/${organizationId}/instances/${processInstanceId}`}>
          Open {title}
        </Anchor>
      </Group>
      <Text size="sm">Keep it where your secrets are, never in a page or an app that others can read.</Text>
    </Stack>
  );
}
