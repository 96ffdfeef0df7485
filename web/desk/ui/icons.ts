// Icons as single paths on a 20x20 field, stroked with the text's colour.
export const icons = {
  inbox: 'M3 11l2.5-7h9L17 11v5H3zM3 11h4l1 2h4l1-2h4',
  flag: 'M5 17V3h9l-1.5 3.5L14 10H5',
  check: 'M4 10.5l4 4 8-9',
  search: 'M9 3.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11zM13 13l4 4',
  map: 'M3 5.5L7.5 4l5 2L17 4.5v10L12.5 16l-5-2L3 15.5zM7.5 4v10M12.5 6v10',
  pen: 'M4 16l.8-3.6L13 4.2l2.8 2.8-8.2 8.2zM11.5 5.7l2.8 2.8',
  user: 'M10 3.5a3 3 0 100 6 3 3 0 000-6zM4 17c.5-3.5 3-5 6-5s5.5 1.5 6 5',
  close: 'M5 5l10 10M15 5L5 15',
  left: 'M12.5 4l-6 6 6 6',
  right: 'M7.5 4l6 6-6 6',
  down: 'M4 7.5l6 6 6-6',
  out: 'M8 4H4v12h4M12 6l4 4-4 4M16 10H8',
  open: 'M8 4H4v12h12v-4M11 4h5v5M16 4l-7 7',
  columns: 'M3 4h14v12H3zM8 4v12M12.5 4v12',
  talk: 'M3.5 4.5h13v9h-7l-3.5 3v-3h-2.5z',
  people:
    'M7.5 4a2.5 2.5 0 100 5 2.5 2.5 0 000-5zM2.5 16c.3-3 2-4.5 5-4.5s4.7 1.5 5 4.5M13 5a2.2 2.2 0 010 4.4M14 11.7c2 .4 3.2 1.8 3.5 4.3',
  print: 'M6 7V3h8v4M6 14H3V7h14v7h-3M6 12h8v5H6z',
  pin: 'M10 17.5s5.5-5 5.5-9a5.5 5.5 0 10-11 0c0 4 5.5 9 5.5 9zM10 6.5a2 2 0 100 4 2 2 0 000-4z',
  photo: 'M3 5h3.5L8 3h4l1.5 2H17v11H3zM10 7.5a3 3 0 100 6 3 3 0 000-6z',
  refresh: 'M16 10a6 6 0 11-1.8-4.3M16 3v3.5h-3.5',
  eye: 'M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10zM10 7.8a2.2 2.2 0 100 4.4 2.2 2.2 0 000-4.4z',
  plus: 'M10 4v12M4 10h12',
  info: 'M10 3a7 7 0 100 14 7 7 0 000-14zM10 9v4.5M10 6.2v.6',
  warn: 'M10 3l7.5 13.5h-15zM10 8v4M10 13.8v.6',
  lock: 'M5 9h10v8H5zM7 9V6.5a3 3 0 016 0V9',
  link: 'M8.5 11.5l3-3M7 9.5L4.8 11.7a2.5 2.5 0 003.5 3.5L10.5 13M9.5 7l2.2-2.2a2.5 2.5 0 013.5 3.5L13 10.5',
  keyboard: 'M2.5 5h15v10h-15zM5 8h.5M8 8h.5M11 8h.5M14 8h.5M5 11h.5M14 11h.5M7.5 12h5',
  clock: 'M10 3a7 7 0 100 14 7 7 0 000-14zM10 6v4.2l2.8 1.8',
} as const

export type IconName = keyof typeof icons
