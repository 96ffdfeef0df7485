// A stand-in for the server as the desk sees it, in memory and the same at each start: matters in
// every state, four roles, steps with conflicts, live events. For tests of the pages alone.
//   node test/mock-desk.mjs [PORT]
import { createServer } from 'node:http'
import { answerFile } from './mock.mjs'

const hourMs = 3600_000
const dayMs = 24 * hourMs
const names = {
  received: '待派单', assigned: '待签收', working: '办理中', deferred: '挂账', answered: '待核查', verified: '待回访',
  closed: '已办结', rejected: '不予受理', merged: '已并单', withdrawn: '已撤回',
}
const tiers = ['', '一般', '较大', '重大', '突发紧急']
const kinds = [
  ['fire', '消防通道', '二楼楼道堆放电动车电池，消防通道走不通', '平江路 128 号 2 幢'],
  ['power', '用电用气', '飞线充电跨越绿化带，雨天有触电危险', '大儒巷 5 号门前'],
  ['rent', '出租房', '群租隔断没有灭火器，一套房住了十一人', '临顿路 77 号 3 单元 502'],
  ['neighbour', '邻里纠纷', '楼上漏水多次沟通无果，卧室天花板已发霉', '仓街 12 号 1 幢 301'],
  ['road', '道路交通', '路口信号灯不亮，早高峰车辆互不相让', '干将东路与莫邪路口'],
  ['lamp', '路灯井盖', '井盖缺失，只放了一根树枝提醒', '白塔东路 60 号公交站旁'],
  ['noise', '噪音油烟', '夜宵店油烟直排居民窗口，凌晨两点仍在营业', '凤凰街 33 号'],
  ['rubbish', '垃圾环卫', '装修垃圾堆在小区门口一周没有清运', '甪直镇 晓市路 9 号'],
]
const units = ['平江街道综合执法局', '平江街道应急管理办公室', '姑苏区城市管理委员会', '姑苏区住房和建设委员会', '姑苏区消防救援大队', '平江派出所', '平江路社区居民委员会', '平江街道人民调解委员会']
  .map((name, i) => ({ unit: `u${i + 1}`, name, level: i < 2 || i > 4 ? 4 : 3, kind: 'department', functions: '' }))
const categories = kinds.map(([code, name]) => ({ code, name, name_en: code, hint: '', hint_en: '', icon: 'pencil', emergency: code === 'fire' }))
const config = {
  city: '苏州市', city_en: 'Suzhou', notice: '', notice_en: '', demo: true, origin: 'demo', verifier_key: '', center: [120.631, 31.315],
  bounds: [120, 30.8, 121.3, 32], review_no: '', boundary_notice: '示意边界', boundary_notice_en: 'Illustrative boundaries', photos_max: 6, text_max: 2000, categories,
}
const place = {
  area: '320508', community: '320508001003', community_name: '平江路社区', town_name: '平江街道', county_name: '姑苏区', grid: '320508001003002',
  grid_name: '第二网格', police_grid: '3205080012', worker_name: '王秀英', worker_phone: '0512-00000012', lon: 120.631, lat: 31.315,
}
const person = (username, name, role, role_name, unit, unit_name, can) => ({
  account: username, name, username, csrf: 'c'.repeat(32), memberships: [{ unit, unit_name, role, role_name, level: 4 }], can,
})
const people = [
  person('dispatcher1', '陆文彬', 'dispatcher', '调度员', 'u0', '平江街道综治中心', ['queue', 'dispatch', 'approve', 'supervise', 'entry', 'search']),
  person('clerk1', '沈晓燕', 'clerk', '承办人', 'u1', '平江街道综合执法局', ['queue', 'handle', 'entry', 'search']),
  person('chief1', '顾建国', 'chief', '部门负责人', 'u1', '平江街道综合执法局', ['queue', 'handle', 'approve', 'search']),
  person('supervisor1', '钱宏', 'supervisor', '督办员', 'u9', '姑苏区综治中心', ['queue', 'approve', 'supervise', 'search']),
  person('auditor1', '吴敏', 'auditor', '审计员', 'u0', '姑苏区审计局', ['queue', 'search']),
]
const photoSvg = (label, tone) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300"><rect width="400" height="300" fill="${tone}"/><path d="M0 240l110-90 80 60 70-80 140 120v50H0z" fill="#00000030"/><circle cx="310" cy="70" r="30" fill="#ffffff60"/><text x="20" y="40" font-size="22" fill="#fff">${label}</text></svg>`

