internal import Files
internal import Foundation

/// The parts of a page that are the same in every report.
enum HTMLPage {
  /// Nothing may be loaded, and no script may run but the page's own.
  static var policy: String {
    let hash = Data(ContentHash.digest(Array(script.utf8))).base64EncodedString()
    return
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-\(hash)'; base-uri 'none'; form-action 'none'"
  }

  /// The width of what stands on a page, in pixels: that of its figures.
  static let width = 1152.0

  static let style = """

    :root { color-scheme: light dark; --paper: #ffffff; --ink: #1d2126; --muted: #5b636d; --line: #e4e7eb;
      --soft: #f6f7f9; --link: #0b5cad; --better: #00639c; --worse: #b34700; --better-soft: #e6f1f9;
      --worse-soft: #fcefe5; }
    @media (prefers-color-scheme: dark) {
      :root { --paper: #15181c; --ink: #e8eaed; --muted: #a3acb7; --line: #2c3239; --soft: #1c2026;
        --link: #7db4e3; --better: #6cb5ee; --worse: #f59a56; --better-soft: #172a3a; --worse-soft: #38241a; }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
    body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, -apple-system,
      "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif; overflow-wrap: break-word; }
    main { max-width: \(Int(width) + 48)px; margin: 0 auto; padding: 56px 24px 96px; }
    .overline { margin: 0 0 8px; color: var(--muted); font-size: 0.875rem; overflow-wrap: anywhere; }
    h1 { margin: 0 0 24px; font-size: 2.1rem; line-height: 1.2; font-weight: 650; letter-spacing: -0.015em;
      overflow-wrap: anywhere; }
    h2 { margin: 72px 0 16px; font-size: 1.4rem; line-height: 1.3; font-weight: 650; letter-spacing: -0.01em; }
    h3 { margin: 40px 0 12px; font-size: 1.05rem; font-weight: 650; }
    p, ul { margin: 0 0 16px; max-width: 54rem; }
    .verdict { margin-bottom: 24px; font-size: 1.15rem; line-height: 1.6; overflow-wrap: anywhere; }
    .warning { color: var(--muted); overflow-wrap: anywhere; }
    .answers { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 12px; padding: 0;
      margin: 0 0 28px; max-width: none; list-style: none; }
    .answers li { padding: 16px 18px; border: 1px solid var(--line); border-radius: 10px; background: var(--soft); }
    .answers li.better { background: var(--better-soft); border-color: transparent; }
    .answers li.worse { background: var(--worse-soft); border-color: transparent; }
    .answers .topic { display: block; color: var(--muted); font-size: 0.8125rem; }
    .answers strong { display: block; margin: 2px 0; font-size: 1.2rem; line-height: 1.35; font-weight: 650; }
    .answers .sign { font-size: 0.8em; }
    .answers .detail { display: block; color: var(--muted); font-size: 0.875rem; line-height: 1.45; }
    .better strong, td.better { color: var(--better); }
    .worse strong, td.worse { color: var(--worse); }
    td.none, td.untested { color: var(--muted); }
    nav { display: flex; flex-wrap: wrap; gap: 4px 18px; margin-top: 32px; padding: 14px 0; border-top: 1px solid
      var(--line); border-bottom: 1px solid var(--line); font-size: 0.875rem; }
    a { color: var(--link); text-decoration: none; }
    a:hover { text-decoration: underline; }
    section { scroll-margin-top: 16px; }
    section > ul { padding-left: 20px; }
    section > ul li { margin-bottom: 8px; overflow-wrap: anywhere; }
    .table { overflow-x: auto; margin: 24px 0 10px; border-top: 1px solid var(--line);
      border-bottom: 1px solid var(--line); }
    table { width: 100%; border-collapse: collapse; font-size: 0.875rem; line-height: 1.45;
      font-variant-numeric: tabular-nums; }
    th, td { padding: 9px 14px 9px 0; text-align: left; vertical-align: top; }
    th:last-child, td:last-child { padding-right: 4px; }
    td { border-top: 1px solid var(--line); white-space: nowrap; max-width: 24rem; overflow: hidden;
      text-overflow: ellipsis; }
    th { color: var(--muted); font-weight: 500; vertical-align: bottom; min-width: 4.5em; }
    .number { text-align: right; }
    th button { all: unset; cursor: pointer; }
    th button:hover, th button:focus-visible { color: var(--ink); text-decoration: underline; }
    th[aria-sort="ascending"] button::after { content: " ↑"; }
    th[aria-sort="descending"] button::after { content: " ↓"; }
    .note, figcaption { color: var(--muted); font-size: 0.8125rem; line-height: 1.5; max-width: 44rem; }
    figure { margin: 28px 0; }
    figure svg { display: block; width: 100%; height: auto; }
    figure img { display: block; max-width: 100%; height: auto; }
    figcaption { margin-top: 6px; overflow-wrap: anywhere; }
    .files { white-space: nowrap; }
    .middle, .narrow { display: none; }
    @media (max-width: 1000px) {
      .wide { display: none; }
      .middle { display: block; }
    }
    pre { overflow-x: auto; margin: 0 0 18px; padding: 12px 14px; border-radius: 8px; background: var(--soft);
      font: 0.8125rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
    .purpose { margin: 0 0 4px; font-size: 0.875rem; color: var(--muted); overflow-wrap: anywhere; }
    details { margin: 20px 0; }
    summary { cursor: pointer; color: var(--link); font-size: 0.9375rem; }
    :focus-visible { outline: 2px solid var(--link); outline-offset: 3px; border-radius: 3px; }
    @media (max-width: 620px) {
      main { padding: 28px 16px 64px; }
      h1 { font-size: 1.6rem; }
      h2 { margin-top: 52px; }
      .verdict { font-size: 1.05rem; }
      .middle { display: none; }
      .narrow { display: block; }
      .files { white-space: normal; }
    }
    @media print { nav { display: none; } main { max-width: none; padding: 0; } figure, .answers li, tr {
      break-inside: avoid; } }

    """

  /// Turns headings of tables into buttons that sort; without it tables are only not sortable.
  ///
  /// No sign that XML would read as markup stands in it.
  static let script = """

    "use strict";
    for (const table of document.querySelectorAll("table")) {
      const body = table.tBodies[0];
      const heads = Array.from(table.tHead.rows[0].cells);
      if (2 > body.rows.length) continue;
      heads.forEach((head, column) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = head.textContent;
        head.textContent = "";
        head.append(button);
        button.addEventListener("click", () => {
          const falling = head.getAttribute("aria-sort") === "ascending";
          const key = (row) => row.cells[column].dataset.value;
          const compare = (a, b) => {
            const x = key(a), y = key(b);
            // What has no number stays at the end, whichever way.
            if (x === undefined ? y !== undefined : y === undefined) return x === undefined ? 1 : -1;
            const order = x === undefined
              ? a.cells[column].textContent.localeCompare(b.cells[column].textContent, undefined, { numeric: true })
              : Number(x) - Number(y);
            return falling ? -order : order;
          };
          heads.forEach((other) => other.removeAttribute("aria-sort"));
          head.setAttribute("aria-sort", falling ? "descending" : "ascending");
          body.append(...Array.from(body.rows).sort(compare));
        });
      });
    }

    """
}
