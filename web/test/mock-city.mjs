// The city of the desk's mock: people, units and matters in every state, the same at each start.
export const hourMs = 3600_000
export const dayMs = 24 * hourMs
export const names = {
  received: '待派单',
  assigned: '待签收',
  working: '办理中',
  deferred: '挂账',
  answered: '待核查',
  verified: '待回访',
  closed: '已办结',
  rejected: '不予受理',
  merged: '已并单',
  withdrawn: '已撤回',
}
export const tiers = ['', '一般', '较大', '重大', '突发紧急']
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
export const units = [
  '平江街道综合执法局',
  '平江街道应急管理办公室',
  '姑苏区城市管理委员会',
  '姑苏区住房和建设委员会',
  '姑苏区消防救援大队',
  '平江派出所',
  '平江路社区居民委员会',
  '平江街道人民调解委员会',
].map((name, i) => ({
  unit: `u${i + 1}`,
  name,
  level: i < 2 || i > 4 ? 4 : 3,
  kind: 'department',
  functions: '',
}))
export const categories = kinds.map(([code, name]) => ({
  code,
  name,
  name_en: code,
  hint: '',
  hint_en: '',
  icon: 'pencil',
  emergency: code === 'fire',
}))
export const config = {
  city: '苏州市',
  city_en: 'Suzhou',
  notice: '',
  notice_en: '',
  demo: true,
  origin: 'demo',
  verifier_key: '',
  center: [120.631, 31.315],
  bounds: [120, 30.8, 121.3, 32],
  review_no: '',
  boundary_notice: '示意边界',
  boundary_notice_en: 'Illustrative boundaries',
  photos_max: 6,
  text_max: 2000,
  categories,
}
export const place = {
  area: '320508',
  community: '320508001003',
  community_name: '平江路社区',
  town_name: '平江街道',
  county_name: '姑苏区',
  grid: '320508001003002',
  grid_name: '第二网格',
  place_name: '姑苏区 平江街道 平江路社区第二网格',
  police_grid: '3205080012',
  worker_name: '王秀英',
  worker_phone: '0512-00000012',
  lon: 120.631,
  lat: 31.315,
}
const person = (username, name, role, role_name, unit, unit_name, can) => ({
  account: username,
  name,
  username,
  csrf: 'c'.repeat(32),
  memberships: [{ unit, unit_name, role, role_name, level: 4, functions: '' }],
  can,
  must: [],
})
export const people = [
  person('dispatcher1', '陆文彬', 'dispatcher', '调度员', 'u0', '平江街道综治中心', [
    'queue',
    'dispatch',
    'approve',
    'supervise',
    'entry',
    'search',
  ]),
  person('clerk1', '沈晓燕', 'clerk', '承办人', 'u1', '平江街道综合执法局', [
    'queue',
    'handle',
    'entry',
    'search',
  ]),
  person('chief1', '顾建国', 'chief', '部门负责人', 'u1', '平江街道综合执法局', [
    'queue',
    'handle',
    'approve',
    'search',
  ]),
  person('supervisor1', '钱宏', 'supervisor', '督办员', 'u9', '姑苏区综治中心', [
    'queue',
    'approve',
    'supervise',
    'search',
  ]),
  person('auditor1', '吴敏', 'auditor', '审计员', 'u0', '姑苏区审计局', ['queue', 'search']),
]
export const photoSvg = (label, tone) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300"><rect width="400" height="300" fill="${tone}"/><path d="M0 240l110-90 80 60 70-80 140 120v50H0z" fill="#00000030"/><circle cx="310" cy="70" r="30" fill="#ffffff60"/><text x="20" y="40" font-size="22" fill="#fff">${label}</text></svg>`

export const fault = (status, code, message, field) =>
  Object.assign(new Error(message), { status, code, field })

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
export const numberOf = i =>
  `320508-${[0, 1].map(k => [0, 1, 2, 3].map(n => letters[(i * (7 + 6 * k + 2 * n) + n * 5 + k * 11 + (i >> n)) % 32]).join('')).join('-')}`

function talkOf(i, m) {
  if (i % 3) return []
  return [
    {
      no: 1,
      at_ms: m.created_ms + 5 * hourMs,
      from: 'staff',
      by: '沈晓燕',
      text: '您好，我们今天下午到现场看一下，您方便开门吗？',
      photos: [],
    },
    {
      no: 2,
      at_ms: m.created_ms + 6 * hourMs,
      from: 'reporter',
      by: '报事人',
      text: '下午四点以后在家。',
      photos: i % 2 ? [] : [{ id: 9, phase: 'talk', width: 400, height: 300 }],
    },
  ]
}