const fault = (status, code, message, field) => Object.assign(new Error(message), { status, code, field })

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const numberOf = (i) => `320508-${[0, 1].map((k) => [0, 1, 2, 3].map((n) => letters[(i * (7 + 6 * k + 2 * n) + n * 5 + k * 11 + (i >> n)) % 32]).join('')).join('-')}`

function talkOf(i, m) {
  if (i % 3) return []
  return [
    { no: 1, at_ms: m.created_ms + 5 * hourMs, from: 'staff', by: '沈晓燕', text: '您好，我们今天下午到现场看一下，您方便开门吗？', photos: [] },
    { no: 2, at_ms: m.created_ms + 6 * hourMs, from: 'reporter', by: '报事人', text: '下午四点以后在家。', photos: i % 2 ? [] : [{ id: 9, phase: 'talk', width: 400, height: 300 }] },
  ]
}

function timelineOf(m, i) {
  const list = [
    ['report', '报事', '', '', '', 'received', 0, '居民通过网页报事'],
    ['route', '自动派单', '', '系统', 'received', 'assigned', 1000, '按地点与类别派到平江路社区第二网格'],
  ]
  if (m.state !== 'received' && m.state !== 'assigned') {
    list.push(['take', '签收', '王秀英', '平江路社区第二网格', 'assigned', 'working', hourMs, ''])
    list.push(['pass', '移交', '王秀英', '平江路社区第二网格', 'working', 'assigned', 3 * hourMs, '现场看过，涉及拆除，社区没有执法权'])
    list.push(['take', '签收', '沈晓燕', '平江街道综合执法局', 'assigned', 'working', 8 * hourMs, ''])
  }
  if (i % 5 === 2) list.push(['supervise', '督办', '钱宏', '姑苏区综治中心', 'working', 'working', 26 * hourMs, '涉及多户安全，请三日内办结'])
  return list.map(([action, action_name, by_name, by_unit, from_state, to_state, after, note], n) => ({
    seq: n + 1, at_ms: m.created_ms + after, action, action_name, by: [by_unit, by_name].filter(Boolean).join(' · ') || '报事人', from_state: from_state || undefined, to_state, owner_name: m.owner_name, note: note || undefined,
    due_ms: action === 'route' ? m.due_ms : undefined, facts: {},
  }))
}

