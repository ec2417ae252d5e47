// Reads Parquet files with hyparquet and prints one JSON line per file: its path and its rows.
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'

const entry = join(process.env.LATECOMER_NODE_MODULES, 'hyparquet', 'src', 'node.js')
const { asyncBufferFromFile, parquetReadObjects } = await import(pathToFileURL(entry))
for (const path of process.argv.slice(2)) {
  const file = await asyncBufferFromFile(path)
  const rows = await parquetReadObjects({ file })
  console.log(JSON.stringify({ path, rows }, (_, value) => typeof value === 'bigint' ? Number(value) : value))
}
