// A small stand-in for the server, in memory: answers the calls of the phone pages by the API
// contract and serves the built files as manifest.json says. For tests of the pages alone.
//   node test/mock.mjs [PORT]
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { resolve } from 'node:path'

const out = resolve(process.env.OUT ?? resolve(import.meta.dirname, '../../build/web'))
const hourMs = 3600_000
const origin = 'demo.fengqiao.example/log'
const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const rawKey = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
const sha = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest()
const b64 = bytes => Buffer.from(bytes).toString('base64')
const keyHash = sha(Buffer.from(`${origin}\n`), Buffer.from([1]), rawKey).subarray(0, 4)
const verifierKey = `${origin}+${keyHash.toString('hex')}+${b64(Buffer.concat([Buffer.from([1]), rawKey]))}`

function signNote(text) {
  const signature = sign(null, Buffer.from(text), privateKey)
  return `${text}\n— ${origin} ${b64(Buffer.concat([keyHash, signature]))}\n`
}

// The Merkle log of RFC 6962, small and plain.
const leaves = []
const node = (l, r) => sha(Buffer.from([1]), l, r)
const split = n => 2 ** Math.ceil(Math.log2(n) - 1)
function root(list) {
  if (list.length === 0) return sha()
  if (list.length === 1) return list[0]
  const k = split(list.length)
  return node(root(list.slice(0, k)), root(list.slice(k)))
}
function path(m, list) {
  if (list.length <= 1) return []
  const k = split(list.length)
  return m < k
    ? [...path(m, list.slice(0, k)), root(list.slice(k))]
    : [...path(m - k, list.slice(k)), root(list.slice(0, k))]
}
for (let i = 0; i < 5; i++) leaves.push(sha(Buffer.from([0, i])))

const cat = (code, icon, name, name_en, hint, hint_en, hotline) => ({
  code,
  icon,
  name,
  name_en,
  hint,
  hint_en,
  hotline,
})
const categories = [
  cat('fire', 'fire', '消防安全', 'Fire safety', '通道堵塞、占用、锁闭', 'blocked or locked exits'),
  cat('power', 'elec', '用电用气', 'Power and gas', '飞线充电、漏气', 'unsafe charging, leaks'),
  cat('rent', 'house', '出租房', 'Rented homes', '群租、隔断', 'overcrowding, partitions'),
  cat('neighbour', 'people', '邻里纠纷', 'Neighbours', '噪音、漏水、停车', 'noise, leaks, parking'),
  cat('road', 'road', '道路交通', 'Roads', '破损、违停', 'damage, parking'),
  cat('lamp', 'lamp', '路灯井盖', 'Lamps, manholes', '不亮、缺失、破损', 'dark, missing, broken'),
  cat('scam', 'phone', '疑似诈骗', 'Suspected scam', '电话、短信、上门', 'calls, texts, visits'),
  cat('green', 'tree', '绿化', 'Trees and green', '倒伏、枯枝', 'fallen trees'),
  cat('rubbish', 'trash', '垃圾环卫', 'Rubbish', '堆积、不清运', 'piles, not collected'),
  cat('water', 'water', '水务排水', 'Water, drains', '积水、停水', 'flooding, no water'),
  cat('noise', 'noise', '噪音油烟', 'Noise and fumes', '夜间施工、油烟', 'night works, fumes'),
  cat('other', 'pencil', '其他', 'Other', '不确定就选这项', 'when in doubt'),
  { ...cat('lamp_dark', 'lamp', '路灯不亮', 'Lamp is dark', '', ''), parent: 'lamp' },
  { ...cat('lamp_cover', 'lamp', '井盖缺失', 'Manhole cover missing', '', ''), parent: 'lamp' },
]
const nameOf = code => categories.find(c => c.code === code)?.name ?? '其他'

