import { useNavigate, useRouter } from '@tanstack/react-router';
import { type MouseEvent, useMemo } from 'react';

/** Where the pages of keys are, and how a click on one of their addresses leads there. */
export interface KeyPages {
  readonly hrefOf: (keyId: string) => string;
  readonly onOpen: (keyId: string, click: MouseEvent) => void;
}

/** Whether a click asks for the page in its place, and not in a tab, a window or a file of its own. */
function isPlain({ button, metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean {
  return button === 0 && !metaKey && !ctrlKey && !shiftKey && !altKey;
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
        if (!isPlain(click)) return;
        click.preventDefault();
        void navigate({ to: '/o/$organizationId/keys/$keyId', params: { organizationId, keyId } });
      },
    };
  }, [router, navigate, organizationId]);
}
