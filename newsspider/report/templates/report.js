"use strict";
// The page says everything without this: here, it only becomes handier.

// The language of choice is remembered; the first time, the browser's.
{
  let kept = null;
  try { kept = localStorage.getItem("newsspider.language"); } catch { /* storage is off */ }
  const wanted = kept || (navigator.language.startsWith("zh") ? "zh" : "en");
  for (const choice of document.querySelectorAll("input[name=language]")) {
    if (choice.value === wanted) choice.checked = true;
    choice.addEventListener("change", () => {
      document.documentElement.lang = choice.value === "en" ? "en" : "zh";
      try { localStorage.setItem("newsspider.language", choice.value); } catch { /* storage is off */ }
    });
  }
  document.documentElement.lang = wanted === "en" ? "en" : "zh";
}

// Tables are sorted by a click on a heading.
for (const table of document.querySelectorAll("table.sortable")) {
  for (const head of table.querySelectorAll("th[data-sort]")) {
    const button = document.createElement("button");
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const byNumber = head.dataset.sort === "number";
      const ascending = head.ariaSort ? head.ariaSort === "descending" : !byNumber;
      for (const other of table.querySelectorAll("th[data-sort]")) other.ariaSort = null;
      head.ariaSort = ascending ? "ascending" : "descending";
      const column = head.cellIndex;
      const value = (row) => byNumber ? Number(row.cells[column].dataset.value) : row.cells[column].textContent;
      const order = (one, other) => byNumber ? value(one) - value(other) : value(one).localeCompare(value(other), "zh");
      const rows = [...table.tBodies[0].rows].sort(order);
      table.tBodies[0].append(...(ascending ? rows : rows.reverse()));
    });
  }
}

// The list of all articles: words, site and order are chosen without a server.
{
  const held = document.getElementById("rows");
  if (held) {
    const { sites, rows } = JSON.parse(held.textContent);
    const table = document.querySelector("table.all"), step = Number(table.dataset.step), filter = document.querySelector(".filter");
    const [input, choice, output] = ["input", "select", "output"].map((name) => filter.querySelector(name));
    const more = document.querySelector(".more"), plain = (text) => text.normalize("NFKC").toLowerCase();
    const keys = rows.map((row) => plain(row[2]));
    sites.forEach((site, number) => choice.append(new Option(site, number)));
    const made = (name, text, kind) => { const one = document.createElement(name); one.textContent = text; if (kind) one.className = kind; return one; };
    const both = (zh, en) => { const z = made("span", zh, "zh"), e = made("span", en, "en"); z.lang = "zh"; e.lang = "en"; return [z, e]; };
    const drawn = ([id, site, title, published, views, sign, versions, gone, url]) => {
      const row = document.createElement("tr"), head = document.createElement("th"), small = made("small", sites[site] ?? "");
      head.scope = "row";
      const link = made(id || url ? "a" : "span", title);
      if (id || url) link.href = id ? `article-${id}.html` : url;
      if (url) link.rel = "noreferrer noopener external";
      if (versions > 1) small.append(" · ", ...both(`${versions} 个版本`, `${versions} versions`));
      if (gone) { const ill = made("b", "", "ill"); ill.append(...both("已撤下", "withdrawn")); small.append(" · ", ill); }
      head.append(link, small);
      row.append(head, made("td", (published ?? "–").replace("T", " "), "day"), made("td", views === null ? "–" : ["", "≈", "≥"][sign] + views.toLocaleString("en"), "num"));
      return row;
    };
    const order = { title: (a, b) => a[2].localeCompare(b[2], "zh"), date: (a, b) => (a[3] ?? "") < (b[3] ?? "") ? -1 : 1, views: (a, b) => (a[4] ?? -1) - (b[4] ?? -1) };
    let sort = "date", ascending = false, shown = step;
    const show = () => {
      const words = plain(input.value).split(/\s+/).filter(Boolean);
      const found = rows.filter((row, number) => (!choice.value || row[1] === Number(choice.value)) && words.every((word) => keys[number].includes(word)));
      if (sort !== "date" || ascending) found.sort((a, b) => (ascending ? 1 : -1) * order[sort](a, b));
      table.tBodies[0].replaceChildren(...found.slice(0, shown).map(drawn));
      output.textContent = `${found.length.toLocaleString("en")} / ${rows.length.toLocaleString("en")}`;
      more.hidden = found.length <= shown;
    };
    for (const head of table.querySelectorAll("th[data-sort]")) {
      const button = document.createElement("button");
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        ascending = sort === head.dataset.sort ? !ascending : head.dataset.sort === "title";
        sort = head.dataset.sort;
        for (const other of table.querySelectorAll("th[data-sort]")) other.ariaSort = null;
        head.ariaSort = ascending ? "ascending" : "descending";
        shown = step;
        show();
      });
    }
    const again = () => { shown = step; show(); };
    input.addEventListener("input", again);
    choice.addEventListener("change", again);
    more.querySelector("button").addEventListener("click", () => { shown += step; show(); });
    filter.hidden = false;
    for (const other of document.querySelectorAll(".pager, .no-script")) other.remove();
    show();
  }
}

// The article whose curve is shown is marked in the table.
{
  const picks = document.querySelectorAll(".pick");
  const mark = () => {
    for (const pick of picks) document.querySelector(`label[for=${pick.id}]`).closest("tr").classList.toggle("picked", pick.checked);
  };
  for (const pick of picks) pick.addEventListener("change", mark);
  mark();
}

// The reading nearest to the pointer, or chosen by the arrow keys.
for (const plot of document.querySelectorAll(".plot")) {
  const points = JSON.parse(plot.dataset.points);
  const cursor = document.createElement("div"), dot = document.createElement("i"), tip = document.createElement("div");
  cursor.className = "cursor"; tip.className = "tip";
  cursor.hidden = tip.hidden = true;
  cursor.append(dot);
  plot.append(cursor, tip);
  let shown = -1;
  const show = (number) => {
    shown = Math.max(0, Math.min(points.length - 1, number));
    const [x, y, time, views, sign] = points[shown];
    const grown = shown ? views - points[shown - 1][3] : null;
    const bold = document.createElement("b");
    bold.textContent = sign + views.toLocaleString("en");
    tip.replaceChildren(bold, grown === null ? "" : ` (${grown < 0 ? "−" : "+"}${Math.abs(grown).toLocaleString("en")})`, document.createElement("br"), time);
    cursor.hidden = tip.hidden = false;
    cursor.style.left = `${x}%`;
    dot.style.top = `${y}%`;
    const width = plot.clientWidth, left = x / 100 * width, room = tip.offsetWidth + 12;
    tip.style.left = `${left + room > width ? Math.max(0, left - room) : left + 12}px`;
  };
  const point = (event) => {
    const frame = plot.getBoundingClientRect(), place = (event.clientX - frame.left) / frame.width * 100;
    let nearest = 0;
    points.forEach((point, number) => { if (Math.abs(point[0] - place) < Math.abs(points[nearest][0] - place)) nearest = number; });
    show(nearest);
  };
  const hide = () => { cursor.hidden = tip.hidden = true; };
  plot.addEventListener("pointermove", point);
  plot.addEventListener("pointerdown", point);
  plot.addEventListener("pointerleave", hide);
  // By the keyboard: one reading after the other.
  plot.tabIndex = 0;
  tip.role = "status";
  plot.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === "Escape") hide();
    if (!step) return;
    event.preventDefault();
    show(shown < 0 ? (step < 0 ? points.length - 1 : 0) : shown + step);
  });
  plot.addEventListener("blur", hide);
}
