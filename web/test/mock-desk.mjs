// A stand-in for the server as the desk sees it, in memory and the same at each start: matters in
// every state, four roles, steps with conflicts, live events. For tests of the pages alone.
//   node test/mock-desk.mjs [PORT]
import { createServer } from 'node:http'
import { answerFile } from './mock.mjs'
import {
  actionsOf,
  categories,
  config,
  dayMs,
  fault,
  makeMatter,
  names,
  numberOf,
  people,
  photoSvg,
  place,
  tiers,
  units,
} from './mock-city.mjs'

/** A mock with its own matters; `control` lets a test break things on purpose. */
export function createDesk(now = Date.now()) {
  const matters = new Map(
    Array.from({ length: 120 }, (_, i) => makeMatter(i, now)).map(m => [m.number, m]),
  )
  const answers = new Map()
  const streams = new Set()
  const control = { requests: [], conflict: false, down: false, expired: false, now }
  let made = 0

  const row = m =>
    Object.fromEntries(
      [
        'number',
        'kind',
        'state',
        'state_name',
        'category',
        'category_name',
        'tier',
        'tier_name',
        'title',
        'place_text',
        'place_name',
        'grid',
        'lon',
        'lat',
        'owner_unit',
        'owner_name',
        'taken',
        'due_ms',
        'overdue',
        'supervised',
        'ask',
        'created_ms',
        'unanswered',
        'joined',
        'seq',
      ]
        .map(k => [
          k,
          k === 'tier_name' ? tiers[m.tier] : k === 'taken' ? Boolean(m.holder_name) : m[k],
        ])
        .filter(([, v]) => v !== undefined),
    )
  const view = (m, who) => ({
    ...m,
    tier_name: tiers[m.tier],
    clock: {
      stage: 'handle',
      from_ms: m.created_ms,
      due_ms: m.due_ms,
      rule: `${m.category_name}（${tiers[m.tier]}）自派单起 5 个工作日内办结并答复`,
      paused: m.state === 'deferred',
      provisional: m.tier === 2,
    },
    route: {
      rule: '派单目录 2026-03',
      why: '事件类先属地后属主：地点在平江路社区第二网格，类别的承办单位为街道综合执法局',
    },
    actions: actionsOf(m, who),
  })
  const open = () =>
    [...matters.values()].filter(
      m => !['closed', 'rejected', 'merged', 'withdrawn'].includes(m.state),
    )
  const inView = {
    mine: (m, who) => m.holder_name === '沈晓燕' || m.holder_name === who.name,
    pool: m => ['assigned', 'received'].includes(m.state),
    unit: m => m.owner_unit < 'u4',
    cohandle: m => m.cohandlers.length > 0,
    ask: m => Boolean(m.ask),
    overdue: m => m.overdue,
    region: () => true,
  }

  function whoIs(request) {
    const found = people.find(p =>
      new RegExp(`fq_session=${p.username}\\b`).test(request.headers.cookie ?? ''),
    )
    if (!found || control.expired) throw fault(401, 'login', '请先登录')
    return found
  }
  function byNumber(number) {
    const m = matters.get(number)
    if (!m) throw fault(404, 'matter', '没有这件事，或不在您的权限范围内')
    return m
  }
  function record(m, who, action, action_name, note, to = m.state) {
    m.timeline.push({
      seq: m.timeline.length + 1,
      at_ms: Date.now(),
      action,
      action_name,
      by: `${who.memberships[0].unit_name} · ${who.name}`,
      from_state: m.state,
      to_state: to,
      owner_name: m.owner_name,
      note,
      facts: {},
    })
    Object.assign(m, { state: to, state_name: names[to], seq: m.seq + 1 })
  }
  function step(m, who, b) {
    if (control.conflict) {
      control.conflict = false
      record(m, people[3], 'supervise', '督办', '请抓紧')
    }
    if (b.seq !== m.seq) throw fault(409, 'conflict', '这件事刚刚被别人办理过')
    const a = actionsOf(m, who).find(x => x.action === b.action)
    if (!a?.ok) throw fault(409, 'step', a?.why ?? '不能这样办')
    if (b.action === 'merge' && !matters.has(b.number2))
      throw fault(422, 'input', '没有编号为这个的事项', 'number2')
    const to =
      {
        take: 'working',
        reply: 'answered',
        assign: 'assigned',
        verify: 'verified',
        close: 'closed',
        merge: 'merged',
        not_accept: 'rejected',
        rework: 'working',
      }[b.action] ?? m.state
    if (b.action === 'take') m.holder_name = who.name
    if (b.action === 'assign')
      Object.assign(m, {
        owner_unit: b.unit,
        owner_name: units.find(u => u.unit === b.unit)?.name ?? b.unit,
        holder_name: '',
      })
    if (b.action === 'cohandle')
      for (const u of b.units)
        m.cohandlers.push({
          unit: u.unit,
          unit_name: units.find(x => x.unit === u.unit)?.name,
          state: 'open',
          due_ms: Date.now() + u.days * dayMs,
          task: u.task,
        })
    if (b.action === 'tell' || b.action === 'reply')
      m.messages.push({
        no: m.messages.length + 1,
        at_ms: Date.now(),
        from: 'staff',
        by: who.name,
        text: b.text ?? b.reply,
        photos: [],
      })
    if (b.action === 'reply') {
      m.unanswered = 0
      for (const r of m.reporters) r.answered = true
    }
    record(m, who, b.action, a.name, b.note ?? b.reply ?? b.reason ?? b.text, to)
    return m
  }
  function list(q, who) {
    const keep = open().filter(
      m =>
        (inView[q.get('view')] ?? inView.region)(m, who) &&
        ['state', 'category', 'tier', 'grid'].every(
          k => !q.get(k) || String(m[k]).startsWith(q.get(k)),
        ) &&
        (!q.get('from_ms') || m.created_ms >= Number(q.get('from_ms'))) &&
        (!q.get('to_ms') || m.created_ms <= Number(q.get('to_ms'))),
    )
    keep.sort(
      q.get('order') === 'new'
        ? (a, b) => b.created_ms - a.created_ms
        : (a, b) => (a.due_ms ?? Infinity) - (b.due_ms ?? Infinity),
    )
    return page(keep, q)
  }
  function page(all, q) {
    const from = Number(q.get('after') ?? 0)
    const limit = Number(q.get('limit') ?? 50)
    return {
      items: all.slice(from, from + limit).map(row),
      ...(from + limit < all.length ? { next: String(from + limit) } : {}),
    }
  }
  const square = (x, y, d, code) => ({
    type: 'Feature',
    properties: { code, name: '示意' },
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [x, y],
          [x + d, y + d * 0.1],
          [x + d * 1.05, y + d],
          [x - d * 0.05, y + d],
          [x, y],
        ],
      ],
    },
  })
  function boundaries(q) {
    const [w, s, e, n] = ['w', 's', 'e', 'n'].map(k => Number(q.get(k)))
    const d = { county: 0.2, town: 0.05, community: 0.012, grid: 0.004 }[q.get('level')] ?? 0.05
    const features = []
    for (let x = Math.floor(w / d) * d; x < e; x += d)
      for (let y = Math.floor(s / d) * d; y < n && features.length < 400; y += d) {
        const own = place.lon >= x && place.lon < x + d && place.lat >= y && place.lat < y + d
        features.push(square(x, y, d, own ? place.grid : `${features.length}`))
      }
    return { type: 'FeatureCollection', features }
  }
  function enter(body) {
    if (!body.text) throw fault(422, 'input', '请写明什么事', 'text')
    if (body.phone && !/^1\d{10}$/.test(body.phone))
      throw fault(422, 'input', '手机号应为 11 位数字', 'phone')
    const m = {
      ...makeMatter(++made, Date.now()),
      number: numberOf(500 + made),
      text: body.text,
      title: body.text.slice(0, 30),
      seq: 1,
      state: 'assigned',
      state_name: names.assigned,
    }
    matters.set(m.number, m)
    return {
      code: '7K2M9Q-X4T8WB-3HNC5R',
      number: m.number,
      receipt: {
        code: '7K2M9Q-X4T8WB-3HNC5R',
        number: m.number,
        joined: Boolean(body.join),
        state: m.state,
        state_name: m.state_name,
        owner_name: '平江路社区第二网格',
        due_ms: Date.now() + dayMs,
        next: '网格员会在 2 个工作小时内签收并联系您。',
        created_ms: Date.now(),
        entry_hash: '',
        promise: '',
        place_name: '姑苏区平江街道平江路社区',
      },
    }
  }
  function announce(m) {
    for (const s of streams)
      s.write(
        `event: matter\ndata: ${JSON.stringify({ number: m.number, owner_unit: m.owner_unit, state: m.state, due_ms: m.due_ms })}\n\n`,
      )
  }

  const routes = [
    ['GET', /^\/api\/config$/, () => config],
    [
      'POST',
      /^\/api\/login$/,
      (r, b, _m, _q, response) => {
        const found = people.find(p => p.username === b.username)
        if (!found || b.password !== 'fengqiao-demo-2026')
          throw fault(401, 'login', '用户名或密码不对')
        control.expired = false
        response.setHeader(
          'Set-Cookie',
          `fq_session=${found.username}; Path=/; HttpOnly; SameSite=Strict`,
        )
        return found
      },
    ],
    [
      'POST',
      /^\/api\/logout$/,
      (_r, _b, _m, _q, response) => (
        response.setHeader('Set-Cookie', 'fq_session=; Path=/; Max-Age=0'),
        {}
      ),
    ],
    ['GET', /^\/api\/me$/, r => whoIs(r)],
    [
      'GET',
      /^\/api\/counts$/,
      r => {
        const who = whoIs(r)
        return {
          ...Object.fromEntries(
            ['mine', 'unit', 'pool', 'cohandle', 'ask', 'overdue'].map(v => [
              v,
              open().filter(m => inView[v](m, who)).length,
            ]),
          ),
          due_today: 7,
        }
      },
    ],
    ['GET', /^\/api\/matters$/, (r, _b, _m, q) => list(q, whoIs(r))],
    [
      'GET',
      /^\/api\/search$/,
      (r, _b, _m, q) => (
        whoIs(r),
        page(
          [...matters.values()].filter(m =>
            (m.number + m.text + m.place_text).includes(q.get('q')),
          ),
          q,
        )
      ),
    ],
    [
      'POST',
      /^\/api\/matters$/,
      (r, b) => {
        whoIs(r)
        const { number, code } = enter(b)
        return { number, code }
      },
    ],
    [
      'GET',
      /^\/api\/receipt$/,
      () => ({
        owner_name: '平江路社区第二网格',
        due_ms: Date.now() + dayMs,
        place_name: place.community_name,
        state_text: '已交给承办单位，等待签收',
        created_ms: Date.now(),
      }),
    ],
    [
      'POST',
      /^\/api\/reports$/,
      (_r, b) => ({ ...enter(b).receipt, number: b.join, joined: true }),
    ],
    [
      'POST',
      /^\/api\/matters\/bulk$/,
      (r, b) => {
        const who = whoIs(r)
        return {
          results: b.numbers.map(number => {
            try {
              const m = byNumber(number)
              announce(step(m, who, { ...b, seq: m.seq }))
              return { number, ok: true }
            } catch (e) {
              return { number, ok: false, code: e.code, message: e.message }
            }
          }),
        }
      },
    ],
    ['GET', /^\/api\/matters\/([\w-]+)$/, (r, _b, m) => view(byNumber(m[1]), whoIs(r))],
    [
      'POST',
      /^\/api\/matters\/([\w-]+)\/step$/,
      (r, b, m) => {
        const who = whoIs(r)
        const after = step(byNumber(m[1]), who, b)
        announce(after)
        return view(after, who)
      },
    ],
    [
      'GET',
      /^\/api\/matters\/([\w-]+)\/similar$/,
      (r, _b, m) => {
        whoIs(r)
        const one = byNumber(m[1])
        return {
          items: open()
            .filter(x => x !== one && x.category === one.category)
            .slice(0, 3)
            .map(row),
        }
      },
    ],
    [
      'POST',
      /^\/api\/matters\/([\w-]+)\/reveal$/,
      r => (whoIs(r), { name: '李明', phone: '13800000000' }),
    ],
    [
      'GET',
      /^\/api\/matters\/[\w-]+\/photos\/([\w-]+)$/,
      (r, _b, m) => (whoIs(r), { svg: photoSvg(m[1], m[1] === '3' ? '#5b7d62' : '#8d7a66') }),
    ],
    [
      'GET',
      /^\/api\/units$/,
      (_r, _b, _m, q) => ({ items: units.filter(u => u.name.includes(q.get('q') ?? '')) }),
    ],
    [
      'GET',
      /^\/api\/templates$/,
      () => ({
        items: [
          [
            't1',
            '现场处理完毕',
            '您反映的问题，我们已于今天到现场处理完毕，照片附后。感谢您的提醒，如有不满意可在回执页提出。',
          ],
          [
            't2',
            '需要延长办理',
            '您反映的问题需要多个部门配合，预计还需五个工作日，进展会在回执页告知您。',
          ],
          [
            't3',
            '不属受理范围',
            '您反映的事项依法应通过诉讼途径解决，我们已将法律援助的联系方式发给您。',
          ],
        ].map(([code, title, text]) => ({ code, title, text })),
      }),
    ],
    [
      'POST',
      /^\/api\/suggest$/,
      (_r, b) => {
        const hot = /火|烧|烟/.test(b.text)
        return {
          categories: categories
            .slice(0, 3)
            .map(({ code, name, name_en }) => ({ code, name, name_en })),
          tier: hot ? 4 : 1,
          emergency: hot,
          ...(hot ? { hotline: '119' } : {}),
        }
      },
    ],
    ['GET', /^\/api\/locate$/, () => place],
    [
      'GET',
      /^\/api\/grids\/(\d+)$/,
      (_r, _b, m) => {
        if (m[1].length !== 15) throw fault(404, 'grid', '没有这个网格')
        return place
      },
    ],
    [
      'GET',
      /^\/api\/nearby$/,
      () => ({
        items: open()
          .slice(0, 2)
          .map(m => ({ ...row(m), distance_m: 40, joined: 1 })),
      }),
    ],
    ['GET', /^\/api\/boundaries$/, (_r, _b, _m, q) => boundaries(q)],
    [
      'POST',
      /^\/api\/uploads$/,
      (_r, bytes) => ({ upload: `up${++made}`, width: 400, height: 300, bytes: bytes.length }),
    ],
  ]

  async function answer(request, response, url) {
    const parts = []
    for await (const part of request) parts.push(part)
    const bytes = Buffer.concat(parts)
    const body = request.headers['content-type']?.startsWith('application/json')
      ? JSON.parse(bytes.toString() || '{}')
      : bytes
    const key = request.headers['idempotency-key']
    control.requests.push({
      method: request.method,
      path: url.pathname,
      body,
      key,
      csrf: request.headers['x-csrf'],
    })
    const send = (status, value) =>
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
    try {
      for (const [method, pattern, run] of routes) {
        const match = pattern.exec(url.pathname)
        if (method !== request.method || !match) continue
        if (key && answers.has(key)) return send(200, answers.get(key))
        const value = run(request, body, match, url.searchParams, response)
        if (value.svg)
          return response.writeHead(200, { 'Content-Type': 'image/svg+xml' }).end(value.svg)
        if (key) answers.set(key, value)
        return send(200, value)
      }
      throw fault(404, 'route', '没有这个地址')
    } catch (e) {
      if (!e.status) console.error(e)
      return send(e.status ?? 500, {
        code: e.code ?? 'internal',
        status: e.status ?? 500,
        field: e.field,
        message: e.message,
      })
    }
  }
  function stream(request, response) {
    try {
      whoIs(request)
    } catch {
      return response.writeHead(401).end()
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' })
    response.write(': hello\n\n')
    streams.add(response)
    request.on('close', () => streams.delete(response))
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://host')
    if (control.down && url.pathname.startsWith('/api/')) return request.socket.destroy()
    if (url.pathname === '/api/events') return stream(request, response)
    if (url.pathname.startsWith('/api/')) return void answer(request, response, url)
    if (url.pathname === '/') return response.writeHead(302, { Location: '/desk/' }).end()
    answerFile(request, response, url)
  })
  /** Somebody else does something, as the live events then say. */
  function elsewhere(number) {
    const m = byNumber(number)
    record(m, people[3], 'note', '内部记录', '电话催办')
    announce(m)
  }
  return {
    matters,
    control,
    elsewhere,
    server,
    listen: (port = 0) =>
      new Promise(done =>
        server.listen(port, '127.0.0.1', () => done(`http://127.0.0.1:${server.address().port}`)),
      ),
    close: () => {
      for (const s of streams) s.end()
      server.closeAllConnections()
      server.close()
    },
  }
}

if (process.argv[1] === import.meta.filename) {
  console.log(`${await createDesk().listen(Number(process.argv[2] ?? 18200))}/desk/`)
}