function make(i, now) {
  const [category, category_name, title, place_text] = kinds[i % kinds.length]
  const state = ['working', 'assigned', 'working', 'received', 'answered', 'working', 'deferred', 'assigned', 'verified', 'working'][i % 10]
  const created_ms = now - (i % 17 + 2) * 9 * hourMs
  const owner = units[i % units.length]
  const due_ms = now + ((i * 37) % 96 - 22) * hourMs
  const m = {
    number: numberOf(i), kind: 'report', state, state_name: names[state], category, category_name, tier: [1, 1, 2, 1, 3, 1, 4][i % 7],
    title, place_text, place_name: '姑苏区平江街道平江路社区第二网格', grid: place.grid, lon: 120.628 + (i % 9) * .001, lat: 31.313 + (i % 5) * .001, owner_unit: owner.unit, owner_name: owner.name,
    holder_name: ['working', 'deferred'].includes(state) ? ['沈晓燕', '周磊', '王秀英'][i % 3] : '', due_ms: state === 'deferred' ? undefined : due_ms, overdue: state !== 'deferred' && due_ms < now,
    supervised: i % 5 === 2 ? 1 + (i % 2) : 0, ask: i % 11 === 5 ? 'extension' : undefined, request: i % 11 === 5 ? { by: '周磊', unit_name: '平江街道综治中心', days: 3, reason: '' } : undefined, created_ms, unanswered: i % 4 === 1 ? 1 + (i % 2) : 0, joined: i % 6 === 0 ? 3 : 1, seq: 5,
    text: `${title}。已经持续一周多，白天晚上都有人经过，希望尽快处理。上次向物业反映过，对方说不归他们管。`, origin: 'resident', origin_name: ['居民报事', '12345 转办', '网格巡查'][i % 3],
    police_grid: '3205080012', police_grid_name: '平江派出所第三警务格', round: i % 13 === 4 ? 1 : 0, merged_into: '', confidential: i % 8 === 2,
    cohandlers: i % 4 === 0 ? [{ unit: 'u5', unit_name: '姑苏区消防救援大队', state: 'open', overdue: false, due_ms: now + 20 * hourMs, task: '核查消防设施并提出整改意见' }, { unit: 'u6', unit_name: '平江派出所', state: 'done', overdue: false, due_ms: now - 5 * hourMs, task: '核对租住人员登记', reply: '已登记 11 人，其中 3 人未办居住证，已补办。' }] : [],
    photos: [{ id: 1, phase: 'before', width: 400, height: 300 }, { id: 2, phase: 'before', width: 400, height: 300 }, ...i % 2 ? [{ id: 3, phase: 'after', width: 400, height: 300 }] : []],
    links: i % 7 === 0 ? [{ number: '320508-9ZZZ-9ZZZ', kind: 'related', kind_name: '关联', title: '同一幢楼的飞线充电', state_name: '已办结' }] : [],
  }
  m.reporters = [{ no: 1, name: '李*', phone: '138****0000', has_contact: true, confidential: m.confidential, joined_ms: created_ms, answered: !m.unanswered }]
  if (m.joined > 1) m.reporters.push({ no: 2, name: '', phone: '', has_contact: false, confidential: false, joined_ms: created_ms + hourMs, answered: false }, { no: 3, name: '欧阳*', phone: '139****0001', has_contact: true, confidential: false, joined_ms: created_ms + 2 * hourMs, answered: true, score: 4, rating_text: '来得快' })
  m.messages = talkOf(i, m)
  m.timeline = timelineOf(m, i)
  const spans = state === 'received' ? [['姑苏区综治中心', '', '待派单', 0]] : state === 'assigned' ? [['平江路社区第二网格', '', '待签收', 0]]
    : [['平江路社区第二网格', '', '待签收', 0], ['平江路社区第二网格', '王秀英', '办理中', hourMs], ['平江街道综合执法局', '', '待签收', 3 * hourMs], [m.owner_name, m.holder_name, names[state], 8 * hourMs]]
  m.holds = spans.map(([owner_name, holder_name, state_name, from], n) => {
    const to = spans[n + 1]?.[3]
    return { owner_name, holder_name: holder_name || undefined, state_name, from_ms: created_ms + from, to_ms: to === undefined ? undefined : created_ms + to, spent_ms: (to === undefined ? now - created_ms : to) - from }
  })
  return m
}

const act = (action, name, needs, ok, why, more = {}) => ({ action, name, needs, ok, ...(ok ? {} : { why }), ...more })