function timelineOf(m, i) {
  const list = [
    ['report', '报事', '', '', '', 'received', 0, '居民通过网页报事'],
    [
      'route',
      '自动派单',
      '',
      '系统',
      'received',
      'assigned',
      1000,
      '按地点与类别派到平江路社区第二网格',
    ],
  ]
  if (m.state !== 'received' && m.state !== 'assigned') {
    list.push(['take', '签收', '王秀英', '平江路社区第二网格', 'assigned', 'working', hourMs, ''])
    list.push([
      'pass',
      '移交',
      '王秀英',
      '平江路社区第二网格',
      'working',
      'assigned',
      3 * hourMs,
      '现场看过，涉及拆除，社区没有执法权',
    ])
    list.push([
      'take',
      '签收',
      '沈晓燕',
      '平江街道综合执法局',
      'assigned',
      'working',
      8 * hourMs,
      '',
    ])
  }
  if (i % 5 === 2)
    list.push([
      'supervise',
      '督办',
      '钱宏',
      '姑苏区综治中心',
      'working',
      'working',
      26 * hourMs,
      '涉及多户安全，请三日内办结',
    ])
  return list.map(
    ([action, action_name, by_name, by_unit, from_state, to_state, after, note], n) => ({
      seq: n + 1,
      at_ms: m.created_ms + after,
      action,
      action_name,
      by: [by_unit, by_name].filter(Boolean).join(' · ') || '报事人',
      from_state: from_state || undefined,
      to_state,
      owner_name: m.owner_name,
      note: note || undefined,
      due_ms: action === 'route' ? m.due_ms : undefined,
      facts: {},
    }),
  )
}

/** The i-th matter of the mock, as it would be at this moment. */
export function makeMatter(i, now) {
  const [category, category_name, title, place_text] = kinds[i % kinds.length]
  const state = [
    'working',
    'assigned',
    'working',
    'received',
    'answered',
    'working',
    'deferred',
    'assigned',
    'verified',
    'working',
  ][i % 10]
  const created_ms = now - ((i % 17) + 2) * 9 * hourMs
  const owner = units[i % units.length]
  const due_ms = now + (((i * 37) % 96) - 22) * hourMs
  const m = {
    number: numberOf(i),
    kind: 'report',
    state,
    state_name: names[state],
    category,
    category_name,
    tier: [1, 1, 2, 1, 3, 1, 4][i % 7],
    title,
    place_text,
    place_name: '姑苏区平江街道平江路社区第二网格',
    grid: place.grid,
    lon: 120.628 + (i % 9) * 0.001,
    lat: 31.313 + (i % 5) * 0.001,
    owner_unit: owner.unit,
    owner_name: owner.name,
    holder_name: ['working', 'deferred'].includes(state) ? ['沈晓燕', '周磊', '王秀英'][i % 3] : '',
    due_ms: state === 'deferred' ? undefined : due_ms,
    overdue: state !== 'deferred' && due_ms < now,
    supervised: i % 5 === 2 ? 1 + (i % 2) : 0,
    ask: i % 11 === 5 ? 'extension' : undefined,
    request:
      i % 11 === 5 ? { by: '周磊', unit_name: '平江街道综治中心', days: 3, reason: '' } : undefined,
    created_ms,
    unanswered: i % 4 === 1 ? 1 + (i % 2) : 0,
    joined: i % 6 === 0 ? 3 : 1,
    seq: 5,
    text: `${title}。已经持续一周多，白天晚上都有人经过，希望尽快处理。上次向物业反映过，对方说不归他们管。`,
    origin: 'resident',
    origin_name: ['居民报事', '12345 转办', '网格巡查'][i % 3],
    police_grid: '3205080012',
    police_grid_name: '平江派出所第三警务格',
    round: i % 13 === 4 ? 1 : 0,
    merged_into: '',
    confidential: i % 8 === 2,
    cohandlers:
      i % 4 === 0
        ? [
            {
              unit: 'u5',
              unit_name: '姑苏区消防救援大队',
              state: 'open',
              overdue: false,
              due_ms: now + 20 * hourMs,
              task: '核查消防设施并提出整改意见',
            },
            {
              unit: 'u6',
              unit_name: '平江派出所',
              state: 'done',
              overdue: false,
              due_ms: now - 5 * hourMs,
              task: '核对租住人员登记',
              reply: '已登记 11 人，其中 3 人未办居住证，已补办。',
            },
          ]
        : [],
    photos: [
      { id: 1, phase: 'before', width: 400, height: 300 },
      { id: 2, phase: 'before', width: 400, height: 300 },
      ...(i % 2 ? [{ id: 3, phase: 'after', width: 400, height: 300 }] : []),
    ],
    links:
      i % 7 === 0
        ? [
            {
              number: '320508-9ZZZ-9ZZZ',
              kind: 'related',
              kind_name: '关联',
              title: '同一幢楼的飞线充电',
              state_name: '已办结',
            },
          ]
        : [],
  }
  m.reporters = [
    {
      no: 1,
      name: '李*',
      phone: '138****0000',
      has_contact: true,
      confidential: m.confidential,
      joined_ms: created_ms,
      answered: !m.unanswered,
    },
  ]
  if (m.joined > 1)
    m.reporters.push(
      {
        no: 2,
        name: '',
        phone: '',
        has_contact: false,
        confidential: false,
        joined_ms: created_ms + hourMs,
        answered: false,
      },
      {
        no: 3,
        name: '欧阳*',
        phone: '139****0001',
        has_contact: true,
        confidential: false,
        joined_ms: created_ms + 2 * hourMs,
        answered: true,
        score: 4,
        rating_text: '来得快',
      },
    )
  m.messages = talkOf(i, m)
  m.timeline = timelineOf(m, i)
  const spans =
    state === 'received'
      ? [['姑苏区综治中心', '', '待派单', 0]]
      : state === 'assigned'
        ? [['平江路社区第二网格', '', '待签收', 0]]
        : [
            ['平江路社区第二网格', '', '待签收', 0],
            ['平江路社区第二网格', '王秀英', '办理中', hourMs],
            ['平江街道综合执法局', '', '待签收', 3 * hourMs],
            [m.owner_name, m.holder_name, names[state], 8 * hourMs],
          ]
  m.holds = spans.map(([owner_name, holder_name, state_name, from], n) => {
    const to = spans[n + 1]?.[3]
    return {
      owner_name,
      holder_name: holder_name || undefined,
      state_name,
      from_ms: created_ms + from,
      to_ms: to === undefined ? undefined : created_ms + to,
      spent_ms: (to === undefined ? now - created_ms : to) - from,
    }
  })
  return m
}

