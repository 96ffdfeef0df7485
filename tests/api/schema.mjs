// schema.mjs: checks answers against the OpenAPI document of the program itself: just the part of
// JSON Schema that it uses, and an error for anything else, so that nothing goes unchecked.

const known = new Set([
  'type',
  'format',
  'description',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'enum',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'maxItems',
  'pattern',
  '$ref',
  'contentEncoding',
]);

const types = {
  object: (v) => typeof v === 'object' && v !== null && !Array.isArray(v),
  array: Array.isArray,
  string: (v) => typeof v === 'string',
  boolean: (v) => typeof v === 'boolean',
  number: (v) => typeof v === 'number' && Number.isFinite(v),
  integer: Number.isSafeInteger,
};

/** Every way in which value breaks the schema, as texts that begin with where. */
export function faults(document, schema, value, where = '') {
  if (schema.$ref) {
    const name = schema.$ref.replace('#/components/schemas/', '');
    const target = document.components.schemas[name];
    return target ? faults(document, target, value, where) : [`${where}: no schema ${name}`];
  }
  const found = Object.keys(schema)
    .filter((word) => !known.has(word))
    .map((word) => `${where}: the schema says ${word}, which is not checked`);
  if (schema.type && !types[schema.type](value)) {
    return [...found, `${where}: ${JSON.stringify(value)?.slice(0, 60)} is no ${schema.type}`];
  }
  if (types.object(value)) found.push(...objectFaults(document, schema, value, where));
  if (Array.isArray(value)) {
    if (value.length > (schema.maxItems ?? Infinity)) found.push(`${where}: too many items`);
    if (schema.items)
      value.forEach((v, i) => found.push(...faults(document, schema.items, v, `${where}/${i}`)));
  }
  return [...found, ...plainFaults(schema, value, where)];
}

function objectFaults(document, schema, value, where) {
  const found = (schema.required ?? [])
    .filter((name) => !(name in value))
    .map((name) => `${where}/${name}: missing`);
  for (const [name, v] of Object.entries(value)) {
    const field = schema.properties?.[name];
    if (field) found.push(...faults(document, field, v, `${where}/${name}`));
    else if (schema.additionalProperties === false) found.push(`${where}/${name}: unknown`);
  }
  return found;
}

function plainFaults(schema, value, where) {
  const found = [];
  if (schema.enum && !schema.enum.includes(value))
    found.push(`${where}: ${value} is not one of ${schema.enum}`);
  if (typeof value === 'string') {
    const n = [...value].length;
    if (n < (schema.minLength ?? 0) || n > (schema.maxLength ?? Infinity))
      found.push(`${where}: length ${n}`);
    if (schema.pattern && !new RegExp(schema.pattern, 'u').test(value))
      found.push(`${where}: ${value} does not fit ${schema.pattern}`);
    if (
      schema.contentEncoding === 'base64' &&
      Buffer.from(value, 'base64').toString('base64') !== value
    ) {
      found.push(`${where}: no base64`);
    }
  }
  if (
    typeof value === 'number' &&
    (value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity))
  ) {
    found.push(`${where}: ${value} is out of range`);
  }
  return found;
}

/** The operation that answers method and path, with its path template; undefined when none does. */
export function operation(document, method, path) {
  const parts = path.split('?')[0].split('/');
  const fits = (template) => {
    const t = template.split('/');
    return (
      t.length === parts.length && t.every((part, i) => part.startsWith('{') || part === parts[i])
    );
  };
  const best = Object.keys(document.paths)
    .filter((template) => fits(template) && document.paths[template][method])
    .sort((a, b) => (a.match(/\{/g)?.length ?? 0) - (b.match(/\{/g)?.length ?? 0))[0];
  return best && { template: best, ...document.paths[best][method] };
}

/** Faults of a JSON answer, by what the document promises for this call. */
export function answerFaults(document, { method, path, status, type, body }) {
  const op = operation(document, method.toLowerCase(), path);
  if (!op)
    return status < 400
      ? [`${method} ${path}: not in the document`]
      : faults(document, document.components.schemas.error, body);
  if (status >= 400) return faults(document, document.components.schemas.error, body);
  if (status === 304) return op.responses[304] ? [] : [`${method} ${path}: 304 is not promised`];
  const [promised, content] = Object.entries(op.responses[200].content)[0];
  if (!type.startsWith(promised)) return [`${method} ${path}: ${type} instead of ${promised}`];
  return content.schema
    ? faults(document, content.schema, body).map((f) => `${op.operationId}: ${f}`)
    : [];
}