function actionsOf(m, who) {
  const right = (word) => who.can.includes(word)
  const held = m.state === 'working'
  const mine = held && right('handle')
  const open = !['closed', 'rejected', 'merged', 'withdrawn'].includes(m.state)
  const list = [
    act('take', '签收', ['note?'], m.state === 'assigned' && right('handle'), held ? `已由${m.holder_name}签收` : '现在不是待签收状态'),
    act('assign', '派单', ['unit', 'note?'], right('dispatch') && ['received', 'assigned', 'working'].includes(m.state), right('dispatch') ? '现在的状态下不能办这一步' : '只有调度员可以派单'),
    act('reply', '办结答复', ['reply', 'uploads?'], mine, '先签收再答复'),
    act('cohandle', '联办', ['units', 'note?'], mine || right('dispatch'), '由承办单位发起'),
    act('ask_extension', '申请延期', ['days', 'note'], mine, '先签收再申请'),
    act('ask_deferral', '申请挂账', ['days', 'note'], mine, '先签收再申请'),
    act('ask_return', '退单', ['reason', 'note'], mine, '本单位已经退过一次，不能再退', { reasons: [{ code: 'not_ours', name: '不属于本单位职责' }, { code: 'wrong_place', name: '地点不在本辖区' }, { code: 'no_power', name: '本级没有法定权限' }] }),
    act('approve', '同意申请', ['note?'], Boolean(m.ask) && right('approve'), m.ask ? '由部门负责人批准' : '没有待批的申请'),
    act('refuse', '不同意申请', ['note'], Boolean(m.ask) && right('approve'), m.ask ? '由部门负责人批准' : '没有待批的申请', { danger: true }),
    act('verify', '核查通过', ['note?'], m.state === 'answered' && right('dispatch'), '答复以后由另一人核查'),
    act('rework', '核查不通过', ['note'], m.state === 'answered' && right('dispatch'), '答复以后由另一人核查', { danger: true }),
    act('close', '结案', ['note?'], m.state === 'verified' && right('dispatch') && !m.unanswered, m.unanswered ? '还有报事人没有得到答复，不能结案' : '核查通过以后才能结案'),
    act('supervise', '督办', ['note'], right('supervise') && open, '只有督办员可以督办'),
    act('merge', '并单', ['number2', 'note?'], right('dispatch') && open, '由调度员并单'),
    act('split', '拆单', ['text', 'category', 'note?'], right('dispatch') && open, '由调度员拆单'),
    act('link', '关联', ['number2', 'note?'], right('handle') && open, '没有办理权限'),
    act('recategorise', '改类', ['category', 'note?'], right('dispatch') && open, '由调度员改类'),
    act('not_accept', '不予受理', ['reason', 'reply'], right('dispatch') && m.state === 'received', '已经受理，不能再作不予受理', { danger: true, reasons: [{ code: 'court', name: '应当通过诉讼、仲裁解决' }, { code: 'petition', name: '已经进入信访程序' }] }),
    act('tell', '与报事人沟通', ['text', 'uploads?'], right('handle') && open, '没有办理权限'),
    act('note', '内部记录', ['note', 'uploads?'], right('handle') || right('supervise') || right('dispatch'), '没有办理权限'),
  ]
  return list.filter((a) => a.ok || !['approve', 'refuse'].includes(a.action) || m.ask)
}

