import { queries, useAct, whoIsThere } from '../api.ts';

/** Signs the person out, and has everything of theirs go from the page, also what a form holds. */
export function useSignOut(from: 'here' | 'everywhere') {
  const end = useAct(from === 'here' ? 'sessions.end' : 'sessions.endAll');
  return {
    ...end,
    signOut: () =>
      end.mutate({}, { onSuccess: () => void queries.resetQueries({ queryKey: whoIsThere.queryKey }) }),
  };
}