const place = {
  area: '320508',
  community: '320508001003',
  community_name: '平江路社区',
  town_name: '平江街道',
  county_name: '姑苏区',
  grid: '320508001003002',
  grid_name: '第二网格',
  police_grid: '3205080012',
  worker_name: '王秀英',
  worker_phone: '0512-00000012',
  lon: 120.631,
  lat: 31.315,
}
const config = {
  city: '苏州市',
  city_en: 'Suzhou',
  notice: '演示系统：数据均为虚构。',
  notice_en: 'Demonstration: all data is invented.',
  demo: true,
  origin,
  verifier_key: verifierKey,
  center: [120.62, 31.31],
  bounds: [120.0, 30.8, 121.3, 32.0],
  review_no: '',
  boundary_notice: '示意边界',
  boundary_notice_en: 'Illustrative boundaries',
  photos_max: 6,
  text_max: 2000,
  categories,
}

const matters = new Map()
const answers = new Map()
const photos = new Map()
const uploads = new Map()
let counter = 41
const control = { down: false, refuse: null, tamper: false, loseAnswers: 0, requests: [] }

const fault = (status, code, message, field) =>
  Object.assign(new Error(message), { status, code, field })
const symbols = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

// 17 random characters and the one that makes the weighted sum in GF(32) zero.
function code() {
  const values = [...randomBytes(17)].map(b => b & 31)
  let sum = 0
  for (const v of values) sum = timesX(sum) ^ v
  values.push(timesX(sum))
  return values
    .map(v => symbols[v])
    .join('')
    .replace(/(.{6})(.{6})/, '$1-$2-')
}
function timesX(v) {
  return (v << 1) & 32 ? ((v << 1) ^ 0x25) & 31 : v << 1
}

function logEntry(m) {
  const salt = randomBytes(16)
  const facts = { number: m.number, text_sha256: sha(salt, Buffer.from(m.text)).toString('hex') }
  const texts = ['reporter', 'report', '', m.state, JSON.stringify(facts)].flatMap(text => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(Buffer.byteLength(text))
    return [length, Buffer.from(text)]
  })
  const entry = Buffer.concat([Buffer.from('fengqiao-entry-v1\n'), Buffer.alloc(36), ...texts])
  const prev = Buffer.alloc(32)
  const hash = sha(entry, prev)
  const index = leaves.push(sha(Buffer.from([0]), hash)) - 1
  const iso = ms =>
    new Date(Math.ceil(ms / 1000) * 1000 + 8 * hourMs).toISOString().slice(0, 19) + '+08:00'
  const promise = signNote(
    `fengqiao promise v1\n${origin}\n${m.number}\n${b64(hash)}\n${iso(m.created_ms)}\n${iso(m.created_ms + 60_000)}\n`,
  )
  m.proof = {
    format: 'fengqiao-receipt-1',
    number: m.number,
    entry: b64(entry),
    prev: b64(prev),
    hash: b64(hash),
    text: m.text,
    salt: b64(salt),
    index,
    promise,
  }
}

function create(body, by) {
  const now = Date.now()
  const m = {
    number: `320508-K7M2-QX${++counter}`,
    code: code(),
    text: body.text,
    category: body.category ?? 'other',
    state: 'assigned',
    state_name: '待签收',
    created_ms: now,
    round: 1,
    place_text: body.place_text ?? '',
    due_ms: now + 2 * hourMs,
    messages: [],
    photos: [],
    seq: 1,
    owner_name: '平江路社区第二网格',
    holder: null,
    can: {},
    tier: 1,
    rating: undefined,
    origin: by,
    timeline: [
      { at_ms: now, action: 'report', action_name: '报事', by: '报事人' },
      {
        at_ms: now,
        action: 'route',
        action_name: '自动派给网格',
        by: '系统',
        note: '按地点派到所在网格',
      },
    ],
    has_contact: Boolean(body.phone),
    name: body.name,
    phone: body.phone,
  }
  for (const u of body.uploads ?? [])
    m.photos.push({ id: u, phase: 'before', width: 800, height: 600 })
  logEntry(m)
  matters.set(m.number, m)
  return m
}

const stagesOf = m =>
  ['received', 'routed', 'working', 'answered', 'closed'].map((key, i) => {
    const rank =
      { assigned: 2, working: 3, answered: 4, verified: 4, closed: 5, withdrawn: 5 }[m.state] ?? 1
    return {
      key,
      name: ['已受理', '已派单', '办理中', '已答复', '已办结'][i],
      done: i < rank,
      at_ms: i < rank ? m.created_ms + i * 60_000 : undefined,
    }
  })

