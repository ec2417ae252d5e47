// Checks manifests, a JSON array on stdin, against Kubernetes' own schemas (kubernetes-models has them as functions), strictly:
// a field that the schema's function never looks at is one that Kubernetes does not know. Prints a JSON array of sentences.
import { createRequire } from 'node:module'
import { join } from 'node:path'

const models = join(process.env.LATECOMER_NODE_MODULES, 'kubernetes-models')
const require = createRequire(import.meta.url)

// What is read of an object, by the paths of its fields. The functions read each field that they know, and each key of a map.
function watched(value, path, unread) {
  if (value === null || typeof value !== 'object') return value
  const names = Array.isArray(value) ? [] : Object.keys(value)
  names.forEach(name => unread.add(`${path}/${name}`))
  const inner = new Map()
  return new Proxy(value, {
    get(target, name) {
      if (typeof name !== 'string') return target[name]
      unread.delete(`${path}/${name}`)
      if (!inner.has(name)) inner.set(name, watched(target[name], `${path}/${name}`, unread))
      return inner.get(name)
    }
  })
}

function faultsOf(manifest) {
  const name = `${manifest.kind} ${manifest.metadata?.name}`
  let model
  try {
    model = require(join(models, manifest.apiVersion, manifest.kind + '.js'))[manifest.kind]
  } catch {
    return [`${name}: Kubernetes has no ${manifest.kind} in ${manifest.apiVersion}`]
  }
  const unread = new Set()
  const faults = []
  const seen = watched(manifest, '', unread)
  const { validate } = require(join(models, '_schemas', schemaOf(model) + '.js'))
  if (!validate(seen)) validate.errors.forEach(e => faults.push(`${name}: ${e.instancePath} ${e.keyword} ${JSON.stringify(e.params)}`))
  unread.forEach(path => faults.push(`${name}: ${path} is no field of Kubernetes`))
  return faults
}

// io.k8s.api.GROUP.VERSION.Kind, the group without its domain.
function schemaOf(model) {
  const [group, version] = model.apiVersion.includes('/') ? model.apiVersion.split('/') : ['core', model.apiVersion]
  const capital = text => text[0].toUpperCase() + text.slice(1)
  return `IoK8sApi${capital(group.split('.')[0])}${capital(version)}${model.kind}`
}

let text = ''
for await (const chunk of process.stdin) text += chunk
console.log(JSON.stringify(JSON.parse(text).flatMap(faultsOf)))
