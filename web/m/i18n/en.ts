// The complete English of zh.ts.
import type { Texts } from './zh.ts'

const en: Texts = {
  title: 'Fengqiao · Report a problem', titleWork: 'Fengqiao · Grid work', brand: 'Fengqiao', brandWork: 'Fengqiao grid', skip: 'Skip to content', big: 'Large',
  back: 'Back', toHome: 'Home', next: 'Continue', close: 'Close', cancel: 'Cancel', change: 'Change', changeOf: 'Change: {name}',
  done: 'Done.', none: 'None', me: 'Me', loading: 'Opening…', noNetwork: 'No connection right now. Please try again later.',
  missing: 'Page not found', missingText: 'The address may be wrong, or the network is down.', offline: 'No network: go on writing, it is sent when you are back online',
  waitingN: '{n} waiting to be sent: have a look', refusedN: '{n} not accepted: have a look',

  slogan: 'Say it, and you get an answer', sloganMore: 'Something wrong nearby? Tell us. No account needed; see at any time who has it and by when.',
  report: 'Report a problem', reportHint: 'One minute, photos welcome', track: 'Follow a report', trackHint: 'With your receipt code',
  sosTitle: 'In danger now? Call first', sosHint: 'Danger to life, fire or sudden illness: please call.', police: 'Police', fireLine: 'Fire', ambulance: 'Ambulance',
  mine: 'My reports', mineAll: 'All {n}', mineNone: 'Nothing has been reported from this phone.', mineHint: 'Kept on this phone only. Once removed, the receipt code still opens the report.',
  forgetOf: 'Remove from this phone: {name}', forgetSure: 'Remove this from the phone? Write down the receipt code first.',
  myGrid: 'My neighbourhood grid', callWorker: 'Call grid worker {name}', gridWorker: 'Grid worker {name}',
  privacy: 'No account, no name needed. Position and device data are removed from photos first.', hotline: 'Call 12345', staff: 'Staff',
}
export default en
