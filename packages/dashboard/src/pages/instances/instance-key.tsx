import { Alert, Button, Code, Group, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { useAct } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { ActButton } from '../../components/form/act-button.tsx';
import { useIntoView } from '../../components/into-view.ts';
import { Problem } from '../../components/problem.tsx';
import classes from '../../components/secret-once.module.css';
import type { Instance } from './trigger-panel.tsx';

/** Shows, copies and replaces the key of an instance. What was shown is told to `onKey`, and kept nowhere else. */
export function InstanceKey({
  instance: { processInstanceId, keyPrefix },
  apiKey,
  isAdmin,
  onKey,
}: {
  instance: Instance;
  apiKey: string | undefined;
  isAdmin: boolean;
  onKey: (apiKey: string | undefined) => void;
}) {
  const reveal = useAct('instances.revealKey');
  const regenerate = useAct('instances.regenerateKey');
  const [asks, setAsks] = useState(false);
  const shown = useIntoView<HTMLDivElement>(apiKey ?? reveal.error ?? undefined);
  const show = { onSuccess: (shown: { readonly apiKey: string }) => onKey(shown.apiKey) };
  return (
    <Stack gap="sm" align="start" ref={shown}>
      <Title order={2} size="h5">
        Instance key
      </Title>
      <Code block className={classes.secret} aria-label="The instance key" role="group">
        {apiKey ?? `${keyPrefix}…`}
      </Code>
      {!isAdmin && <Text size="sm">Owners and admins can show it and replace it.</Text>}
      {isAdmin && (
        <>
          <Text size="sm">Showing it is written down in the audit log, with your name.</Text>
          <Group>
            {/* One button, so that whoever presses it by the keyboard stays on it. */}
            <ActButton
              variant="default"
              loading={reveal.isPending}
              onClick={() =>
                apiKey === undefined ? reveal.mutate({ processInstanceId }, show) : onKey(undefined)
              }
            >
              {apiKey === undefined ? 'Show the key' : 'Hide the key'}
            </ActButton>
            {apiKey !== undefined && <CopyButton value={apiKey} label="Copy the key" />}
            <Button variant="default" onClick={() => setAsks(true)}>
              Replace the key
            </Button>
          </Group>
          <VisuallyHidden role="status">{apiKey === undefined ? '' : 'The key is shown.'}</VisuallyHidden>
          {reveal.error !== null && <Problem error={reveal.error} />}
          {regenerate.isSuccess && apiKey !== undefined && (
            <Alert color="green" title="The key was replaced" role="status">
              The old one is refused from now on. Give the new one to everybody who triggers by it.
            </Alert>
          )}
        </>
      )}
      {asks && (
        <ConfirmDialog
          title="Replace the instance key?"
          action="Replace"
          final="This cannot be undone: nobody can bring the old key back."
          isPending={regenerate.isPending}
          error={regenerate.error}
          onConfirm={() =>
            regenerate.mutate(
              { processInstanceId },
              {
                onSuccess: ({ apiKey: made }) => {
                  onKey(made);
                  setAsks(false);
                },
              },
            )
          }
          onClose={() => setAsks(false)}
        >
          The old key is refused everywhere from the moment this is done. Whoever triggers by it needs the new
          one.
        </ConfirmDialog>
      )}
    </Stack>
  );
}
