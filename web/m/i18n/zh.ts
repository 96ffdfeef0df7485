export const zh = {
  app: '枫桥',
  report: '我要报事',
}
export type Texts = typeof zh