function publicView(m) {
  const answered = ['answered', 'verified', 'closed'].includes(m.state)
  const can = (action, ok, why) => ({ action, ok, ...(ok ? {} : { why }) })
  return {
    number: m.number,
    category_name: nameOf(m.category),
    state: m.state,
    state_name: m.state_name,
    state_text: answered ? '已经处理并答复，请看下面的答复。' : '已派给网格员，正等待签收。',
    text: m.text,
    place_text: m.place_text,
    place_name: '姑苏区平江街道平江路社区',
    owner_name: m.owner_name,
    due_ms: m.due_ms,
    due_reason: '一般事项：网格员 2 个工作小时内签收',
    overdue: m.due_ms < Date.now(),
    created_ms: m.created_ms,
    round: m.round,
    stages: stagesOf(m),
    timeline: m.timeline,
    messages: m.messages,
    photos: m.photos,
    rating: m.rating,
    rating_text: m.rating_text,
    can: [
      can('message', true),
      can('urge', !answered, '已经答复'),
      can('withdraw', !answered, '已经答复，不能撤回'),
      can('rate', answered && !m.rating, '答复以后才能评价'),
      can('object', answered && !m.objected, '答复以后可以提一次异议'),
      can('reopen', m.state === 'closed', '办结以后才能要求重办'),
    ],
    object_until_ms: answered ? Date.now() + 5 * 24 * hourMs : undefined,
    seq: m.seq,
    provisional: false,
  }
}

const proofOf = m => ({
  ...m.proof,
  ...(control.tamper ? { entry: b64(Buffer.from('something else')) } : {}),
  path: path(m.proof.index, leaves).map(b64),
  key: verifierKey,
  checkpoint: signNote(`${origin}\n${leaves.length}\n${b64(root(leaves))}\n`),
})

const receiptOf = m => ({
  code: m.code,
  number: m.number,
  joined: false,
  state: m.state,
  state_name: m.state_name,
  owner_name: m.owner_name,
  due_ms: m.due_ms,
  next: '网格员王秀英会在 2 个工作小时内签收并联系您。',
  created_ms: m.created_ms,
  entry_hash: m.proof.hash,
  promise: m.proof.promise,
  place_name: '姑苏区平江街道平江路社区',
})

const row = m => ({
  number: m.number,
  kind: 'report',
  state: m.state,
  state_name: m.state_name,
  category: m.category,
  category_name: nameOf(m.category),
  tier: m.tier,
  tier_name: '一般',
  title: m.text.slice(0, 30),
  place_text: m.place_text,
  place_name: '平江路社区',
  grid: place.grid,
  lon: place.lon,
  lat: place.lat,
  owner_unit: 'g2',
  owner_name: m.owner_name,
  holder_name: m.holder ?? undefined,
  due_ms: m.due_ms,
  overdue: m.due_ms < Date.now(),
  supervised: 0,
  created_ms: m.created_ms,
  unanswered: 1,
  joined: 1,
  seq: m.seq,
})

