// stores.mjs: the databases that run.mjs measures with: named ones, made once and kept in a folder,
// on SQLite or on a PostgreSQL server of our own.
//   db      { name, url, data }     data: the folder of key, photos and search file
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { startPostgres } from '../tools/postgres.mjs'

const big = { maxBuffer: 64 << 20 }
const quiet = { stdio: ['ignore', 'inherit', 'inherit'] }
const lines = text => text.toString().trim().split('\n')

// What both have in common: the folder of each database, and whether it was finished.
class Store {
  constructor(dir) {
    this.dir = resolve(dir)
  }
  at(name) {
    return { name, data: `${this.dir}/${name}`, url: this.url(name) }
  }
  exists(name) {
    return existsSync(`${this.dir}/${name}/done`)
  }
  done({ name }) {
    writeFileSync(`${this.dir}/${name}/done`, '')
  }
  // An empty place for a database.
  fresh(name) {
    this.forget(name)
    mkdirSync(`${this.dir}/${name}`, { recursive: true })
    return this.at(name)
  }
  // Nothing of its files stays in the system's memory, but for those that hardly count.
  forgetPages() {
    const files = ['find', this.dir, '-type', 'f', '-size', '+256k', '-exec']
    for (const [find, ...args] of [[...files, 'sync', '{}', '+'],
      [...files, 'dd', 'if={}', 'iflag=nocache', 'count=0', 'status=none', ';']])
      execFileSync(find, args, quiet)
  }
  copy(from, name) {
    const to = this.fresh(name)
    cpSync(from.data, to.data, { recursive: true })
    this.copyRows(from, to)
    rmSync(`${to.data}/done`, { force: true })
    return to
  }
}

class Sqlite extends Store {
  name = 'SQLite'
  raw = 'raw_sqlite'
  settings = 'as the program opens it: WAL, synchronous=FULL'
  url(name) {
    return `${this.dir}/${name}/city.db`
  }
  copyRows() { /* they lie in the folder */ }
  forget(name) {
    rmSync(`${this.dir}/${name}`, { recursive: true, force: true })
  }
  sql(db, text) {
    return lines(execFileSync('sqlite3', ['-separator', ' ', db.url, text], big))
  }
  bytes(db) {
    return Number(this.sql(db, 'SELECT page_count * page_size FROM pragma_page_count, pragma_page_size')[0])
  }
  rawArgs(source, copy, group, rows) {
    return ['rows', source.url, copy.url, group, rows]
  }
  rest() { /* nothing runs between the servers */ }
  stop() { /* nor afterwards */ }
}

// Durable as in real use; memory as for a machine of 8 GB. wal_level: nobody copies from this server.
const settings = { fsync: 'on', synchronous_commit: 'on', shared_buffers: '1GB', max_wal_size: '8GB',
  checkpoint_timeout: '15min', random_page_cost: 1.1, effective_cache_size: '4GB', wal_level: 'minimal',
  max_wal_senders: 0, max_connections: 100 }

class Postgres extends Store {
  name = 'PostgreSQL'
  raw = 'raw_postgres'
  settings = Object.entries(settings).map(([k, v]) => `${k}=${v}`).join(', ')
  constructor(dir) {
    super(dir)
    mkdirSync(`${this.dir}/server`, { recursive: true })
    this.rest()
  }
  url(name) {
    return `postgres:///${name.replaceAll('-', '_')}`
  }
  psql(url, text) {
    const env = { ...process.env, PGOPTIONS: '-c client_min_messages=warning -c fengqiao.sees=all' }
    return lines(execFileSync('psql', ['-X', '-A', '-t', '-q', '-F', ' ', '-d', url, '-c', text], { ...big, env }))
  }
  base(name) {
    return name.replaceAll('-', '_')
  }
  fresh(name) {
    const db = super.fresh(name)
    this.psql('postgres:///postgres', `CREATE DATABASE ${this.base(name)}`)
    return db
  }
  copyRows(from, to) {
    this.psql('postgres:///postgres', `DROP DATABASE ${this.base(to.name)}`)
    this.psql('postgres:///postgres', `CREATE DATABASE ${this.base(to.name)} TEMPLATE ${this.base(from.name)}`)
  }
  forget(name) {
    this.psql('postgres:///postgres', `DROP DATABASE IF EXISTS ${this.base(name)} WITH (FORCE)`)
    rmSync(`${this.dir}/${name}`, { recursive: true, force: true })
  }
  sql(db, text) {
    return this.psql(db.url, text)
  }
  bytes(db) {
    return Number(this.sql(db, `SELECT pg_database_size('${this.base(db.name)}')`)[0])
  }
  rawArgs(source, copy, group, rows) {
    return [source.url, copy.url, group, rows]
  }
  // A server just started, with nothing in its memory.
  rest() {
    this.server?.stop()
    this.server = startPostgres(settings, `${this.dir}/server`)
    Object.assign(process.env, this.server.env)
  }
  stop() {
    this.server.stop()
  }
}

export const stores = { sqlite: dir => new Sqlite(`${dir}/sqlite`), postgres: dir => new Postgres(`${dir}/postgres`) }

/** A city that was lived through, or, in bulk, filled: with so many open matters in each grid. */
export function make(store, build, name, matters, open) {
  if (store.exists(name)) return store.at(name)
  const db = store.fresh(name), begun = performance.now()
  process.stderr.write(`making ${name} on ${store.name}: ${matters} matters\n`)
  execFileSync(`${build}/fengqiao`, ['demo', '--db', db.url, '--data', db.data, '--only-make', '--matters',
    String(open ? 0 : matters)], quiet)
  if (open) {
    const out = execFileSync(`${build}/tests/bench/fill`, [db.url, db.data, String(matters), String(open)],
      { ...quiet, stdio: ['ignore', 'pipe', 'inherit'] })
    db.filled = JSON.parse(out)
  }
  db.made_s = (performance.now() - begun) / 1000
  return db
}
