// tidy_c.mjs: reads C just well enough for the house rules: text without comments and literals,
// the statements at file level, functions with their extent. Not a compiler, and needs none.

const blank = (text) => text.replace(/[^\n]/g, ' ');

// Comments, string and character literals become spaces; line numbers stay as they are.
export function codeOf(text) {
  const token = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;
  return text.replace(token, (found) => (/^["']/.test(found)
    ? found[0] + blank(found.slice(1, -1)) + found[0]
    : blank(found)));
}

// Preprocessor lines with their continuations become spaces too.
export function withoutDirectives(code) {
  return code.replace(/^[ \t]*#(?:[^\n\\]|\\[\s\S])*/gm, blank);
}

export const lineAt = (text, offset) => text.slice(0, offset).split('\n').length;

// The statements at file level as {text, line, body}: body is the extent {from, to} in lines of a
// brace block, when there is one. Initialisers stay inside their statement.
export function statementsOf(code) {
  const found = [];
  let depth = 0, start = 0, open = -1;
  const push = (end, body) => {
    const text = code.slice(start, open >= 0 ? open : end);
    const lead = text.match(/^\s*/)[0].length;
    if (text.trim()) found.push({ text: text.trim(), line: lineAt(code, start + lead), body });
    start = end + 1;
    open = -1;
  };
  for (let i = 0; i < code.length; i++) {
    const c = code[i];
    if (c === '{') {
      if (depth++ === 0 && open < 0) open = i;
    } else if (c === '}') {
      const head = depth === 1 ? code.slice(start, open) : '';
      if (--depth === 0 && isFunctionHead(head)) {
        push(i, { from: lineAt(code, open), to: lineAt(code, i), text: code.slice(open, i + 1) });
      }
    } else if (c === ';' && depth === 0) {
      push(i, null);
    }
  }
  return found;
}

function isFunctionHead(head) {
  return /\)\s*(__attribute__\s*\(\(.*\)\)\s*)?$/.test(head) && !head.includes('=');
}

// {name, line, lines, text} of each function with a body.
export function functionsOf(code) {
  return statementsOf(code).filter((s) => s.body).map((s) => ({
    name: s.text.match(/(\w+)\s*\(/)?.[1] ?? '?',
    isStatic: /\bstatic\b/.test(s.text),
    line: s.line,
    lines: s.body.to - s.line + 1,
    head: s.text,
    text: s.body.text,
  }));
}

// {name, line} of the functions a header declares.
export function prototypesOf(code) {
  return statementsOf(code).filter((s) => !s.body && !/^(typedef|extern)\b/.test(s.text))
    .map((s) => ({ line: s.line, name: s.text.match(/^[\w\s*]*?\b(\w+)\s*\(/)?.[1] }))
    .filter((p) => p.name && !/^(_Static_assert|static_assert|__attribute__)$/.test(p.name));
}

// Variables at file level that can change: {name, line}. const objects and pointers are not.
export function mutablesOf(code) {
  return statementsOf(code).flatMap((s) => {
    // `handler NAME;` declares a function by the name of its type.
    if (s.body || /^(typedef|extern|_Static_assert|handler)\b/.test(s.text)) return [];
    const declaration = s.text.split('=')[0].replace(/__attribute__\s*\(\(.*?\)\)/g, '');
    if (/[()]/.test(declaration.replace(/\(\s*\*\s*(const\s+)?\w+/, ''))) return [];
    const name = declaration.match(/(\w+)\s*(\[[^\]]*\]\s*)*$/)?.[1];
    const words = declaration.replace(/\[[^\]]*\]/g, '').trim();
    if (!name || /^(struct|enum|union)\s+\w+$|^(enum|struct)$/.test(words)) return [];
    const afterStar = words.split('*').pop();
    const constant = words.includes('*') ? /\bconst\b/.test(afterStar) : /\bconst\b/.test(words);
    return constant ? [] : [{ name, line: s.line }];
  });
}
