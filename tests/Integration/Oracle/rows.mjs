// Reads Parquet files with the oracle's readers and puts the rows of each beside it, as FILE.READER.jsonl; what a reader
// threw instead as FILE.READER.error. Usage: node rows.mjs ORACLE_FOLDER FILES...
import fs from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [, , oracle, ...files] = process.argv
const library = name => import(pathToFileURL(join(oracle, 'lib', name)).href)
const { readHyparquet, readDuckdb } = await library('parquet.mjs')
const { readArrow } = await library('arrowread.mjs')
const readers = { hyparquet: readHyparquet, duckdb: readDuckdb, arrow: async path => readArrow(path) }
for (const file of files) {
  for (const [name, read] of Object.entries(readers)) {
    try {
      const { rows } = await read(file)
      fs.writeFileSync(`${file}.${name}.jsonl`, rows.map(row => JSON.stringify(row) + '\n').join(''))
    } catch (error) {
      fs.writeFileSync(`${file}.${name}.error`, String(error?.stack ?? error))
    }
  }
}
process.exit(0)
