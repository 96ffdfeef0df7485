// What the pages after the first say; each key stands in pages.en.ts as well.
export const pages = {
  stepOf: '第 {n} 步，共 4 步', what: '什么事？', justWrite: '分不清类别？直接写', describe: '说清楚', happened: '发生了什么',
  happenedHint: '什么东西、有多久、危险在哪。请不要写别人的身份证号。', otherKind: '不是这一类', whichKind: '像是这一类？', whichKindHint: '点一下选中；不选也可以。',
  photos: '照片', photo: '照片', photosHint: '最多 {n} 张，可以不拍。', photosN: '{n} 张', photoAdd: '拍照或选图', photoBusy: '正在处理……', photoN: '第 {n} 张照片', photoDrop: '去掉第 {n} 张照片',
  photoMany: '最多 {n} 张，多出的没有放进来', photoBad: '有一张图片打不开，请换一张', photoGone: '暂时看不了', photoBefore: '办理前', photoAfter: '办理后',
  where: '在哪里？', position: '用我现在的位置', positionBusy: '正在定位……', positionFailed: '没有取到位置。请在地图上选，或在下面写明地址。', outside: '这个位置不在本市范围内，请重新选，或写明地址。',
  mapOpen: '在地图上选', mapClose: '收起地图', mapHint: '在地图上点一下事情发生的地方。', mapLabel: '地图：点一下选位置', mapFailed: '地图打不开，请在下面写明地址。', zoomIn: '放大', zoomOut: '缩小',
  placeText: '门牌号或附近标志', placeHint: '例如：平江路 128 号门口。有位置时可以不写。',
  near: '是同一件事吗？', nearText: '附近有人报过类似的事。如果是同一件，点“我也遇到了”，不用再报一遍，进展同样会告诉您。', nearBy: '{when}报，{n} 人关注', metres: '约 {n} 米', meToo: '我也遇到了', notSame: '都不是，继续报事',
  urgent: '请先打电话', urgentText: '这件事听起来可能有危险。打电话能最快得到救助，网上报事不能代替报警。', callNow: '拨打 {n}', urgentOn: '已经打过，或没有危险，继续', urgentKept: '您写的内容已保存，打完电话回来可以接着报。',
  check: '核对并提交', rowKind: '类别', rowText: '内容', rowPlace: '地点', kindLater: '由工作人员判断', contact: '联系方式（可以不留）', contactHint: '不留也照样办理，凭回执编码查进度。留了方便办事的人问清情况。', phone: '手机或电话', name: '怎么称呼您',
  confidential: '请为我保密', confidentialHint: '不让被反映的人和单位知道是谁报的。', send: '提交', sendJoin: '提交并一起关注', joining: '您将与已有的这件事一起关注：{name}',
  faults: '还有内容没填好', textFault: '请写明发生了什么，至少 {n} 个字', placeFault: '请选位置，或写明地址', phoneFault: '电话号码不对，请检查；也可以不留', outboxFull: '这部手机上待发送的太多了，请先联网发出去。',

  received: '已收到', joined: '已收到，一起关注', keepCode: '请记下回执编码，查进度要用', code: '回执编码', number: '编号', copy: '复制编码', copied: '已复制',
  nextTitle: '接下来', who: '谁在办', byWhen: '最晚', follow: '查看进度', save: '保存', print: '打印', receiptFile: '枫桥报事回执',
  codeIsKey: '编码就是钥匙：有它的人能看到这件事的进展，请不要发到公开的地方。', receiptGone: '这部手机上没有这张回执。请用回执编码查询。',
  waiting: '待发送', sending: '正在发送……', waitingText: '还没有发出去，已经存在这部手机里。', waitingNote: '联网后打开本页会自动发送，发到以后才有回执编码。请不要清除浏览器数据。', sendNow: '现在发送',
  notTaken: '没有被接收', rewrite: '修改后重发', discard: '删除', discardSure: '删除这条还没有发出去的内容？',

  codeLabel: '回执编码', codeHint: '18 位，例如 6WE3MX-…。大小写、空格都不要紧。', look: '查询', codeLength: '编码位数不对，应为 18 位', codeCharacter: '编码里有不该出现的字符，请检查', codeCheck: '编码有一处抄错了，请再对一遍',
  stale: '现在连不上网络，这是上次看到的情况。', stageNow: '（当前）', stageDone: '（已完成）', stageOpen: '（未到）',
  late: '已超时', left: '还有 {span}', closedAt: '办结时间', talk: '与办理人沟通', talkNone: '还没有对话。', talkLabel: '补充说明或提问', say: '发送', history: '办理经过', moreActs: '还可以',
  act_message: '补充说明', act_rate: '评价', act_object: '不认可，提异议', act_reopen: '问题还在，要求重办', act_withdraw: '撤回报事', act_urge: '催一催',
  ask_object: '哪里不认可？', ask_reopen: '现在是什么情况？', ask_withdraw: '为什么撤回？（可以不写）', hint_object: '异议由另外的人来审，只能提一次。', hint_reopen: '重办由原单位继续，时限重新计算。', hint_withdraw: '撤回以后不再办理。', objectUntil: '异议由另外的人来审，只能提一次，请在{when}前提出。', reasonFault: '请写明原因，至少 4 个字',
  rateTitle: '办得怎么样？', rate1: '很不满意', rate2: '不满意', rate3: '一般', rate4: '满意', rate5: '很满意', rateText: '还想说的（可以不写）', rateSend: '提交评价', rated: '您已评价：{n} 分', keepHere: '保存到“我的报事”',

  proof: '验证回执', proofText: '不用相信我们：这部手机会自己计算，看您的报事有没有被改过、有没有记进公开账本。', proofRun: '现在验证', proofGood: '全部通过：您的报事原样记在账本里。', proofBad: '有一项没有通过！请保存证据，向监督部门反映。', proofPart: '已算的都通过，还有没算完的，见下。',
  proofKept: '与您手机里的回执一致', proofKey: '签名用的是本市公布的钥匙', proofHash: '报事内容没有被改动', proofPromise: '收到时的签名承诺', proofCheckpoint: '账本总账的签名', proofPath: '您的报事在总账里', checkOk: '通过', checkBad: '没有通过', checkWait: '还没有记进总账，稍后再验', checkUnable: '这部手机的浏览器算不了',
  proofSize: '，总账共 {n} 条', proofBy: '，应在{when}前记入', proofUnable: '这部手机的浏览器不支持这种签名（Ed25519）或不是安全连接。可以保存凭证，用新一些的浏览器或命令 fengqiao verify 检查。', proofSave: '保存凭证',

  outbox: '待发送', outboxHint: '这里的内容还没有送到，只在这部手机上。', outboxEmpty: '都发出去了。', stateWaiting: '待发送', stateSending: '正在发送', stateRefused: '被拒', stateSent: '已发送',
}
export type PageTexts = Record<keyof typeof pages, string>
