// Calls the test service with @grpc/grpc-js and prints what came of each case as one JSON object. Arguments: address, folder of .proto files.
import { createRequire } from 'node:module'
import { createHash } from 'node:crypto'

const require = createRequire(process.env.LATECOMER_GRPC_MODULES + '/')
const grpc = require('@grpc/grpc-js')
const loader = require('@grpc/proto-loader')
const protobuf = require('protobufjs')

const [, , address, protos] = process.argv
const options = { includeDirs: [protos], keepCase: true, enums: String, defaults: true }
const files = ['echo.proto', 'grpc/health/v1/health.proto', 'grpc/reflection/v1/reflection.proto', 'grpc/reflection/v1alpha/reflection.proto']
const api = grpc.loadPackageDefinition(loader.loadSync(files, options))
const credentials = grpc.credentials.createInsecure()
const limits = { 'grpc.max_receive_message_length': 32 << 20, 'grpc.max_send_message_length': 32 << 20 }
const echo = new api.latecomer.tests.Echo(address, credentials, limits)
const zipped = new api.latecomer.tests.Echo(address, credentials, { ...limits, 'grpc.default_compression_algorithm': 2 })
const health = new api.grpc.health.v1.Health(address, credentials)
const types = new protobuf.Root()
types.resolvePath = (_, target) => target.startsWith('google/protobuf/') ? require.resolve('protobufjs/' + target) : `${protos}/${target}`
types.loadSync(['google/rpc/status.proto', 'google/rpc/error_details.proto'], { keepCase: true })

const unary = (client, method, request, metadata = new grpc.Metadata(), extra = {}) => new Promise((resolve, reject) => {
  const seen = {}
  const call = client[method](request, metadata, extra, (error, response) => error ? reject(error) : setImmediate(() => resolve({ response, ...seen })))
  call.on('metadata', headers => { seen.headers = headers })
  call.on('status', status => { seen.trailers = status.metadata })
})
const all = stream => new Promise((resolve, reject) => {
  const seen = []
  stream.on('data', message => seen.push(message))
  stream.on('error', reject)
  stream.on('end', () => resolve(seen))
})
const failed = async promise => { try { await promise } catch (error) { return error } throw new Error('it did not fail') }
const hash = bytes => createHash('sha256').update(bytes).digest('hex')
const soon = seconds => ({ deadline: Date.now() + seconds * 1000 })

const large = Buffer.alloc(6 << 20)
for (let i = 0; i < large.length; i++) large[i] = (i * 31 + (i >> 8)) & 255

async function sameLarge (client) {
  const { response } = await unary(client, 'Say', { text: 'large', payload: large })
  return hash(response.payload) === hash(large) ? response.payload.length : 'other bytes'
}

async function reflect (service) {
  const stream = new service(address, credentials).ServerReflectionInfo()
  const answers = all(stream)
  stream.write({ list_services: '' })
  stream.write({ file_containing_symbol: 'latecomer.tests.Echo.Say' })
  stream.write({ file_by_filename: 'no/such.proto' })
  stream.end()
  const [list, file, missing] = await answers
  const bytes = file.file_descriptor_response.file_descriptor_proto
  return [list.list_services_response.service.map(s => s.name).join(','), bytes.length, bytes[0].includes('echo.proto'), missing.error_response.error_code].join(' ')
}

const cases = {
  unary: async () => (await unary(echo, 'Say', { text: 'hällo 🙂' })).response.text,
  stream: async () => (await all(echo.Repeat({ text: 'x', times: 1000, payload_bytes: 100 }))).length,
  collected: () => new Promise((resolve, reject) => {
    const call = echo.Join((error, response) => error ? reject(error) : resolve(response.text))
    for (const text of ['a', 'b', 'c']) call.write({ text })
    call.end()
  }),
  chat: async () => {
    const call = echo.Chat()
    const answers = all(call)
    for (const text of ['1', '2', '3']) call.write({ text })
    call.end()
    return (await answers).map(a => a.text).join(',')
  },
  deadline: async () => (await failed(unary(echo, 'Wait', { text: 'deadline' }, undefined, soon(3)))).code,
  cancelled: async () => {
    const call = echo.Repeat({ text: 'cancelled', endless: true, payload_bytes: 1000 })
    call.once('data', () => call.cancel())
    return (await failed(all(call))).code
  },
  details: async () => {
    const error = await failed(unary(echo, 'Fail', { code: 9, message: 'nicht möglich: 100 %', field: 'name' }))
    const status = types.lookupType('google.rpc.Status').decode(error.metadata.get('grpc-status-details-bin')[0])
    const bad = types.lookupType('google.rpc.BadRequest').decode(status.details[0].value)
    return [error.code, error.details, status.details[0].type_url, bad.field_violations[0].field].join('|')
  },
  fault: async () => (await failed(unary(echo, 'Fail', { by_fault: true, message: 'secret' }))).details,
  unknown: async () => {
    const none = grpc.makeGenericClientConstructor({ Go: { path: '/no.Such/Go', requestSerialize: b => b, requestDeserialize: b => b, responseSerialize: b => b, responseDeserialize: b => b } })
    return (await failed(unary(new none(address, credentials), 'Go', Buffer.alloc(0)))).code
  },
  large: () => sameLarge(echo),
  gzip: () => sameLarge(zipped),
  oversized: async () => (await failed(unary(echo, 'Say', { payload: Buffer.alloc(17 << 20) }))).code,
  metadata: async () => {
    const metadata = new grpc.Metadata()
    metadata.set('x-echo', 'there and back')
    metadata.set('x-echo-bin', Buffer.from([0, 255, 128]))
    const { headers, trailers } = await unary(echo, 'Say', {}, metadata)
    return [headers.get('x-echo')[0], headers.get('x-echo-bin')[0].toString('hex'), trailers.get('x-echo-end')[0], trailers.get('x-echo-end-bin')[0].toString('hex')].join('|')
  },
  reflection: () => reflect(api.grpc.reflection.v1.ServerReflection),
  reflectionAlpha: () => reflect(api.grpc.reflection.v1alpha.ServerReflection),
  health: async () => (await unary(health, 'Check', { service: 'latecomer.tests.Echo' })).response.status,
  healthUnknown: async () => (await failed(unary(health, 'Check', { service: 'no.Such' }))).code,
  watch: () => new Promise((resolve, reject) => {
    const call = health.Watch({ service: '' })
    call.on('data', message => { call.cancel(); resolve(message.status) })
    call.on('error', reject)
  })
}

const results = {}
for (const [name, run] of Object.entries(cases)) {
  try { results[name] = String(await run()) } catch (error) { results[name] = `failed: ${error.stack}` }
}
console.log(JSON.stringify(results))
process.exit(0)
