import heading from '../components/heading.module.css';
import { nearness, organizationIn, places } from './places.ts';

/** What a page says before there is anything to say, or when nothing can be: `isMissing`. */
export function FirstSight({ pathname, isMissing }: { pathname: string; isMissing: boolean }) {
  const organizationId = organizationIn(pathname);
  if (isMissing) {
    return (
      <>
        <h1 className={heading.heading}>The dashboard could not be loaded</h1>
        <p role="alert">Check your connection, then try again.</p>
        <button type="button" onClick={() => window.location.reload()}>
          Try again
        </button>
      </>
    );
  }
  if (organizationId === undefined) return null;
  const here = places.find(({ to }) => nearness(pathname, to, organizationId) === 'page');
  return here && <h1 className={heading.heading}>{here.label}</h1>;
}
