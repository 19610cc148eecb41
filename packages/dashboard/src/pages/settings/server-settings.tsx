import type { Output } from '@latchkey/protocol';
import { Code, Stack, Text, Title } from '@mantine/core';
import { useAsked } from '../../api.ts';
import { Problem } from '../../components/problem.tsx';
import { Row, Rows } from '../../components/rows.tsx';

type Told = Output<'organizations.settings'>;

const titles: Readonly<Record<Told['settings'][number]['name'], string>> = {
  publicUrl: 'Public address',
  database: 'Database',
  mail: 'Mail server',
  upstream: 'Other log-in',
  triggerBodyLimitBytes: 'Largest body, in bytes',
};

const windows: readonly [number, string][] = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
];

function windowText(seconds: number | null): string {
  if (seconds === null) return '';
  const named = windows.find(([each]) => each === seconds)?.[1];
  return named === undefined ? ` in ${seconds} seconds` : ` in any ${named}`;
}

function Setting({ setting }: { setting: Told['settings'][number] }) {
  const { name, value, otherwise, description, variables } = setting;
  return (
    <Row>
      <Text fw={600}>{titles[name]}</Text>
      <Text>{value ?? `Not set: ${otherwise}`}</Text>
      <Text size="sm" c="dimmed">
        {description}
      </Text>
      <Text size="sm">
        Set by{' '}
        {variables.map((variable) => (
          <Code key={variable} mr={4}>
            {variable}
          </Code>
        ))}
      </Text>
    </Row>
  );
}

/** What the server is set to. It is changed where the server is started, so that nothing here can be edited. */
export function ServerSettings({ organizationId }: { organizationId: string }) {
  const { data, error, refetch } = useAsked('organizations.settings', { organizationId });
  if (error !== null) return <Problem error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return null;
  return (
    <Stack>
      <Title order={2} size="h4">
        This server
      </Title>
      <Text>
        Latchkey {data.version}. Whoever runs the server changes these in its environment, and starts it
        again.
      </Text>
      <Rows label="Settings of the server">
        {data.settings.map((setting) => (
          <Setting key={setting.name} setting={setting} />
        ))}
      </Rows>
      <Title order={2} size="h4">
        Limits
      </Title>
      <Rows label="Limits">
        {data.limits.map(({ name, limit, description, windowSeconds }) => (
          <Row key={name}>
            <Text>
              <strong>{limit}</strong> {description}
              {windowText(windowSeconds)}
            </Text>
          </Row>
        ))}
      </Rows>
      <Title order={2} size="h4">
        Engines
      </Title>
      <Rows label="Engines">
        {data.engines.map(({ name, needs }) => (
          <Row key={name}>
            <Text fw={600}>{name}</Text>
            <Text>Needs {needs}.</Text>
          </Row>
        ))}
      </Rows>
    </Stack>
  );
}
