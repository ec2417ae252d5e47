// Prints what the oracle says of Delta tables, one JSON line for each. Usage: node tables.mjs ORACLE_FOLDER TABLES...
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [, , oracle, ...tables] = process.argv
const { expectation } = await import(pathToFileURL(join(oracle, 'lib', 'expect.mjs')).href)
for (const table of tables) {
  const { out } = await expectation(table, { canonicalize: true, fullSnapshotLimit: 100000 })
  process.stdout.write(JSON.stringify({ table, ...out }, (_, value) => typeof value === 'bigint' ? Number(value) : value) + '\n')
}
