/** The program that stands in `BROWSER`: a person who signs in as the environment says, without a window. */
import { decideInBrowser } from './person-with-browser.ts';

const { PERSON_EMAIL: email = '', PERSON_DENIES: denies } = process.env;
await decideInBrowser(process.argv[2] ?? '', { email, decision: denies ? 'deny' : 'allow' });
