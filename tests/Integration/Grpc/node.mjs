// Asks a node with @grpc/grpc-js, from nothing but its address: what it serves it tells by reflection. Prints what came of each case as one JSON object.
import { createRequire } from 'node:module'

const require = createRequire(process.env.LATECOMER_GRPC_MODULES + '/')
const grpc = require('@grpc/grpc-js')
const loader = require('@grpc/proto-loader')
const protobuf = require('protobufjs')
require('protobufjs/ext/descriptor')

const [, , address, protos] = process.argv
const credentials = grpc.credentials.createInsecure()
const options = { keepCase: true, enums: String, defaults: true }
const { ServerReflection } = grpc.loadPackageDefinition(loader.loadSync('grpc/reflection/v1/reflection.proto', { ...options, includeDirs: [protos] })).grpc.reflection.v1

const ask = questions => new Promise((resolve, reject) => {
  const answers = []
  const call = new ServerReflection(address, credentials).ServerReflectionInfo()
  call.on('data', answer => answers.push(answer))
  call.on('error', reject)
  call.on('end', () => resolve(answers))
  for (const question of questions) call.write(question)
  call.end()
})

const [list] = await ask([{ list_services: '' }])
const services = list.list_services_response.service.map(s => s.name)
const files = new Map()
for (const answer of await ask(services.map(s => ({ file_containing_symbol: s })))) {
  for (const bytes of answer.file_descriptor_response.file_descriptor_proto) {
    const file = protobuf.descriptor.FileDescriptorProto.decode(bytes)
    files.set(file.name, file)
  }
}
const set = protobuf.descriptor.FileDescriptorSet.encode({ file: [...files.values()] }).finish()
const api = grpc.loadPackageDefinition(loader.loadFileDescriptorSetFromBuffer(Buffer.from(set), options))

const types = new protobuf.Root()
types.resolvePath = (_, target) => target.startsWith('google/protobuf/') ? require.resolve('protobufjs/' + target) : `${protos}/${target}`
types.loadSync(['google/rpc/status.proto', 'google/rpc/error_details.proto'], { keepCase: true })

const { Pipelines, Runs, Cluster } = api.latecomer.v1
const { Health } = api.grpc.health.v1
const zipped = { 'grpc.default_compression_algorithm': 2 }
const call = (service, method, request, { seconds = 60, ...options } = {}) => new Promise((resolve, reject) =>
  new service(address, credentials, options)[method](request, { deadline: Date.now() + seconds * 1000 }, (error, response) => error ? reject(error) : resolve(response)))
const failed = async promise => { try { await promise } catch (error) { return error } throw new Error('it did not fail') }
const told = error => `${error.code} ${error.details}`
const details = error => {
  const status = types.lookupType('google.rpc.Status').decode(error.metadata.get('grpc-status-details-bin')[0])
  const info = types.lookupType('google.rpc.ErrorInfo').decode(status.details[0].value)
  return `${info.reason} ${info.domain} ${info.metadata.method}`
}
const pipeline = (name, argument = 'x', date = '2999-01-01') => ({
  name, schedule: '@daily', start: date, end: date, configuration_folder: name, inputs: [{ table: 't', partition_column: 'd' }],
  work: { task_id: 'work', command: { program: 'true', arguments: [argument] } }
})

// Twenty pipelines of 20 kB each come back in one message as they were sent.
async function large (options) {
  const sent = new Map(Array.from({ length: 20 }, (_, i) => [`large-${i}`, String.fromCharCode(97 + i).repeat(20000)]))
  for (const [name, argument] of sent) await call(Pipelines, 'Apply', { pipeline: pipeline(name, argument) }, options)
  const { pipelines } = await call(Pipelines, 'List', {}, options)
  const back = pipelines.filter(p => sent.get(p.name) === p.work.command.arguments[0])
  return back.length === sent.size
}

// A stream that brings something, and then ends as it is told to.
const watch = (seconds, then = () => {}) => new Promise(resolve => {
  const seen = []
  const stream = new Health(address, credentials).Watch({ service: 'latecomer.v1.Runs' }, { deadline: Date.now() + seconds * 1000 })
  stream.on('data', message => { seen.push(message.status); then(stream) })
  stream.on('error', error => resolve(`${seen} ${error.code}`))
})

// What happens to a run is told while it happens, and to who comes again with the token of before from there on.
async function watched () {
  const watch = async (request, wanted, begun = () => {}) => {
    const changes = []
    let token
    const stream = new Runs(address, credentials).Watch(request, { deadline: Date.now() + 60000 })
    stream.on('error', () => {})
    for await (const response of stream) {
      if (!token) await begun()
      token ??= response.resume_token
      changes.push(...response.changes.map(c => c.type))
      if (wanted(changes)) break
    }
    stream.cancel()
    return { token, changes }
  }
  const first = await watch({}, changes => changes.includes('TaskStarted'), () => call(Pipelines, 'Apply', { pipeline: pipeline('watched', 'x', '2024-01-01') }))
  const again = await watch({ resume_token: first.token }, changes => changes.length >= first.changes.length)
  return `${first.changes[0].toLowerCase()} ${JSON.stringify(again.changes.slice(0, first.changes.length)) === JSON.stringify(first.changes)}`
}

const cases = {
  services: () => services.join(','),
  unary: async () => (await call(Cluster, 'Show', {})).nodes.map(n => n.name).join(','),
  refused: async () => told(await failed(call(Pipelines, 'List', { page_size: -1 }))),
  missing: async () => told(await failed(call(Runs, 'List', { pipeline: 'none' }))),
  details: async () => details(await failed(call(Runs, 'List', { pipeline: 'none' }))),
  unknown: async () => {
    const none = grpc.makeGenericClientConstructor({ Go: { path: '/latecomer.v1.Runs/NoSuch', requestSerialize: b => b, requestDeserialize: b => b, responseSerialize: b => b, responseDeserialize: b => b } })
    return (await failed(call(none, 'Go', Buffer.alloc(0)))).code
  },
  late: async () => (await failed(call(Pipelines, 'List', {}, { seconds: -1 }))).code,
  repeated: async () => {
    const request = name => ({ pipeline: pipeline(name), request_id: 'mine' })
    const replies = [await call(Pipelines, 'Apply', request('first')), await call(Pipelines, 'Apply', request('first'))]
    const other = await failed(call(Pipelines, 'Apply', request('other')))
    return `${replies[0].changed} ${JSON.stringify(replies[0]) === JSON.stringify(replies[1])} ${other.code} ${details(other).toLowerCase()}`
  },
  large: () => large({}),
  gzip: () => large(zipped),
  oversized: async () => (await failed(call(Pipelines, 'List', { page_token: 'x'.repeat(2 << 20) }))).code,
  watched,
  reflection: async () => {
    const [unknown, file] = await ask([{ file_containing_symbol: 'no.Such' }, { file_by_filename: 'latecomer/v1/runs.proto' }])
    return `${unknown.error_response.error_code} ${file.file_descriptor_response.file_descriptor_proto.length > 0}`
  },
  health: async () => (await call(Health, 'Check', { service: 'latecomer.v1.Runs' })).status,
  healthUnknown: async () => (await failed(call(Health, 'Check', { service: 'no.Such' }))).code,
  cancelled: () => watch(60, stream => stream.cancel()),
  deadline: () => watch(3)
}

const results = {}
for (const [name, run] of Object.entries(cases)) {
  try { results[name] = String(await run()) } catch (error) { results[name] = `failed: ${error.stack}` }
}
console.log(JSON.stringify(results))
process.exit(0)
