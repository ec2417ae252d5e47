// Writes a table for tests that read it meanwhile: node writer.mjs TABLE COMMITS.
// What each version holds is a rule that WrittenTable.cs states again. Says "started" when the table is there, and waits for lines on its
// input that tell how far the reader has come: it stays near the reader, and cleans up nothing that the reader still needs.
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

const [table, commits] = [process.argv[2], Number(process.argv[3])];
const log = path.join(table, '_delta_log');
const [days, filesPerCommit, lifetime, checkpointEvery, farthestAhead] = [7, 3, 40, 50, 120];

const protocol = { protocol: { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ['v2Checkpoint'], writerFeatures: ['v2Checkpoint'] } };
const schema = { type: 'struct', fields: [{ name: 'id', type: 'long', nullable: true, metadata: {} }, { name: 'day', type: 'string', nullable: true, metadata: {} }] };
const metaData = { metaData: { id: 'a8f3c8f0-6a1f-4a7e-9d57-3a3b1c1d2e10', format: { provider: 'parquet', options: {} }, schemaString: JSON.stringify(schema), partitionColumns: ['day'], configuration: { 'delta.checkpointPolicy': 'v2' }, createdTime: 1700000000000 } };

// The rule. A tenth version rearranges one file; any other adds three; all remove what was added 40 versions before.
const isRearranging = version => version % 10 === 0;
const file = (version, index, moved) => {
  const day = `d${(version + index) % days}`;
  return { path: `day=${day}/v${version}-${index}${moved ? '-moved' : ''}.parquet`, day, size: 100 + version + index + (moved ? 5 : 0), rows: 10 + (version * 3 + index) % 17 };
};
const born = version => version < 1 || isRearranging(version) ? [] : Array.from({ length: filesPerCommit }, (_, index) => file(version, index, false));
const dying = version => born(version - lifetime).map((f, index) => index === 0 && version % 10 === 5 ? file(version - lifetime, 0, true) : f);

const stats = f => JSON.stringify({ numRecords: f.rows });
const add = (f, dataChange) => ({ add: { path: f.path, partitionValues: { day: f.day }, size: f.size, modificationTime: 1700000000000, dataChange, stats: stats(f) } });
// Every third version's removes are short ones, which leave out the partition.
const remove = (f, version, dataChange) => ({
  remove: version % 3 === 0
    ? { path: f.path, deletionTimestamp: 1700000000000 + version, dataChange }
    : { path: f.path, deletionTimestamp: 1700000000000 + version, dataChange, extendedFileMetadata: true, partitionValues: { day: f.day }, size: f.size, stats: stats(f) },
});

const actionsOf = version => {
  const actions = [{ commitInfo: { timestamp: 1700000000000 + version * 1000, operation: 'WRITE' } }];
  if (version === 0) actions.push(protocol, metaData);
  if (version > 0 && isRearranging(version)) actions.push(remove(file(version - 5, 0, false), version, false), add(file(version - 5, 0, true), false));
  actions.push(...dying(version).map(f => remove(f, version, true)), ...born(version).map(f => add(f, true)));
  return actions;
};

// The log. A file is there as a whole or not at all.
const nameOf = version => String(version).padStart(20, '0');
const text = actions => actions.map(action => JSON.stringify(action)).join('\n') + '\n';
const temporary = content => {
  const name = path.join(log, `.writer-${randomUUID()}.tmp`);
  fs.writeFileSync(name, content);
  return name;
};
const commit = (version, actions) => {
  const written = temporary(text(actions));
  fs.linkSync(written, path.join(log, `${nameOf(version)}.json`));
  fs.unlinkSync(written);
};
const checkpoint = (version, active) => {
  const actions = [{ checkpointMetadata: { version } }, protocol, metaData, ...active.values()];
  fs.renameSync(temporary(text(actions)), path.join(log, `${nameOf(version)}.checkpoint.${randomUUID()}.json`));
  fs.renameSync(temporary(JSON.stringify({ version, size: actions.length })), path.join(log, '_last_checkpoint'));
};
const cleanUp = below => {
  for (const name of fs.readdirSync(log)) {
    if (/^\d{20}\./.test(name) && Number(name.slice(0, 20)) < below) fs.unlinkSync(path.join(log, name));
  }
};

let reader = 0;
let heard = () => {};
const input = readline.createInterface({ input: process.stdin });
input.on('line', line => { reader = Number(line); heard(); });
input.on('close', () => process.exit(1));

fs.mkdirSync(log, { recursive: true });
const active = new Map();
for (let version = 0; version < commits; version++) {
  while (version > reader + farthestAhead) await new Promise(resolve => { heard = resolve; });
  const actions = actionsOf(version);
  commit(version, actions);
  if (version === 0) console.log('started');
  for (const action of actions) {
    if (action.remove) active.delete(action.remove.path);
    if (action.add) active.set(action.add.path, { add: { ...action.add, dataChange: false } });
  }
  if (version > 0 && version % checkpointEvery === 0) {
    checkpoint(version, active);
    cleanUp(Math.floor(Math.min(version - checkpointEvery, reader) / checkpointEvery) * checkpointEvery);
  }
  await setImmediate();
}
process.exit(0);
