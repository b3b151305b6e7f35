// Language, theme, columns, folded parts and the highlighting of twins. Nothing is fetched.
"use strict";

(() => {
  const root = document.documentElement;
  const query = new URLSearchParams(location.search);

  const kept = (name) => {
    try { return localStorage.getItem(`parity-${name}`); } catch { return null; }
  };
  const keep = (name, value) => {
    try { localStorage.setItem(`parity-${name}`, value); } catch { /* a reader may forbid it */ }
  };

  // --- language and theme: set before anything is painted ---
  const first = query.get("lang") || kept("lang") || ((navigator.language || "").startsWith("zh") ? "zh" : "en");
  const setLanguage = (language) => {
    root.lang = language === "zh" ? "zh-Hans" : "en";
    document.title = root.dataset[language === "zh" ? "titleZh" : "titleEn"];
  };
  setLanguage(first === "zh" ? "zh" : "en");
  const theme = query.get("theme") || kept("theme");
  if (theme === "dark" || theme === "light") root.dataset.theme = theme;
  const dark = () => root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;

  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const zh = () => root.lang.startsWith("zh");

  const switches = () => {
    const language = document.getElementById("language");
    const themeButton = document.getElementById("theme");
    const name = () => {
      language.textContent = zh() ? "English" : "中文";
      language.lang = zh() ? "en" : "zh-Hans";
      language.setAttribute("aria-label", language.textContent);
      themeButton.classList.toggle("is-dark", dark());
      carry();
    };
    language.addEventListener("click", () => {
      setLanguage(zh() ? "en" : "zh");
      keep("lang", zh() ? "zh" : "en");
      name();
    });
    themeButton.addEventListener("click", () => {
      root.dataset.theme = dark() ? "light" : "dark";
      keep("theme", root.dataset.theme);
      name();
    });
    name();
  };

  // Links take the language along: some browsers give each file a storage of its own.
  const carry = () => {
    for (const link of all("a[href]")) {
      const raw = link.getAttribute("href");
      if (!/^[\w-]+\.html/.test(raw)) continue;
      const [path, hash] = raw.split("#");
      const [file, search] = path.split("?");
      const next = new URLSearchParams(search || "");
      if (zh()) next.set("lang", "zh"); else next.set("lang", "en");
      link.setAttribute("href", `${file}?${next}${hash ? `#${hash}` : ""}`);
    }
  };

  // --- columns ---
  const columns = () => {
    const picker = document.getElementById("picker");
    if (!picker) return;
    const boxes = all("input[name=column]", picker);
    const asked = (query.get("cols") || "").split(",").filter((name) => boxes.some((box) => box.value === name));
    if (asked.length) boxes.forEach((box) => { box.checked = asked.includes(box.value); });
    const show = () => {
      const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
      for (const box of boxes) box.disabled = chosen.length === 1 && box.checked;
      for (const cell of all("[data-col]")) cell.hidden = !chosen.includes(cell.dataset.col);
      root.style.setProperty("--columns", chosen.length);
      const table = document.querySelector("table.columns");
      table.dataset.count = chosen.length;
      for (const head of all(".partrow th", table)) head.colSpan = chosen.length + 1;
      for (const part of all("tbody.part")) {
        let before = "";
        let some = false;
        for (const row of all("tr.oprow", part)) {
          const said = chosen.some((name) => {
            const cell = row.querySelector(`td[data-col="${name}"]`);
            return cell && !cell.classList.contains("none") && !cell.classList.contains("within");
          });
          row.classList.toggle("silent", !said);
          const key = `${row.dataset.key} ${row.dataset.ops.split(" ")[0].replace(/\].*/, "]")}`;
          row.classList.toggle("again", said && key === before);
          const link = row.querySelector("th a");
          if (link) link.tabIndex = said && key === before ? -1 : 0;
          if (said) { before = key; some = true; }
          let code = null;
          for (const name of chosen) {
            const cell = row.querySelector(`td[data-col="${name}"]`);
            const mine = cell?.querySelector(".code")?.textContent ?? null;
            cell?.classList.toggle("alike", mine !== null && mine === code);
            if (code === null) code = mine;
          }
        }
        part.classList.toggle("silent", !some);
      }
    };
    picker.addEventListener("change", show);
    show();
  };

  // --- folded parts ---
  const folds = () => {
    for (const part of all("tbody.part")) {
      const button = part.querySelector("button.fold");
      const set = (open) => {
        button.setAttribute("aria-expanded", String(open));
        part.classList.toggle("folded", !open);
      };
      set(!("folded" in part.dataset));
      button.addEventListener("click", () => set(button.getAttribute("aria-expanded") !== "true"));
    }
    const unfold = () => {
      const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      const button = target && target.closest("tbody.folded")?.querySelector("button.fold");
      if (button) { button.click(); target.scrollIntoView(); }
    };
    addEventListener("hashchange", unfold);
    unfold();
  };

  // --- twins: the statements of all columns that stand for the same ops ---
  const twins = () => {
    const table = document.querySelector("table.columns");
    if (!table) return;
    const base = (op) => op.replace(/\].*/, "]");
    const opsOf = (element) => new Set(element.dataset.ops.split(" ").filter(Boolean).map(base));
    const statements = all(".st[data-ops]", table).map((element) => [element, opsOf(element)]);
    const rows = all("tr.oprow", table);
    const strip = document.getElementById("explain");
    let lit = [];
    const clear = () => {
      for (const element of lit) element.classList.remove("twin", "here");
      lit = [];
      strip.hidden = true;
    };
    const light = (ops, row) => {
      clear();
      for (const [element, its] of statements) {
        if ([...ops].some((op) => its.has(op))) { element.classList.add("twin"); lit.push(element); }
      }
      row.classList.add("here");
      lit.push(row);
      document.getElementById("explain-op").textContent = row.dataset.ops.split(" ")[0];
      for (const one of all("[data-key]", strip)) {
        one.hidden = one.dataset.key !== row.dataset.key;
        if (!one.hidden) strip.hidden = false;
      }
    };
    const at = (target) => {
      const row = target.closest?.("tr.oprow");
      if (!row) return clear();
      const statement = target.closest(".st[data-ops]");
      const ops = statement ? opsOf(statement) : opsOf(row);
      return light(ops, row);
    };
    table.addEventListener("pointerover", (event) => at(event.target));
    table.addEventListener("pointerleave", clear);
    table.addEventListener("focusin", (event) => at(event.target));
    table.addEventListener("focusout", clear);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") clear();
      const link = document.activeElement?.closest?.("tr.oprow th a");
      if (!link || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
      const links = rows
        .filter((row) => row.offsetParent !== null && !row.classList.contains("again"))
        .map((row) => row.querySelector("th a"))
        .filter(Boolean);
      const next = links[links.indexOf(link) + (event.key === "ArrowDown" ? 1 : -1)];
      if (next) { event.preventDefault(); next.focus(); }
    });
  };

  addEventListener("DOMContentLoaded", () => {
    switches();
    columns();
    folds();
    twins();
  });
})();