/** A mock with its own matters; `control` lets a test break things on purpose. */
export function createDesk(now = Date.now()) {
  const matters = new Map(Array.from({ length: 120 }, (_, i) => make(i, now)).map((m) => [m.number, m]))
  const answers = new Map()
  const streams = new Set()
  const control = { requests: [], conflict: false, down: false, expired: false, now }
  let made = 0

  const row = (m) => Object.fromEntries(['number', 'kind', 'state', 'state_name', 'category', 'category_name', 'tier', 'tier_name', 'title', 'place_text', 'place_name', 'grid', 'lon', 'lat', 'owner_unit', 'owner_name',
    'taken', 'due_ms', 'overdue', 'supervised', 'ask', 'created_ms', 'unanswered', 'joined', 'seq'].map((k) => [k, k === 'tier_name' ? tiers[m.tier] : k === 'taken' ? Boolean(m.holder_name) : m[k]]).filter(([, v]) => v !== undefined))
  const view = (m, who) => ({
    ...m, tier_name: tiers[m.tier], clock: { stage: 'handle', from_ms: m.created_ms, due_ms: m.due_ms, rule: `${m.category_name}（${tiers[m.tier]}）自派单起 5 个工作日内办结并答复`, paused: m.state === 'deferred', provisional: m.tier === 2 },
    route: { rule: '派单目录 2026-03', why: '事件类先属地后属主：地点在平江路社区第二网格，类别的承办单位为街道综合执法局' }, actions: actionsOf(m, who),
  })
  const open = () => [...matters.values()].filter((m) => !['closed', 'rejected', 'merged', 'withdrawn'].includes(m.state))
  const inView = {
    mine: (m, who) => m.holder_name === '沈晓燕' || m.holder_name === who.name, pool: (m) => ['assigned', 'received'].includes(m.state), unit: (m) => m.owner_unit < 'u4', cohandle: (m) => m.cohandlers.length > 0,
    ask: (m) => Boolean(m.ask), overdue: (m) => m.overdue, region: () => true,
  }

  function whoIs(request) {
    const found = people.find((p) => new RegExp(`fq_session=${p.username}\\b`).test(request.headers.cookie ?? ''))
    if (!found || control.expired) throw fault(401, 'login', '请先登录')
    return found
  }
  function byNumber(number) {
    const m = matters.get(number)
    if (!m) throw fault(404, 'matter', '没有这件事，或不在您的权限范围内')
    return m
  }
  function record(m, who, action, action_name, note, to = m.state) {
    m.timeline.push({ seq: m.timeline.length + 1, at_ms: Date.now(), action, action_name, by: `${who.memberships[0].unit_name} · ${who.name}`, from_state: m.state, to_state: to, owner_name: m.owner_name, note, facts: {} })
    Object.assign(m, { state: to, state_name: names[to], seq: m.seq + 1 })
  }
  function step(m, who, b) {
    if (control.conflict) {
      control.conflict = false
      record(m, people[3], 'supervise', '督办', '请抓紧')
    }
    if (b.seq !== m.seq) throw fault(409, 'conflict', '这件事刚刚被别人办理过')
    const a = actionsOf(m, who).find((x) => x.action === b.action)
    if (!a?.ok) throw fault(409, 'step', a?.why ?? '不能这样办')
    if (b.action === 'merge' && !matters.has(b.number2)) throw fault(422, 'input', '没有编号为这个的事项', 'number2')
    const to = { take: 'working', reply: 'answered', assign: 'assigned', verify: 'verified', close: 'closed', merge: 'merged', not_accept: 'rejected', rework: 'working' }[b.action] ?? m.state
    if (b.action === 'take') m.holder_name = who.name
    if (b.action === 'assign') Object.assign(m, { owner_unit: b.unit, owner_name: units.find((u) => u.unit === b.unit)?.name ?? b.unit, holder_name: '' })
    if (b.action === 'cohandle') for (const u of b.units) m.cohandlers.push({ unit: u.unit, unit_name: units.find((x) => x.unit === u.unit)?.name, state: 'open', due_ms: Date.now() + u.days * dayMs, task: u.task })
    if (b.action === 'tell' || b.action === 'reply') m.messages.push({ no: m.messages.length + 1, at_ms: Date.now(), from: 'staff', by: who.name, text: b.text ?? b.reply, photos: [] })
    if (b.action === 'reply') { m.unanswered = 0; for (const r of m.reporters) r.answered = true }
    record(m, who, b.action, a.name, b.note ?? b.reply ?? b.reason ?? b.text, to)
    return m
  }
  function list(q, who) {
    const keep = open().filter((m) => (inView[q.get('view')] ?? inView.region)(m, who) && ['state', 'category', 'tier', 'grid'].every((k) => !q.get(k) || String(m[k]).startsWith(q.get(k)))
      && (!q.get('from_ms') || m.created_ms >= Number(q.get('from_ms'))) && (!q.get('to_ms') || m.created_ms <= Number(q.get('to_ms'))))
    keep.sort(q.get('order') === 'new' ? (a, b) => b.created_ms - a.created_ms : (a, b) => (a.due_ms ?? Infinity) - (b.due_ms ?? Infinity))
    return page(keep, q)
  }
  function page(all, q) {
    const from = Number(q.get('after') ?? 0)
    const limit = Number(q.get('limit') ?? 50)
    return { items: all.slice(from, from + limit).map(row), ...(from + limit < all.length ? { next: String(from + limit) } : {}) }
  }
  const square = (x, y, d, code) => ({ type: 'Feature', properties: { code, name: '示意' }, geometry: { type: 'Polygon', coordinates: [[[x, y], [x + d, y + d * .1], [x + d * 1.05, y + d], [x - d * .05, y + d], [x, y]]] } })
  function boundaries(q) {
    const [w, s, e, n] = ['w', 's', 'e', 'n'].map((k) => Number(q.get(k)))
    const d = { county: .2, town: .05, community: .012, grid: .004 }[q.get('level')] ?? .05
    const features = []
    for (let x = Math.floor(w / d) * d; x < e; x += d) for (let y = Math.floor(s / d) * d; y < n && features.length < 400; y += d) {
      const own = place.lon >= x && place.lon < x + d && place.lat >= y && place.lat < y + d
      features.push(square(x, y, d, own ? place.grid : `${features.length}`))
    }
    return { type: 'FeatureCollection', features }
  }
  function enter(body) {
    if (!body.text) throw fault(422, 'input', '请写明什么事', 'text')
    if (body.phone && !/^1\d{10}$/.test(body.phone)) throw fault(422, 'input', '手机号应为 11 位数字', 'phone')
    const m = { ...make(++made, Date.now()), number: numberOf(500 + made), text: body.text, title: body.text.slice(0, 30), seq: 1, state: 'assigned', state_name: names.assigned }
    matters.set(m.number, m)
    return { code: '7K2M9Q-X4T8WB-3HNC5R', number: m.number, receipt: { code: '7K2M9Q-X4T8WB-3HNC5R', number: m.number, joined: Boolean(body.join), state: m.state, state_name: m.state_name, owner_name: '平江路社区第二网格', due_ms: Date.now() + dayMs, next: '网格员会在 2 个工作小时内签收并联系您。', created_ms: Date.now(), entry_hash: '', promise: '', place_name: '姑苏区平江街道平江路社区' } }
  }
  function announce(m) {
    for (const s of streams) s.write(`event: matter\ndata: ${JSON.stringify({ number: m.number, owner_unit: m.owner_unit, state: m.state, due_ms: m.due_ms })}\n\n`)
  }

  const routes = [
    ['GET', /^\/api\/config$/, () => config],
    ['POST', /^\/api\/login$/, (r, b, _m, _q, response) => {
      const found = people.find((p) => p.username === b.username)
      if (!found || b.password !== 'fengqiao-demo-2026') throw fault(401, 'login', '用户名或密码不对')
      control.expired = false
      response.setHeader('Set-Cookie', `fq_session=${found.username}; Path=/; HttpOnly; SameSite=Strict`)
      return found
    }],
    ['POST', /^\/api\/logout$/, (_r, _b, _m, _q, response) => (response.setHeader('Set-Cookie', 'fq_session=; Path=/; Max-Age=0'), {})],
    ['GET', /^\/api\/me$/, (r) => whoIs(r)],
    ['GET', /^\/api\/counts$/, (r) => {
      const who = whoIs(r)
      return { ...Object.fromEntries(['mine', 'unit', 'pool', 'cohandle', 'ask', 'overdue'].map((v) => [v, open().filter((m) => inView[v](m, who)).length])), due_today: 7 }
    }],
    ['GET', /^\/api\/matters$/, (r, _b, _m, q) => list(q, whoIs(r))],
    ['GET', /^\/api\/search$/, (r, _b, _m, q) => (whoIs(r), page([...matters.values()].filter((m) => (m.number + m.text + m.place_text).includes(q.get('q'))), q))],
    ['POST', /^\/api\/matters$/, (r, b) => {
      whoIs(r)
      const { number, code } = enter(b)
      return { number, code }
    }],
    ['GET', /^\/api\/receipt$/, () => ({ owner_name: '平江路社区第二网格', due_ms: Date.now() + dayMs, place_name: place.community_name, state_text: '已交给承办单位，等待签收', created_ms: Date.now() })],
    ['POST', /^\/api\/reports$/, (_r, b) => ({ ...enter(b).receipt, number: b.join, joined: true })],
    ['POST', /^\/api\/matters\/bulk$/, (r, b) => {
      const who = whoIs(r)
      return { results: b.numbers.map((number) => {
        try {
          const m = byNumber(number)
          announce(step(m, who, { ...b, seq: m.seq }))
          return { number, ok: true }
        } catch (e) { return { number, ok: false, code: e.code, message: e.message } }
      }) }
    }],
    ['GET', /^\/api\/matters\/([\w-]+)$/, (r, _b, m) => view(byNumber(m[1]), whoIs(r))],
    ['POST', /^\/api\/matters\/([\w-]+)\/step$/, (r, b, m) => {
      const who = whoIs(r)
      const after = step(byNumber(m[1]), who, b)
      announce(after)
      return view(after, who)
    }],
    ['GET', /^\/api\/matters\/([\w-]+)\/similar$/, (r, _b, m) => {
      whoIs(r)
      const one = byNumber(m[1])
      return { items: open().filter((x) => x !== one && x.category === one.category).slice(0, 3).map(row) }
    }],
    ['POST', /^\/api\/matters\/([\w-]+)\/reveal$/, (r) => (whoIs(r), { name: '李明', phone: '13800000000' })],
    ['GET', /^\/api\/matters\/[\w-]+\/photos\/([\w-]+)$/, (r, _b, m) => (whoIs(r), { svg: photoSvg(m[1], m[1] === '3' ? '#5b7d62' : '#8d7a66') })],
    ['GET', /^\/api\/units$/, (_r, _b, _m, q) => ({ items: units.filter((u) => u.name.includes(q.get('q') ?? '')) })],
    ['GET', /^\/api\/templates$/, () => ({ items: [['t1', '现场处理完毕', '您反映的问题，我们已于今天到现场处理完毕，照片附后。感谢您的提醒，如有不满意可在回执页提出。'], ['t2', '需要延长办理', '您反映的问题需要多个部门配合，预计还需五个工作日，进展会在回执页告知您。'], ['t3', '不属受理范围', '您反映的事项依法应通过诉讼途径解决，我们已将法律援助的联系方式发给您。']].map(([code, title, text]) => ({ code, title, text })) })],
    ['POST', /^\/api\/suggest$/, (_r, b) => {
      const hot = /火|烧|烟/.test(b.text)
      return { categories: categories.slice(0, 3).map(({ code, name, name_en }) => ({ code, name, name_en })), tier: hot ? 4 : 1, emergency: hot, ...(hot ? { hotline: '119' } : {}) }
    }],
    ['GET', /^\/api\/locate$/, () => place],
    ['GET', /^\/api\/grids\/(\d+)$/, (_r, _b, m) => {
      if (m[1].length !== 15) throw fault(404, 'grid', '没有这个网格')
      return place
    }],
    ['GET', /^\/api\/nearby$/, () => ({ items: open().slice(0, 2).map((m) => ({ ...row(m), distance_m: 40, joined: 1 })) })],
    ['GET', /^\/api\/boundaries$/, (_r, _b, _m, q) => boundaries(q)],
    ['POST', /^\/api\/uploads$/, (_r, bytes) => ({ upload: `up${++made}`, width: 400, height: 300, bytes: bytes.length })],
  ]

  async function answer(request, response, url) {
    const parts = []
    for await (const part of request) parts.push(part)
    const bytes = Buffer.concat(parts)
    const body = request.headers['content-type']?.startsWith('application/json') ? JSON.parse(bytes.toString() || '{}') : bytes
    const key = request.headers['idempotency-key']
    control.requests.push({ method: request.method, path: url.pathname, body, key, csrf: request.headers['x-csrf'] })
    const send = (status, value) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
    try {
      for (const [method, pattern, run] of routes) {
        const match = pattern.exec(url.pathname)
        if (method !== request.method || !match) continue
        if (key && answers.has(key)) return send(200, answers.get(key))
        const value = run(request, body, match, url.searchParams, response)
        if (value.svg) return response.writeHead(200, { 'Content-Type': 'image/svg+xml' }).end(value.svg)
        if (key) answers.set(key, value)
        return send(200, value)
      }
      throw fault(404, 'route', '没有这个地址')
    } catch (e) {
      if (!e.status) console.error(e)
      return send(e.status ?? 500, { code: e.code ?? 'internal', status: e.status ?? 500, field: e.field, message: e.message })
    }
  }
  function stream(request, response) {
    try { whoIs(request) } catch { return response.writeHead(401).end() }
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
    matters, control, elsewhere, server,
    listen: (port = 0) => new Promise((done) => server.listen(port, '127.0.0.1', () => done(`http://127.0.0.1:${server.address().port}`))),
    close: () => { for (const s of streams) s.end(); server.closeAllConnections(); server.close() },
  }
}

if (process.argv[1] === import.meta.filename) {
  console.log(`${await createDesk().listen(Number(process.argv[2] ?? 18200))}/desk/`)
}