function staffView(m) {
  const mine = m.holder !== null
  const act = (action, name, needs, ok = mine, why = '先签收再办理', more = {}) => ({
    action,
    name,
    needs,
    ok,
    ...(ok ? {} : { why }),
    ...more,
  })
  return {
    ...row(m),
    text: m.text,
    origin: m.origin,
    origin_name: '居民报事',
    community_name: '平江路社区',
    confidential: false,
    reporters: [
      {
        no: 1,
        name: m.name ? `${m.name[0]}**` : '',
        phone: m.phone ? '138****0000' : '',
        has_contact: m.has_contact,
        joined_ms: m.created_ms,
        answered: false,
      },
    ],
    cohandlers: [],
    photos: m.photos,
    messages: m.messages,
    timeline: m.timeline.map((e, i) => ({
      seq: i + 1,
      at_ms: e.at_ms,
      action: e.action,
      action_name: e.action_name,
      by: e.by,
      to_state: m.state,
      owner_name: m.owner_name,
      note: e.note,
    })),
    holds: [],
    links: [],
    clock: {
      stage: 'sign',
      from_ms: m.created_ms,
      due_ms: m.due_ms,
      rule: '一般事项 2 个工作小时内签收',
      paused: false,
      provisional: false,
    },
    route: { rule: 'grid', why: '按地点派到所在网格' },
    actions: [
      act('take', '签收', ['note?'], !mine, '已经由您办理'),
      act('solve', '当场解决', ['reply', 'uploads?']),
      act('reply', '办结答复', ['reply', 'uploads?']),
      act('pass', '移交', ['unit', 'note']),
      act('ask_extension', '申请延期', ['days', 'note']),
      act('ask_deferral', '申请挂账', ['days', 'note']),
      act('ask_return', '退单', ['reason', 'note'], mine, '先签收再办理', {
        danger: true,
        reasons: [
          { code: 'not_ours', name: '不属于本单位职责' },
          { code: 'wrong_place', name: '地点不在本辖区' },
        ],
      }),
      act('tell', '与报事人沟通', ['text', 'uploads?']),
      act('note', '内部记录', ['note']),
      act('release', '放回', ['note'], mine),
      act('verify', '核查通过', [], false, '答复以后由另一人核查'),
    ],
  }
}

const me = {
  account: 'a1',
  name: '王秀英',
  username: 'worker1',
  lang: 'zh-CN',
  csrf: 'c'.repeat(32),
  memberships: [
    {
      unit: 'g2',
      unit_name: '平江路社区第二网格',
      role: 'grid_worker',
      role_name: '网格员',
      level: 'grid',
    },
  ],
  can: ['queue', 'handle', 'entry', 'search'],
  must: [],
}

function stepMatter(m, body) {
  if (body.seq !== m.seq) throw fault(409, 'conflict', '这件事刚刚被别人改过，请看最新情况再办')
  const now = Date.now()
  m.seq++
  const names = {
    take: '签收',
    solve: '当场解决',
    reply: '办结答复',
    pass: '移交',
    tell: '与报事人沟通',
    note: '内部记录',
    release: '放回',
  }
  m.timeline.push({
    at_ms: now,
    action: body.action,
    action_name: names[body.action] ?? body.action,
    by: '王秀英',
    note: body.reply ?? body.reason ?? body.note,
  })
  if (body.action === 'take')
    Object.assign(m, {
      state: 'working',
      state_name: '办理中',
      holder: me.name,
      due_ms: now + 24 * hourMs,
    })
  if (body.action === 'release')
    Object.assign(m, { state: 'assigned', state_name: '待签收', holder: null })
  if (body.action === 'solve' || body.action === 'reply') {
    Object.assign(m, { state: 'answered', state_name: '已答复·待核查' })
    m.messages.push({
      no: m.messages.length + 1,
      at_ms: now,
      from: 'staff',
      by: '网格员',
      text: body.reply,
      photos: [],
    })
  }
  if (body.action === 'tell') {
    m.messages.push({
      no: m.messages.length + 1,
      at_ms: now,
      from: 'staff',
      by: '网格员',
      text: body.text,
      photos: [],
    })
  }
  for (const u of body.uploads ?? [])
    m.photos.push({ id: u, phase: 'after', width: 800, height: 600 })
}

function receiptStep(m, action, body) {
  const now = Date.now()
  if (action === 'message') {
    m.messages.push({
      no: m.messages.length + 1,
      at_ms: now,
      from: 'reporter',
      by: '报事人',
      text: body.text,
      photos: (body.uploads ?? []).map(id => ({ id, phase: 'talk' })),
    })
  } else if (action === 'rate') Object.assign(m, { rating: body.score, rating_text: body.text })
  else if (action === 'object')
    Object.assign(m, { objected: true, state: 'working', state_name: '办理中' })
  else if (action === 'withdraw') Object.assign(m, { state: 'withdrawn', state_name: '已撤回' })
  else if (action === 'reopen')
    Object.assign(m, { state: 'working', state_name: '办理中', round: m.round + 1 })
  const names = {
    message: '补充说明',
    rate: '评价',
    object: '提出异议',
    withdraw: '撤回',
    reopen: '要求重办',
    urge: '催办',
  }
  m.timeline.push({ at_ms: now, action, action_name: names[action], by: '报事人', note: body.text })
}

