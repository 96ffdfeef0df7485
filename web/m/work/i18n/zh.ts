// What grid workers read, beside the texts of the pages; each key stands in en.ts as well.
export const work = {
  login: '登录', loginHint: '网格员、网格长用单位发给的账号登录。', username: '用户名', password: '密码', loginFault: '请填写用户名和密码', demoLogin: '演示账号 worker1，密码 fengqiao-demo-2026',
  logout: '退出', logoutSure: '退出后，这部手机上的缓存会清除。', logoutUnsent: '还有 {n} 件没有发出去，退出会删除。确定退出？', expired: '登录已过期，请重新登录。没有发出的内容还在。',
  tasks: '我的任务', tabPool: '待签收', tabMine: '在办', tabToday: '快到期', tabOverdue: '超期', tabCohandle: '协办', tabAsk: '待审批', tasksNone: '这里没有任务。', more: '再看一些', sortDue: '按时限', sortNear: '按距离', sort: '排序', cached: '没有网络，这是 {when} 的列表。', updated: '更新列表',
  navTasks: '任务', navNew: '随手报', navOutbox: '待发送', nav: '主要页面', take: '签收', dueIn: '还剩 {span}', dueLate: '超时 {span}', noDue: '无时限', supervised: '督办', unanswered: '{n} 人待答复', joinedN: '{n} 人关注', away: '{n} 米', awayKm: '{n} 公里',
  clock: '时限', clockPaused: '计时已暂停', clockProvisional: '（暂定）', origin: '来源', routeWhy: '为什么派给我', rowGrid: '网格', rowHolder: '经办人', rowOwner: '责任单位', tierRow: '级别', facts: '情况', reporters: '报事人', reporterN: '报事人 {n}', anonymous: '没有留姓名', noContact: '没有留电话，请用下面的对话联系', answeredYes: '已答复', answeredNo: '待答复',
  reveal: '查看电话', purpose: '为什么要联系', purposeVisit: '核实现场情况', purposeAnswer: '告知办理结果', purposeHint: '每次查看都会记录用途。', callName: '打给 {name}', confidentialNote: '报事人要求保密，请不要向被反映方透露。',
  acts: '我能办的', actsNot: '现在不能办的', stepSent: '已送达', stepWait: '待发送，联网后自动送出', stepRefused: '没有被接收：{why}', again: '重新填写', links: '相关事项', cohandlers: '协办', holds: '谁经手多久', spent: '用时 {span}', openMap: '看位置',
  f_note: '说明', f_unit: '交给哪个单位', f_units: '请哪些单位联办', f_reply: '答复内容', f_reason: '理由', f_text: '内容', f_days: '天数', f_category: '改成哪一类', f_number2: '另一件的编号', f_score: '评分', f_uploads: '现场照片', f_task: '要做什么', optional: '（可以不填）', talkReporter: '与报事人沟通', talkTo: '写给报事人', unitSearch: '输入单位名称查找', unitNone: '没有找到单位', chosen: '已选：{name}', templates: '常用答复', confirm: '确定', dangerHint: '这一步不能撤回，请想好再办。', fillFault: '请填写“{name}”', pickFault: '请选择“{name}”', replyHint: '报事人会看到这段话：做了什么、结果怎样。', daysHint: '申请多少个工作日，由另一人审批。',
  finding: '随手报', findingHint: '看到的事，一张表、一分钟。位置自动带上。', findingText: '看到了什么', findingKind: '类别', solvedHere: '已经当场解决', solvedHow: '怎么解决的', findingSend: '上报', findingSendSolved: '上报并办结', findingSaved: '已记下', findingSent: '已上报', findingOn: '再报一件', positionOf: '位置', positionNone: '还没有位置', callerToo: '替居民报（填电话）', callerName: '居民称呼', callerPhone: '居民电话',
}
export type WorkTexts = Record<keyof typeof work, string>
