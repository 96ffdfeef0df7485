// files.mjs: small files of areas in the formats that people send: archives, Shapefiles, GBK text and
// spreadsheets, written byte by byte so that no library decides what they look like.
import { crc32 } from 'node:zlib';

/** An archive of {name: bytes or text}, stored. */
export function zip(files) {
  const parts = [], directory = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const data = Buffer.from(content), title = Buffer.from(name);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(0x800, 2); // names in UTF-8
    head.writeUInt32LE(0x5a210000, 6);
    head.writeUInt32LE(crc32(data), 10);
    head.writeUInt32LE(data.length, 14);
    head.writeUInt32LE(data.length, 18);
    head.writeUInt16LE(title.length, 22);
    const entry = Buffer.alloc(14);
    entry.writeUInt32LE(at, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), head, entry, title);
    parts.push(Buffer.from('PK\x03\x04'), head, title, data);
    at += 30 + title.length + data.length;
  }
  const index = Buffer.concat(directory), end = Buffer.alloc(18);
  end.writeUInt16LE(Object.keys(files).length, 4);
  end.writeUInt16LE(Object.keys(files).length, 6);
  end.writeUInt32LE(index.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, index, Buffer.from('PK\x05\x06'), end]);
}

const doubles = (...values) => {
  const b = Buffer.alloc(8 * values.length);
  values.forEach((v, i) => b.writeDoubleLE(v, 8 * i));
  return b;
};
const bounds = (points) => {
  const xs = points.map(([x]) => x), ys = points.map(([, y]) => y);
  return doubles(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys));
};

/** The .shp of polygons, each an array of rings. */
export function shp(polygons) {
  const records = polygons.map((rings, i) => {
    const points = rings.flat(), head = Buffer.alloc(8), counts = Buffer.alloc(8);
    counts.writeInt32LE(rings.length, 0);
    counts.writeInt32LE(points.length, 4);
    const starts = Buffer.alloc(4 * rings.length);
    let n = 0;
    rings.forEach((ring, k) => {
      starts.writeInt32LE(n, 4 * k);
      n += ring.length;
    });
    const kind = Buffer.from([5, 0, 0, 0]);
    const body = Buffer.concat([kind, bounds(points), counts, starts, doubles(...points.flat())]);
    head.writeInt32BE(i + 1, 0);
    head.writeInt32BE(body.length / 2, 4);
    return Buffer.concat([head, body]);
  });
  const content = Buffer.concat(records), head = Buffer.alloc(36);
  head.writeInt32BE(9994, 0);
  head.writeInt32BE((100 + content.length) / 2, 24);
  head.writeInt32LE(1000, 28);
  head.writeInt32LE(5, 32);
  return Buffer.concat([head, bounds(polygons.flat(2)), Buffer.alloc(32), content]);
}

/** The .dbf of rows of texts; encode makes bytes of them. page: the byte that names the encoding. */
export function dbf(names, rows, encode, page = 0) {
  const width = 60, head = Buffer.alloc(32);
  head[0] = 3;
  head.writeUInt32LE(rows.length, 4);
  head.writeUInt16LE(33 + 32 * names.length, 8);
  head.writeUInt16LE(1 + width * names.length, 10);
  head[29] = page;
  const fields = names.map((name) => {
    const field = Buffer.alloc(32);
    encode(name).copy(field, 0, 0, 10);
    field[11] = 0x43;
    field[16] = width;
    return field;
  });
  const cell = (text) => Buffer.concat([encode(text), Buffer.alloc(width, ' ')]).subarray(0, width);
  const lines = rows.map((row) => Buffer.concat([Buffer.from(' '), ...row.map(cell)]));
  return Buffer.concat([head, ...fields, Buffer.from([13]), ...lines, Buffer.from([26])]);
}

const gbkBytes = new Map();
/** Text in GBK. */
export function gbk(text) {
  if (gbkBytes.size === 0) {
    const decoder = new TextDecoder('gbk');
    for (let high = 0x81; high <= 0xfe; high++) {
      for (let low = 0x40; low <= 0xfe; low++) {
        gbkBytes.set(decoder.decode(Buffer.from([high, low])), [high, low]);
      }
    }
  }
  return Buffer.from([...text].flatMap((c) => (c < '\x80' ? c.charCodeAt(0) : gbkBytes.get(c))));
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
/** A spreadsheet with these rows of texts on its first sheet. */
export function xlsx(rows) {
  const cells = (row) => row.map((text) =>
    `<c t="inlineStr"><is><t>${escaped(text)}</t></is></c>`).join('');
  const lines = rows.map((row, i) => `<row r="${i + 1}">${cells(row)}</row>`).join('');
  return zip({
    '[Content_Types].xml': '<Types/>',
    'xl/workbook.xml': '<workbook/>',
    'xl/worksheets/sheet1.xml': '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns='
      + '"http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
      + `<sheetData>${lines}</sheetData></worksheet>`,
  });
}
