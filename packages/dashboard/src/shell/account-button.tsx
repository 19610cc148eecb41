import { Button, type ButtonProps, Text } from '@mantine/core';
import type { ComponentProps } from 'react';

/** Shows who is signed in; what can be chosen is shown by pressing it. */
export function AccountButton({
  email,
  ...props
}: { email: string } & ButtonProps & Omit<ComponentProps<'button'>, keyof ButtonProps>) {
  return (
    <Button variant="subtle" color="gray" maw={260} {...props}>
      <Text truncate>{email}</Text>
    </Button>
  );
}
