import { Group, Stack, Text } from '@mantine/core';
import classes from './code-sample.module.css';
import { CopyButton } from './copy-button.tsx';

/** Something to paste elsewhere. `label` says what it is; long lines scroll. */
export function CodeSample({ label, code }: { label: string; code: string }) {
  return (
    <Stack gap={4}>
      <Group justify="space-between">
        <Text size="sm" fw={600}>
          {label}
        </Text>
        <CopyButton value={code} label={`Copy ${label}`} size="compact-sm" variant="default" />
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <section className={classes.scrolled} tabIndex={0} aria-label={label}>
        <pre className={classes.code}>
          <code>{code}</code>
        </pre>
      </section>
    </Stack>
  );
}
