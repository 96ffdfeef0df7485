// The complete English of pages.zh.ts.
import type { PageTexts } from './pages.zh.ts'

const en: PageTexts = {
  stepOf: 'Step {n} of 4', what: 'What is it?', justWrite: 'Not sure? Just write', describe: 'Describe it', happened: 'What happened',
  happenedHint: 'What it is, how long, where the danger is. Please leave out other people’s ID numbers.', otherKind: 'Not this kind', whichKind: 'Is it one of these?', whichKindHint: 'Tap to choose, or leave it open.',
  photos: 'Photos', photo: 'Photo', photosHint: 'Up to {n}, if you like.', photosN: '{n}', photoAdd: 'Take or choose photos', photoBusy: 'Working…', photoN: 'Photo {n}', photoDrop: 'Remove photo {n}',
  photoMany: 'Up to {n} photos; the others were left out', photoBad: 'One picture could not be opened; please choose another', photoGone: 'Not available', photoBefore: 'Before', photoAfter: 'After',
  where: 'Where is it?', position: 'Use my position', positionBusy: 'Locating…', positionFailed: 'No position found. Choose on the map, or write the address below.', outside: 'This place is outside the city. Choose again, or write the address.',
  mapOpen: 'Choose on the map', mapClose: 'Close the map', mapHint: 'Tap where it is.', mapLabel: 'Map: tap to choose the place', mapFailed: 'The map does not open; please write the address below.', zoomIn: 'Zoom in', zoomOut: 'Zoom out',
  placeText: 'House number or landmark', placeHint: 'For example: in front of 128 Pingjiang Road. Not needed with a position.',
  near: 'Is it the same?', nearText: 'Something similar was reported nearby. If it is the same, tap “Me too”: no second report is needed, and you get the same news.', nearBy: 'reported {when}, {n} following', metres: 'about {n} m', meToo: 'Me too', notSame: 'None of these, go on',
  urgent: 'Please call first', urgentText: 'This may be dangerous. A call brings help fastest; a report here does not replace it.', callNow: 'Call {n}', urgentOn: 'I have called, or there is no danger', urgentKept: 'What you wrote is kept; go on after the call.',
  check: 'Check and send', rowKind: 'Kind', rowText: 'What', rowPlace: 'Where', kindLater: 'Staff will decide', contact: 'Contact (optional)', contactHint: 'It is handled either way; the receipt code shows progress. A number lets people ask you.', phone: 'Telephone', name: 'Your name',
  confidential: 'Keep my name confidential', confidentialHint: 'Those concerned will not learn who reported it.', send: 'Send', sendJoin: 'Send and follow', joining: 'You join a matter already open: {name}',
  faults: 'Some answers are missing', textFault: 'Say what happened, at least {n} characters', placeFault: 'Choose a place or write the address', phoneFault: 'This number is not right; correct it or leave it out', outboxFull: 'Too much is waiting on this phone; send it first.',

  received: 'Received', joined: 'Received: you follow it too', keepCode: 'Note this code: it opens your report', code: 'Receipt code', number: 'No.', copy: 'Copy code', copied: 'Copied',
  nextTitle: 'What happens next', who: 'Who has it', byWhen: 'By', follow: 'See progress', save: 'Save', print: 'Print', receiptFile: 'Fengqiao receipt',
  codeIsKey: 'The code is a key: whoever has it can see this report. Do not post it.', receiptGone: 'This receipt is not on this phone. Use the receipt code.',
  waiting: 'Waiting to be sent', sending: 'Sending…', waitingText: 'It has not been sent yet; it is kept on this phone.', waitingNote: 'It is sent when you open this page online; the receipt code comes then. Do not clear the browser’s data.', sendNow: 'Send now',
  notTaken: 'Not accepted', rewrite: 'Correct and resend', discard: 'Delete', discardSure: 'Delete this? It has not been sent.',

  codeLabel: 'Receipt code', codeHint: '18 characters, like 6WE3MX-…; case and spaces do not matter.', look: 'Look up', codeLength: 'A code has 18 characters', codeCharacter: 'There is a character no code has; please check', codeCheck: 'One character was copied wrongly; please compare',
  stale: 'No connection: this is what was last seen.', stageNow: ' (now)', stageDone: ' (done)', stageOpen: ' (to come)',
  late: 'Overdue', left: '{span} left', closedAt: 'Closed', talk: 'Messages', talkNone: 'No messages yet.', talkLabel: 'Add something or ask', say: 'Send', history: 'What happened so far', moreActs: 'You can also',
  act_message: 'Message', act_rate: 'Rating', act_object: 'Object to the answer', act_reopen: 'Still there: reopen', act_withdraw: 'Withdraw the report', act_urge: 'Send a reminder',
  ask_object: 'What do you object to?', ask_reopen: 'How is it now?', ask_withdraw: 'Why? (optional)', hint_object: 'Somebody else reviews it; possible once.', hint_reopen: 'The same unit goes on, with a new deadline.', hint_withdraw: 'It will not be handled any more.', objectUntil: 'Somebody else reviews it; possible once, until {when}.', reasonFault: 'Please give a reason, at least 4 characters',
  rateTitle: 'How was it handled?', rate1: 'Very bad', rate2: 'Bad', rate3: 'Fair', rate4: 'Good', rate5: 'Very good', rateText: 'Anything else (optional)', rateSend: 'Send rating', rated: 'Your rating: {n} of 5', keepHere: 'Keep in My reports',

  proof: 'Verify the receipt', proofText: 'No need to trust us: this phone computes whether your report was changed and whether the public log holds it.', proofRun: 'Verify now', proofGood: 'All passed: the log holds your report unchanged.', proofBad: 'A check failed! Save the proof and tell the supervisors.', proofPart: 'What could be computed passed; see below for the rest.',
  proofKept: 'Same as the receipt on your phone', proofKey: 'Signed with the city’s published key', proofHash: 'The report was not changed', proofPromise: 'Signed promise given on receipt', proofCheckpoint: 'Signature of the log’s head', proofPath: 'Your report is in the log', checkOk: 'Passed', checkBad: 'Failed', checkWait: 'Not in the log yet; verify later', checkUnable: 'This browser cannot compute it',
  proofSize: ', {n} entries in all', proofBy: ', to be logged by {when}', proofUnable: 'This browser has no Ed25519 or the connection is not secure. Save the proof and check it with a newer browser or with fengqiao verify.', proofSave: 'Save the proof',

  outbox: 'Waiting to be sent', outboxHint: 'This has not arrived yet; it is only on this phone.', outboxEmpty: 'Everything has been sent.', stateWaiting: 'Waiting', stateSending: 'Sending', stateRefused: 'Refused', stateSent: 'Sent',
}
export default en
