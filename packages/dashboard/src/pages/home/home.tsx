import { Title } from '@mantine/core';

/** What deserves a look today. */
export function Home() {
  return <Title order={1}>Home</Title>;
}