const square = (x, y, d, codeText, name) => ({
  type: 'Feature',
  properties: { code: codeText, name },
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [x, y],
        [x + d, y + 0.001],
        [x + d, y + d],
        [x - 0.001, y + d],
        [x, y],
      ],
    ],
  },
})

function boundaries(q) {
  const [w, s, e, n] = ['w', 's', 'e', 'n'].map(k => Number(q.get(k)))
  const d = { county: 0.2, town: 0.05, community: 0.015, grid: 0.006 }[q.get('level')] ?? 0.05
  const features = []
  for (let x = Math.floor(w / d) * d; x < e; x += d)
    for (let y = Math.floor(s / d) * d; y < n; y += d) {
      if (features.length < 400) features.push(square(x, y, d, `${features.length}`, '示意'))
    }
  return { type: 'FeatureCollection', features }
}

const byReceipt = request => {
  const given = /^Receipt (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
  const found = [...matters.values()].find(m => m.code === given)
  if (!found) throw fault(404, 'receipt', '没有这个编码，请检查有没有输错')
  return found
}
const byStaff = request => {
  if (!/fq_session=1/.test(request.headers.cookie ?? '')) throw fault(401, 'login', '请先登录')
}
const byNumber = number =>
  matters.get(number) ??
  (() => {
    throw fault(404, 'matter', '没有这件事')
  })()

const routes = [
  ['GET', /^\/api\/config$/, () => config],
  [
    'POST',
    /^\/api\/suggest$/,
    (_r, b) => {
      const hit = /火|烧|烟/.test(b.text)
        ? ['fire', true, '119']
        : /灯/.test(b.text)
          ? ['lamp_dark']
          : /吵|噪/.test(b.text)
            ? ['noise']
            : ['other']
      const c = categories.find(x => x.code === hit[0])
      return { categories: [c], tier: hit[1] ? 4 : 1, emergency: Boolean(hit[1]), hotline: hit[2] }
    },
  ],
  ['GET', /^\/api\/locate$/, () => place],
  ['GET', /^\/api\/grids\/(\d+)$/, () => place],
  ['GET', /^\/api\/boundaries$/, (_r, _b, _m, q) => boundaries(q)],
  [
    'GET',
    /^\/api\/nearby$/,
    () => ({
      items: [...matters.values()]
        .filter(m => m.state !== 'closed')
        .slice(0, 2)
        .map(m => ({
          number: m.number,
          category: m.category,
          category_name: nameOf(m.category),
          state: m.state,
          state_name: m.state_name,
          place_text: m.place_text || '平江路 128 号',
          distance_m: 40,
          created_ms: m.created_ms,
          joined: 2,
        })),
    }),
  ],
  [
    'POST',
    /^\/api\/uploads$/,
    (_r, bytes) => {
      const id = randomBytes(8).toString('hex')
      uploads.set(id, bytes)
      photos.set(id, bytes)
      return { upload: id, width: 800, height: 600, bytes: bytes.length }
    },
  ],
  [
    'POST',
    /^\/api\/reports$/,
    (_r, b) => {
      if (!b.text) throw fault(422, 'input', '请写明发生了什么', 'text')
      return receiptOf(create(b, 'resident'))
    },
  ],
  ['GET', /^\/api\/receipt$/, r => publicView(byReceipt(r))],
  ['GET', /^\/api\/receipt\/proof$/, r => proofOf(byReceipt(r))],
  [
    'GET',
    /^\/api\/(?:receipt|matters\/[\w-]+)\/photos\/(\w+)$/,
    (_r, _b, m) => ({ blob: photos.get(m[1]) }),
  ],
  [
    'POST',
    /^\/api\/receipt\/(message|rate|object|reopen|withdraw|urge)$/,
    (r, b, m) => {
      const matter = byReceipt(r)
      receiptStep(matter, m[1], b)
      return publicView(matter)
    },
  ],
  [
    'POST',
    /^\/api\/login$/,
    (_r, b, _m, _q, response) => {
      if (b.password !== 'fengqiao-demo-2026') throw fault(401, 'login', '用户名或密码不对')
      response.setHeader('Set-Cookie', 'fq_session=1; Path=/; HttpOnly; SameSite=Strict')
      return me
    },
  ],
  [
    'POST',
    /^\/api\/logout$/,
    (_r, _b, _m, _q, response) => {
      response.setHeader('Set-Cookie', 'fq_session=; Path=/; Max-Age=0')
      return {}
    },
  ],
  ['GET', /^\/api\/me$/, r => (byStaff(r), me)],
  [
    'GET',
    /^\/api\/counts$/,
    r => (byStaff(r), { mine: 2, unit: 3, pool: 1, cohandle: 0, ask: 0, overdue: 1, due_today: 2 }),
  ],
  [
    'GET',
    /^\/api\/matters$/,
    (r, _b, _m, q) => {
      byStaff(r)
      const open = [...matters.values()].filter(
        m => !['closed', 'withdrawn', 'answered'].includes(m.state),
      )
      const view = q.get('view')
      const items = open.filter(m =>
        view === 'pool'
          ? m.holder === null
          : view === 'mine'
            ? m.holder !== null
            : view === 'overdue'
              ? m.due_ms < Date.now()
              : true,
      )
      return { items: items.map(row) }
    },
  ],
  [
    'POST',
    /^\/api\/matters$/,
    (r, b) => {
      byStaff(r)
      const m = create(b, 'patrol')
      if (b.solved) Object.assign(m, { state: 'answered', state_name: '已答复·待核查' })
      return { number: m.number, receipt: receiptOf(m) }
    },
  ],
  ['GET', /^\/api\/matters\/([\w-]+)$/, (r, _b, m) => (byStaff(r), staffView(byNumber(m[1])))],
  [
    'POST',
    /^\/api\/matters\/([\w-]+)\/step$/,
    (r, b, m) => {
      byStaff(r)
      const matter = byNumber(m[1])
      stepMatter(matter, b)
      return staffView(matter)
    },
  ],
  [
    'POST',
    /^\/api\/matters\/([\w-]+)\/reveal$/,
    (r, _b, m) => {
      byStaff(r)
      const matter = byNumber(m[1])
      return { name: matter.name, phone: matter.phone }
    },
  ],
  ['GET', /^\/api\/duty\/mine$/, r => (byStaff(r), turnsNow())],
  [
    'GET',
    /^\/api\/units$/,
    () => ({
      items: [
        {
          unit: 'u1',
          name: '平江街道综合执法局',
          name_en: '',
          level: 'town',
          kind: 'department',
          functions: [],
        },
        {
          unit: 'u2',
          name: '平江街道应急管理办公室',
          name_en: '',
          level: 'town',
          kind: 'department',
          functions: [],
        },
      ],
    }),
  ],
  [
    'GET',
    /^\/api\/templates$/,
    () => ({
      items: [
        { code: 't1', title: '现场处理完毕', text: '您反映的问题我们已到现场处理，感谢您的提醒。' },
      ],
    }),
  ],
]

/** A turn that runs, one to come, a note left by a colleague, and a week away. */
function turnsNow() {
  const hour = 3_600_000
  const now = Date.now()
  const turn = { layer: 'grid', zone: '320508001001001', name: '平江网格', next: '2', next_name: '王五' }
  return {
    turns: [
      { ...turn, from_ms: now - hour, to_ms: now + 7 * hour, now: true, instead_of: '赵六' },
      { ...turn, from_ms: now + 23 * hour, to_ms: now + 31 * hour, now: false },
    ],
    called: [{ number: '320508-0000-0001', title: '路灯不亮', tier: 2 }],
    in_hand: 1,
    absences: [
      {
        id: '1',
        account: '1',
        name: '张三',
        from_ms: now + 100 * hour,
        to_ms: now + 124 * hour,
        substitute: '2',
        substitute_name: '王五',
      },
    ],
    notes: [
      {
        at_ms: now - 2 * hour,
        from_name: '王五',
        to_name: '',
        unit_name: '平江社区',
        mine: false,
        note: '夜里留意东门的灯。',
        numbers: ['320508-0000-0001'],
      },
    ],
    people: [{ account: '2', name: '王五' }],
  }
}

async function readBody(request) {
  const parts = []
  for await (const part of request) parts.push(part)
  const bytes = Buffer.concat(parts)
  return request.headers['content-type']?.startsWith('application/json')
    ? JSON.parse(bytes.toString() || '{}')
    : bytes
}

async function answerApi(request, response, url) {
  const body = request.method === 'POST' ? await readBody(request) : undefined
  control.requests.push({
    method: request.method,
    path: url.pathname,
    body,
    key: request.headers['idempotency-key'],
  })
  const key = request.headers['idempotency-key']
  try {
    if (request.method === 'POST' && control.refuse) throw fault(...control.refuse)
    for (const [method, pattern, run] of routes) {
      const match = pattern.exec(url.pathname)
      if (method !== request.method || !match) continue
      if (key && answers.has(key)) return sendJson(response, 200, answers.get(key))
      const answer = run(request, body, match, url.searchParams, response)
      if (answer.blob)
        return response.writeHead(200, { 'Content-Type': 'image/jpeg' }).end(answer.blob)
      if (key) answers.set(key, answer)
      if (method === 'POST' && control.loseAnswers > 0) {
        control.loseAnswers--
        return request.socket.destroy()
      }
      return sendJson(response, 200, answer)
    }
    throw fault(404, 'route', '没有这个地址')
  } catch (error) {
    if (!error.status) console.error(error)
    const { status = 500, code: name = 'internal', field, message } = error
    return sendJson(response, status, { code: name, status, field, message })
  }
}

function sendJson(response, status, value) {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
}

export function answerFile(request, response, url) {
  const manifest = JSON.parse(readFileSync(resolve(out, 'manifest.json'), 'utf8'))
  const entry =
    manifest.files.find(f => f.path === url.pathname) ??
    manifest.files.find(
      f => f.file === manifest.fallbacks.find(b => url.pathname.startsWith(b.prefix))?.file,
    )
  if (!entry) return response.writeHead(404).end()
  const br = entry.br && /\bbr\b/.test(request.headers['accept-encoding'] ?? '')
  const headers = {
    ...manifest.headers,
    'Content-Type': entry.type,
    'Cache-Control': entry.cache,
    ETag: entry.etag,
  }
  if (br) headers['Content-Encoding'] = 'br'
  if (request.headers['if-none-match'] === entry.etag) return response.writeHead(304, headers).end()
  response.writeHead(200, headers).end(readFileSync(resolve(out, br ? entry.br : entry.file)))
}

function answerAny(request, response) {
  const url = new URL(request.url, 'http://host')
  if (control.down) return request.socket.destroy()
  if (url.pathname.startsWith('/api/')) return void answerApi(request, response, url)
  if (url.pathname === '/') return response.writeHead(302, { Location: '/m/' }).end()
  answerFile(request, response, url)
}

/** A city with nothing reported yet; one at a time in a process. */
export function createPhone() {
  for (const map of [matters, answers, photos, uploads]) map.clear()
  Object.assign(control, { down: false, refuse: null, tamper: false, loseAnswers: 0, requests: [] })
  const server = createServer(answerAny)
  return {
    control,
    matters,
    create: body => create(body, 'resident'),
    solve: (m, reply) => stepMatter(m, { seq: m.seq, action: 'reply', reply }),
    listen: port =>
      new Promise(done =>
        server.listen(port, '127.0.0.1', () => done(`http://127.0.0.1:${server.address().port}`)),
      ),
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

if (process.argv[1] === import.meta.filename) {
  if (!existsSync(resolve(out, 'manifest.json')))
    throw new Error('build the pages first: npm run build')
  const phone = createPhone()
  const lamp = {
    text: '平江路 128 号门口路灯不亮，晚上很黑。',
    category: 'lamp_dark',
    place_text: '平江路 128 号',
  }
  phone.create({ ...lamp, name: '李明', phone: '13800000000' })
  phone.create({
    text: '二楼楼道堆放电动车电池，消防通道走不通。',
    category: 'fire',
    place_text: '大儒巷 5 号 2 幢',
  })
  console.log(`${await phone.listen(Number(process.argv[2] ?? 18100))}/m/`)
}
