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

// The article whose curve is shown is marked in the table.
{
  const picks = document.querySelectorAll(".pick");
  const mark = () => {
    for (const pick of picks) document.querySelector(`label[for=${pick.id}]`).closest("tr").classList.toggle("picked", pick.checked);
  };
  for (const pick of picks) pick.addEventListener("change", mark);
  mark();
}

// The reading nearest to the pointer.
for (const plot of document.querySelectorAll(".plot")) {
  const points = JSON.parse(plot.dataset.points);
  const cursor = document.createElement("div"), dot = document.createElement("i"), tip = document.createElement("div");
  cursor.className = "cursor"; tip.className = "tip";
  cursor.hidden = tip.hidden = true;
  cursor.append(dot);
  plot.append(cursor, tip);
  const show = (event) => {
    const frame = plot.getBoundingClientRect();
    const place = (event.clientX - frame.left) / frame.width * 100;
    let nearest = 0;
    points.forEach((point, number) => { if (Math.abs(point[0] - place) < Math.abs(points[nearest][0] - place)) nearest = number; });
    const [x, y, time, views] = points[nearest];
    const grown = nearest ? views - points[nearest - 1][3] : null;
    const bold = document.createElement("b");
    bold.textContent = views.toLocaleString("en");
    tip.replaceChildren(bold, grown === null ? "" : ` (${grown < 0 ? "−" : "+"}${Math.abs(grown).toLocaleString("en")})`, document.createElement("br"), time);
    cursor.hidden = tip.hidden = false;
    cursor.style.left = `${x}%`;
    dot.style.top = `${y}%`;
    const left = x / 100 * frame.width, room = tip.offsetWidth + 12;
    tip.style.left = `${left + room > frame.width ? Math.max(0, left - room) : left + 12}px`;
  };
  plot.addEventListener("pointermove", show);
  plot.addEventListener("pointerdown", show);
  plot.addEventListener("pointerleave", () => { cursor.hidden = tip.hidden = true; });
}
