// Asks a node with @grpc/grpc-js, from nothing but its address: what it serves it tells by reflection. Prints what came as one JSON object.
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

const call = (service, method, request, seconds = 30) => new Promise(resolve =>
  new service(address, credentials)[method](request, { deadline: Date.now() + seconds * 1000 }, (error, response) => resolve(error ? `${error.code} ${error.details}` : response)))
const watch = new Promise(resolve => {
  const seen = []
  const stream = new api.grpc.health.v1.Health(address, credentials).Watch({ service: 'latecomer.v1.Runs' })
  stream.on('data', message => { seen.push(message.status); stream.cancel() })
  stream.on('error', error => resolve(`${seen} ${error.code}`))
})

console.log(JSON.stringify({
  services: services.join(','),
  pipelines: (await call(api.latecomer.v1.Pipelines, 'List', {})).pipelines.length,
  refused: await call(api.latecomer.v1.Pipelines, 'List', { page_size: -1 }),
  missing: await call(api.latecomer.v1.Runs, 'List', { pipeline: 'none' }),
  late: (await call(api.latecomer.v1.Pipelines, 'List', {}, -1)).split(' ')[0],
  nodes: (await call(api.latecomer.v1.Cluster, 'Show', {})).nodes.map(n => n.name).join(','),
  watch: await watch
}, (_, value) => typeof value === 'number' ? String(value) : value))
process.exit(0)
