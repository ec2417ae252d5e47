// DuckDB on one thread, as a peer. usage: node duck.mjs generate FILE ROWS | scan FILE | write FILE OUT. Prints one line of JSON; the seconds are those of
// the statement alone, after the start of the process and of the database; a scan runs five times, and its first time is told apart.
import { DuckDBInstance } from '@duckdb/node-api';

const [, , mode, file, argument] = process.argv;
const quoted = path => `'${path.replaceAll("'", "''")}'`;
const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run('SET threads=1');
const timed = async statement => {
  const began = performance.now();
  const rows = (await connection.runAndReadAll(statement)).getRows();
  return { rows, seconds: (performance.now() - began) / 1000 };
};

const table = rows => `SELECT i AS id, CAST(i * 7919 % 100000 AS INTEGER) AS user_id, random() * 1000 AS amount,
    DATE '2024-01-01' + CAST(i // 27400 AS INTEGER) AS day, 'page_' || CAST(random() * 500 AS INTEGER) AS page,
    CASE WHEN random() < 0.1 THEN NULL ELSE CAST(random() * 1e6 AS BIGINT) END AS n, 'v' || md5(CAST(i AS VARCHAR)) AS visit
  FROM range(${Number(rows)}) r(i)`;

if (mode === 'generate') {
  await connection.run('SELECT setseed(0.42)');
  await connection.run(`COPY (${table(argument)}) TO ${quoted(file)} (FORMAT parquet, COMPRESSION snappy)`);
} else if (mode === 'scan') {
  const runs = [];
  for (let time = 0; time < 5; time++) runs.push(await timed(`SELECT sum(id)::VARCHAR || ' ' || sum(n)::VARCHAR || ' ' || sum(strlen(page))::VARCHAR FROM read_parquet(${quoted(file)})`));
  const seconds = runs.map(run => run.seconds);
  console.log(JSON.stringify({ check: runs[0].rows[0][0], seconds: [...seconds].sort((a, b) => a - b)[2], first: seconds[0] }));
} else {
  await connection.run(`CREATE TABLE t AS SELECT * FROM read_parquet(${quoted(file)})`);
  const { seconds } = await timed(`COPY t TO ${quoted(argument)} (FORMAT parquet, COMPRESSION snappy)`);
  console.log(JSON.stringify({ seconds }));
}

process.exit(0);
