import { PageHeader } from '../../components/page-header.tsx';

/** What deserves a look today. */
export function Home() {
  return <PageHeader title="Home" />;
}
