import { Group, Paper, Stack } from '@mantine/core';
import type { ReactNode } from 'react';

/** A list of things with several lines and actions each, which fold where there is little width. */
export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Stack component="ul" gap="xs" p={0} m={0} aria-label={label}>
      {children}
    </Stack>
  );
}

/** One of them: what it is, and what can be done to it. */
export function Row({ children, actions }: { children: ReactNode; actions?: ReactNode }) {
  return (
    <Paper component="li" withBorder p="sm" style={{ listStyle: 'none', overflowWrap: 'anywhere' }}>
      <Group justify="space-between" gap="sm">
        <Stack gap={2} miw={0} flex="1 1 240px">
          {children}
        </Stack>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
    </Paper>
  );
}
