import { useDebouncedValue } from '@mantine/hooks';
import { useMatch, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { withoutKeys } from './without-keys.ts';

/** What is chosen above a list, each a text; which texts mean something is for the page to say. */
type Choices<Name extends string> = Readonly<Record<Name, string>>;

const typingPauseMs = 200;

/** For `validateSearch`: the choices that an address names. Addresses hold numbers too, and those are texts here. */
export function choicesIn<Name extends string>(usual: Choices<Name>) {
  const names = Object.keys(usual) as Name[];
  return (search: Readonly<Record<string, unknown>>): Partial<Choices<Name>> => {
    const named = names.filter((name) => ['string', 'number'].includes(typeof search[name]));
    const texts = Object.fromEntries(named.map((name) => [name, String(search[name])]));
    return withoutKeys(texts) as Partial<Choices<Name>>;
  };
}

/** What is not as usual, for an address. */
function unusual<Name extends string>(usual: Choices<Name>, chosen: Choices<Name>): Partial<Choices<Name>> {
  const names = Object.keys(usual) as Name[];
  const told = names.filter((name) => chosen[name] !== usual[name]);
  return Object.fromEntries(told.map((name) => [name, chosen[name]])) as Partial<Choices<Name>>;
}

/**
 * What is chosen above the list of a page. It stands in the address, as far as it is not what is usual, so that it can be
 * linked to, reloaded and sent to somebody. `settled` is what is chosen once typing has paused: what to ask for.
 * `holdsKey` after a key was put there, of which only what it is told by was taken.
 */
export function useAddressFilters<Name extends string>(usual: Choices<Name>) {
  const { pathname: path, search: inMatch } = useMatch({ strict: false });
  const search = inMatch as Partial<Choices<Name>>;
  const navigate = useNavigate();
  const inAddress = JSON.stringify(unusual(usual, { ...usual, ...search }));
  const [chosen, setChosen] = useState<Choices<Name>>({ ...usual, ...search });
  const [holdsKey, setHoldsKey] = useState(false);
  const [settled] = useDebouncedValue(chosen, typingPauseMs);
  const wanted = JSON.stringify(unusual(usual, settled));
  const written = useRef(inAddress);
  // Somebody has gone to another address of the same page.
  useEffect(() => {
    if (inAddress === written.current) return;
    written.current = inAddress;
    setChosen({ ...usual, ...(JSON.parse(inAddress) as Partial<Choices<Name>>) });
  }, [inAddress, usual]);
  useEffect(() => {
    // Whoever has gone on to another page meanwhile is not brought back.
    if (wanted === written.current || window.location.pathname !== path) return;
    written.current = wanted;
    void navigate({ to: '.', search: JSON.parse(wanted) as never, replace: true, resetScroll: false });
  }, [wanted, path, navigate]);
  return {
    chosen,
    settled,
    isUsual: wanted === '{}',
    holdsKey,
    change(changed: Partial<Choices<Name>>): void {
      const taken = withoutKeys(changed);
      setChosen((before) => ({ ...before, ...taken }));
      setHoldsKey(JSON.stringify(taken) !== JSON.stringify(changed));
    },
    reset(): void {
      setChosen(usual);
      setHoldsKey(false);
    },
  };
}
