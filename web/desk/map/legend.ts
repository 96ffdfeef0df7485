// What stands in the legend, for what is shown.
import { t } from '../core/text.ts'
import type { Key } from '../core/text.ts'
import { lineOf } from './draw.ts'
import type { LayerName } from './draw.ts'
import { drawGroup, drawKind, drawState } from './glyphs.ts'
import { statesFor } from './look.ts'
import type { Look } from './look.ts'
import type { LegendItem } from './picture.ts'
import { tm } from './text.ts'
import type { MapKey } from './text.ts'

function lineItem(name: LayerName, zoom: number): LegendItem {
  const line = lineOf(name, zoom)
  return {
    text: tm(`layer.${name}` as MapKey),
    draw(to, x, y) {
      const stroke = (color: string, width: number): void => {
        to.beginPath()
        to.moveTo(x - 13, y)
        to.lineTo(x + 13, y)
        to.setLineDash(line.dash ?? [])
        to.strokeStyle = color
        to.lineWidth = width
        to.stroke()
      }
      stroke(line.color, line.width)
      if (line.core) stroke('#fffdf9', line.core)
    },
  }
}

export interface LegendFacts {
  layers: LayerName[]
  zoom: number
  look: Look
  points: { state: string; category: string; overdue: boolean }[]
  grouped: boolean
  iconOf: (category: string) => string
  nameOf: (category: string) => string
}

export function legendOf(f: LegendFacts): LegendItem[] {
  const items = f.layers.map(name => lineItem(name, f.zoom))
  if (f.grouped)
    items.push({
      text: tm('legend.group'),
      draw: (to, x, y) => {
        to.save()
        to.translate(x, y)
        to.scale(0.7, 0.7)
        drawGroup(to, { matters: 9, overdue: 3 }, 0, 0)
        to.restore()
      },
    })
  if (!f.points.length) return items
  if (f.look.by === 'state') {
    const seen = new Set(f.points.map(p => p.state))
    for (const state of statesFor('too').filter(s => seen.has(s)))
      items.push({
        text: t(`state.${state}` as Key),
        draw: (to, x, y) => drawState(to, state, x, y, 7, false),
      })
  } else {
    const tops = new Map(f.points.map(p => [p.category.slice(0, 2), p.category]))
    for (const top of [...tops.keys()].sort())
      items.push({
        text: f.nameOf(top),
        draw: (to, x, y) => drawKind(to, f.iconOf(top), x, y, 7, false),
      })
  }
  if (f.points.some(p => p.overdue))
    items.push({
      text: tm('legend.late'),
      draw: (to, x, y) => drawState(to, 'assigned', x - 3, y + 2, 6, true),
    })
  return items
}
