// Writes the person names of every locale of the npm package @faker-js/faker
// as one JSON object: {locale: {"first_name": [...], "last_name": [...]}}.
//   node faker.mjs node_modules/@faker-js/faker > faker.json
import {pathToFileURL} from 'node:url';
import path from 'node:path';

const {allLocales} = await import(pathToFileURL(path.resolve(process.argv[2], 'dist/index.js')));
const flat = v => Array.isArray(v) ? v : Object.values(v ?? {}).filter(Array.isArray).flat();
const out = {};
for (const [locale, d] of Object.entries(allLocales)) {
  const first = flat(d.person?.first_name), last = flat(d.person?.last_name);
  if (first.length + last.length) out[locale] = {first_name: first, last_name: last};
}
process.stdout.write(JSON.stringify(out));