const act = (action, name, needs, ok, why, more = {}) => ({
  action,
  name,
  needs,
  ok,
  ...(ok ? {} : { why }),
  ...more,
})

/** What this person may do with it, and why not the rest. */
export function actionsOf(m, who) {
  const right = word => who.can.includes(word)
  const held = m.state === 'working'
  const mine = held && right('handle')
  const open = !['closed', 'rejected', 'merged', 'withdrawn'].includes(m.state)
  const list = [
    act(
      'take',
      '签收',
      ['note?'],
      m.state === 'assigned' && right('handle'),
      held ? `已由${m.holder_name}签收` : '现在不是待签收状态',
    ),
    act(
      'assign',
      '派单',
      ['unit', 'note?'],
      right('dispatch') && ['received', 'assigned', 'working'].includes(m.state),
      right('dispatch') ? '现在的状态下不能办这一步' : '只有调度员可以派单',
    ),
    act('reply', '办结答复', ['reply', 'uploads?'], mine, '先签收再答复'),
    act('cohandle', '联办', ['units', 'note?'], mine || right('dispatch'), '由承办单位发起'),
    act('ask_extension', '申请延期', ['days', 'note'], mine, '先签收再申请'),
    act('ask_deferral', '申请挂账', ['days', 'note'], mine, '先签收再申请'),
    act('ask_return', '退单', ['reason', 'note'], mine, '本单位已经退过一次，不能再退', {
      reasons: [
        { code: 'not_ours', name: '不属于本单位职责' },
        { code: 'wrong_place', name: '地点不在本辖区' },
        { code: 'no_power', name: '本级没有法定权限' },
      ],
    }),
    act(
      'approve',
      '同意申请',
      ['note?'],
      Boolean(m.ask) && right('approve'),
      m.ask ? '由部门负责人批准' : '没有待批的申请',
    ),
    act(
      'refuse',
      '不同意申请',
      ['note'],
      Boolean(m.ask) && right('approve'),
      m.ask ? '由部门负责人批准' : '没有待批的申请',
      { danger: true },
    ),
    act(
      'verify',
      '核查通过',
      ['note?'],
      m.state === 'answered' && right('dispatch'),
      '答复以后由另一人核查',
    ),
    act(
      'rework',
      '核查不通过',
      ['note'],
      m.state === 'answered' && right('dispatch'),
      '答复以后由另一人核查',
      { danger: true },
    ),
    act(
      'close',
      '结案',
      ['note?'],
      m.state === 'verified' && right('dispatch') && !m.unanswered,
      m.unanswered ? '还有报事人没有得到答复，不能结案' : '核查通过以后才能结案',
    ),
    act('supervise', '督办', ['note'], right('supervise') && open, '只有督办员可以督办'),
    act('merge', '并单', ['number2', 'note?'], right('dispatch') && open, '由调度员并单'),
    act('split', '拆单', ['text', 'category', 'note?'], right('dispatch') && open, '由调度员拆单'),
    act('link', '关联', ['number2', 'note?'], right('handle') && open, '没有办理权限'),
    act('recategorise', '改类', ['category', 'note?'], right('dispatch') && open, '由调度员改类'),
    act(
      'not_accept',
      '不予受理',
      ['reason', 'reply'],
      right('dispatch') && m.state === 'received',
      '已经受理，不能再作不予受理',
      {
        danger: true,
        reasons: [
          { code: 'court', name: '应当通过诉讼、仲裁解决' },
          { code: 'petition', name: '已经进入信访程序' },
        ],
      },
    ),
    act('tell', '与报事人沟通', ['text', 'uploads?'], right('handle') && open, '没有办理权限'),
    act(
      'note',
      '内部记录',
      ['note', 'uploads?'],
      right('handle') || right('supervise') || right('dispatch'),
      '没有办理权限',
    ),
  ]
  return list.filter(a => a.ok || !['approve', 'refuse'].includes(a.action) || m.ask)
}
