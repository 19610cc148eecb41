import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '../components/empty-state.tsx';
import { PageHeader } from '../components/page-header.tsx';

/** An address that no page has. */
export function NotFound() {
  return (
    <>
      <PageHeader title="There is no such page" />
      <EmptyState
        title="Perhaps it was moved"
        action={
          <Button component={Link} to="/">
            To the start page
          </Button>
        }
      >
        Check the address, or begin at the start page.
      </EmptyState>
    </>
  );
}
