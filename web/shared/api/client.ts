// The one way to the server: JSON both ways, errors as ApiError with the server's own words.
import { lang } from '../i18n/index.ts'
import type { ErrorBody } from './types.ts'

export class ApiError extends Error {
  readonly code: string
  readonly status: number
  readonly field: string | undefined
  readonly request: string | undefined
  readonly retryAfterS: number
  constructor(body: ErrorBody, retryAfterS = 0) {
    super(body.message)
    this.code = body.code
    this.status = body.status
    this.field = body.field
    this.request = body.request
    this.retryAfterS = retryAfterS
  }

  /** True when the answer will stay the same: 4xx except waiting and logging in again. */
  get final(): boolean {
    return this.status >= 400 && this.status < 500 && ![401, 408, 425, 429].includes(this.status)
  }
}

export interface CallOptions {
  method?: string
  body?: unknown
  /** Receipt code: the reader's right to one matter. */
  receipt?: string
  /** Idempotency key of a writing call. */
  key?: string
  signal?: AbortSignal
  timeoutMs?: number
}

let csrf = ''

/** Sets the token that every writing call of a logged-in person carries. */
export function setCsrf(token: string): void {
  csrf = token
}

/**
 * A key under which a call may be repeated without a second effect: a UUID of version 7 (RFC 9562),
 * which begins with the time, so that the server finds the keys of one moment side by side.
 */
export function newKey(now = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(now / 256 ** (5 - i)) % 256
  bytes[6] = 0x70 | (bytes[6]! & 0x0f)
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  const hex = Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function headersOf(options: CallOptions): Record<string, string> {
  const headers: Record<string, string> = { 'Accept-Language': lang.value }
  if (options.receipt) headers.Authorization = `Receipt ${options.receipt}`
  if (options.method && options.method !== 'GET') {
    if (csrf) headers['X-CSRF'] = csrf
    if (options.key) headers['Idempotency-Key'] = options.key
    headers['Content-Type'] =
      options.body instanceof Blob
        ? options.body.type || 'application/octet-stream'
        : 'application/json'
  }
  return headers
}

async function errorOf(response: Response): Promise<ApiError> {
  const wait = Number(response.headers.get('Retry-After') ?? 0) || 0
  try {
    const body = (await response.json()) as ErrorBody
    if (typeof body.code === 'string')
      return new ApiError({ ...body, status: response.status }, wait)
  } catch {
    // not our server's answer: a proxy in between
  }
  return new ApiError({ code: 'gateway', status: response.status, message: '' }, wait)
}

/** Sends one request. Throws ApiError for an error answer, TypeError when nobody answered. */
export async function send(path: string, options: CallOptions = {}): Promise<Response> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), options.timeoutMs ?? 30_000)
  options.signal?.addEventListener('abort', () => stop.abort())
  try {
    const body = options.body
    const response = await fetch(path, {
      method: options.method ?? 'GET',
      headers: headersOf(options),
      body: body === undefined ? null : body instanceof Blob ? body : JSON.stringify(body),
      signal: stop.signal,
      credentials: 'same-origin',
    })
    if (!response.ok) throw await errorOf(response)
    return response
  } finally {
    clearTimeout(timer)
  }
}

export interface FileOptions {
  key: string
  signal?: AbortSignal
  /** How much has been sent, from 0 to 1. */
  onSent?: (part: number) => void
}

/** Sends a large file, of which fetch would not say how far it is; the same errors as send(). */
export function sendFile<T>(path: string, file: Blob, options: FileOptions): Promise<T> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest()
    request.open('POST', path)
    const headers = headersOf({ method: 'POST', body: file, key: options.key })
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.upload.onprogress = e => options.onSent?.(e.total ? e.loaded / e.total : 0)
    request.upload.onload = () => options.onSent?.(1)
    request.onerror = () => failed(new TypeError('nobody answered'))
    request.onabort = () => failed(new DOMException('stopped', 'AbortError'))
    request.onload = () => {
      const headers = { 'Retry-After': request.getResponseHeader('Retry-After') ?? '' }
      const answer = new Response(request.responseText, { status: request.status, headers })
      if (answer.ok) done(answer.json() as Promise<T>)
      else void errorOf(answer).then(failed)
    }
    options.signal?.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}

export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  return (await (await send(path, options)).json()) as T
}

export const get = <T>(path: string, options: CallOptions = {}): Promise<T> =>
  call<T>(path, options)

export const post = <T>(path: string, body: unknown, options: CallOptions = {}): Promise<T> =>
  call<T>(path, { key: newKey(), ...options, method: 'POST', body })

/** Builds `?a=1&b=2`, leaving out what is undefined or empty. */
export function query(values: Record<string, string | number | boolean | undefined>): string {
  const pairs = Object.entries(values).filter(([, v]) => v !== undefined && v !== '')
  const text = new URLSearchParams(pairs.map(([k, v]) => [k, String(v)])).toString()
  return text && `?${text}`
}
