// What anybody reads of a studio, in English.
import type { zh } from './zh.ts'

export const en: Record<keyof typeof zh, string> = {
  title: 'Mediation studio',
  of: '{committee} · {area}',
  hours: 'Office hours',
  place: 'Place',
  phone: 'Telephone',
  free: 'Mediation is voluntary and free. You may turn to arbitration, to the authorities or to the court at any time.',
  members: 'Mediators',
  membersNone: 'The names of the mediators are not published.',
  full_time: 'full-time',
  part_time: 'part-time',
  volunteer: 'volunteer',
  expert: 'expert',
  figures: 'What it has done',
  figuresHint: 'Only quarters that are over; fewer than {n} agreements are not shown, nor what would tell of so few.',
  quarter: '{year}, quarter {quarter}',
  few: 'Too few to be shown',
  agreements: 'Agreements',
  amount: 'Amount (yuan)',
  areas: 'Communities',
  served: 'Households served',
  servedOf: '{n} of {all}',
  failed: 'This page could not be opened: {why}',
  loading: 'Opening…',
}
