// spread.mjs: which tables of a statement are not tied to one county: on a cluster whose tables are
// spread by area, a statement goes to one machine when every such table in it is.
const after = 'ON|WHERE|SET|ORDER|LEFT|JOIN|LIMIT|GROUP|VALUES|SELECT|UNION|INNER|CROSS|DO|FOR';
const named = new RegExp(`\\b(FROM|JOIN|UPDATE|INTO)\\s+(\\w+)(?:\\s+(?:AS\\s+)?(?!(?:${after})\\b)(\\w+))?`, 'g');

/** What stands in parentheses is taken out, innermost first, and «n» stands for it. */
function parts(text) {
  const taken = [];
  let rest = text.replace(/'[^']*'/g, "''");
  for (let m = /\(([^()]*)\)/.exec(rest); m; m = /\(([^()]*)\)/.exec(rest)) {
    taken.push(m[1]);
    rest = `${rest.slice(0, m.index)}«${taken.length - 1}»${rest.slice(m.index + m[0].length)}`;
  }
  return { rest, taken };
}

/** Parentheses put back, but for queries of their own. */
function opened(text, taken) {
  return text.replace(/«(\d+)»/g, (mark, n) =>
    (/^\s*SELECT/.test(taken[n]) ? mark : `(${opened(taken[n], taken)})`));
}

/** Names (or aliases) whose area is given, from those given outside. */
function tied(text, tables, outside) {
  const given = new Set(outside);
  for (const [, name] of text.matchAll(/(?:(\w+)\.)?\barea = \$\d+/g)) given.add(name ?? tables[0]?.alias);
  for (let before = -1; before < given.size;) {
    before = given.size;
    for (const [, a, b] of text.matchAll(/(\w+)\.area = (\w+)\.area/g)) {
      if (given.has(a) || given.has(b)) given.add(a).add(b);
    }
  }
  return given;
}

/** The tables among spread that a statement reads or changes in more than one county, or may. */
export function untied(statement, spread) {
  const { rest, taken } = parts(statement);
  const found = [];
  const look = (query, outside) => {
    const text = opened(query, taken);
    const tables = [...text.matchAll(named)]
      .map(([, verb, name, alias]) => ({ verb, name, alias: alias ?? name }));
    const given = tied(text, tables, outside);
    for (const { verb, name, alias } of tables.filter((t) => spread.has(t.name))) {
      const first = text.split(new RegExp(`\\bINTO ${name}\\b`))[1];
      if (verb === 'INTO' ? !/^\s*\(area\b/.test(first) : !given.has(alias)) found.push(name);
    }
    for (const [, n] of text.matchAll(/«(\d+)»/g)) look(taken[n], given);
  };
  look(rest, new Set());
  return found;
}
