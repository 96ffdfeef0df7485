// What every phone page and the first one say. Full-width punctuation; each key stands in en.ts as well.
export const zh = {
  title: '枫桥 · 我要报事', titleWork: '枫桥 · 网格工作', brand: '枫桥', brandWork: '枫桥 · 网格', skip: '跳到正文', big: '大字',
  back: '上一步', toHome: '首页', next: '下一步', close: '关闭', cancel: '取消', change: '修改', changeOf: '修改{name}',
  done: '已提交。', none: '没有', me: '我', loading: '正在打开……', noNetwork: '现在连不上网络，请稍后再试。',
  missing: '没有找到这一页', missingText: '地址可能写错了，也可能是网络断了。', offline: '没有网络，可以照常填写，联网后自动发送',
  waitingN: '待发送 {n} 件，点这里查看', refusedN: '{n} 件没有被接收，点这里查看',

  slogan: '有事您说，件件有回音', sloganMore: '身边的难事、急事、烦心事，说一声就行。不用注册，谁在办、何时办好，随时能查。',
  report: '我要报事', reportHint: '一分钟说清楚，可拍照', track: '查进度', trackHint: '用回执编码查办理情况',
  sosTitle: '正在发生危险？先打电话', sosHint: '人身危险、火灾、急病，请直接拨打。', police: '报警', fireLine: '火警', ambulance: '急救',
  mine: '我的报事', mineAll: '全部 {n} 件', mineNone: '这部手机上还没有报过事。', mineHint: '只保存在这部手机上。移除后，凭回执编码仍可查询。',
  forgetOf: '从这部手机移除：{name}', forgetSure: '从这部手机移除这条记录？请先抄下回执编码。',
  myGrid: '我所在的网格', callWorker: '联系网格员 {name}', gridWorker: '网格员 {name}',
  privacy: '不用注册，可以不留姓名。照片里的位置和设备信息会先去掉。', hotline: '打 12345 热线', staff: '工作人员入口',
}
export type Texts = Record<keyof typeof zh, string>
