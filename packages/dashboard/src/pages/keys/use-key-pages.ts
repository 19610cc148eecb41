import { useNavigate, useRouter } from '@tanstack/react-router';
import { type MouseEvent, useMemo } from 'react';
import { isPlainClick } from '../../components/plain-click.ts';

/** Where the pages of keys are, and how a click on one of their addresses leads there. */
export interface KeyPages {
  readonly hrefOf: (keyId: string) => string;
  readonly onOpen: (keyId: string, click: MouseEvent) => void;
}

/** For the rows of the list: a link that watches where everybody is costs as much as the rest of its row. */
export function useKeyPages(organizationId: string): KeyPages {
  const router = useRouter();
  const navigate = useNavigate();
  return useMemo(() => {
    const list = router.buildLocation({ to: '/o/$organizationId/keys', params: { organizationId } }).href;
    return {
      hrefOf: (keyId) => `${list}/${keyId}`,
      onOpen(keyId, click) {
        if (!isPlainClick(click)) return;
        click.preventDefault();
        void navigate({ to: '/o/$organizationId/keys/$keyId', params: { organizationId, keyId } });
      },
    };
  }, [router, navigate, organizationId]);
}
