// SPDX-License-Identifier: BSD-2-Clause
/// @file
/// Colours are named once for light and once for dark; every pair of text and ground has a contrast
/// of at least 4.5. Tables that are wider than the window scroll by themselves.
#include "autograder/report/style.hpp"

namespace grade {

const std::string_view page_style = R"(
:root { color-scheme: light dark; --ground: #fff; --panel: #f5f6f8; --text: #1c2127; --quiet:
  #59626d;
  --line: #d6dae0; --link: #0a58ca; --good: #1a7f37; --half: #9a6700; --bad: #c62f2f; --rest:
  #dde1e7;
  --bar: #3b74c9; --mark: #ffe28a; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171b; --panel: #1e2329; --text: #e4e8ec;
  --quiet: #a3adb8; --line: #39414a; --link: #7db4ff; --good: #56c271; --half: #e0b04a; --bad:
  #ff8078;
  --rest: #39414a; --bar: #6ea2ee; --mark: #5d4a00; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1rem 1.25rem 4rem; background: var(--ground);
  color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 1rem 0 .25rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; padding-bottom: .25rem;
  border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; }
a { color: var(--link); }
code, pre, .code { font-family: ui-monospace, monospace; font-size: .875em; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: .375rem; margin:
  .5rem 0;
  padding: .5rem .75rem; overflow-x: auto; white-space: pre-wrap; }
.quiet { color: var(--quiet); }
.good { color: var(--good); } .half { color: var(--half); } .bad { color: var(--bad); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; }
th, td { padding: .3rem 1.25rem .3rem 0; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line); }
td { overflow-wrap: normal; }
th { white-space: nowrap; }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.name { white-space: nowrap; }
table.narrow { width: auto; }
.who a { display: inline-block; max-width: 100%; }
td.text { min-width: 14rem; overflow-wrap: anywhere; }
th button { all: unset; cursor: pointer; font-weight: inherit; }
th button::after { content: "\2195"; color: var(--quiet); padding-left: .25rem; }
th[aria-sort=ascending] button::after { content: "\2191"; color: inherit; }
th[aria-sort=descending] button::after { content: "\2193"; color: inherit; }
th button:focus-visible { outline: 2px solid var(--link); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem;
  margin: 1rem 0; padding: 0; list-style: none; }
.tiles li { background: var(--panel); border: 1px solid var(--line); border-radius: .5rem;
  padding: .6rem .9rem; }
.tiles b { display: block; font-size: 1.5rem; line-height: 1.3; font-variant-numeric:
  tabular-nums; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr));
  gap: 0 2.5rem; }
.columns > * { min-width: 0; }
svg.chart { display: block; width: 100%; max-width: 34rem; height: auto; }
svg.chart text { fill: var(--quiet); font-size: 11px; font-family: system-ui, sans-serif; }
svg.chart text.count { fill: var(--text); }
svg.chart line { stroke: var(--line); }
svg .bar { fill: var(--bar); } svg .rest { fill: var(--rest); } svg .full { fill: var(--good); }
svg .some { fill: var(--half); } svg .none { fill: var(--bad); }
svg.meter { display: inline-block; width: 7rem; height: .7rem; vertical-align: middle;
  border-radius: .2rem; }
.score { font-size: 2.5rem; font-weight: 600; line-height: 1.1; margin: .75rem 0 .25rem; }
.test { border-left: .3rem solid var(--line); padding: .1rem 0 .1rem .9rem; margin: .9rem 0; }
.test.passed { border-color: var(--good); } .test.part { border-color: var(--half); }
.test.failed { border-color: var(--bad); }
.test p { margin: .25rem 0; }
.test .head { display: flex; flex-wrap: wrap; gap: 0 .9rem; align-items: baseline; }
summary { cursor: pointer; color: var(--link); }
.sides { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1rem; }
.sides pre { white-space: pre; }
mark { background: var(--mark); color: inherit; border-radius: .15rem; }
mark sup { font-size: .7em; color: var(--quiet); }
@media (max-width: 40rem) { th, td { padding-right: .75rem; } .wide { display: none; } body {
  padding: .5rem .75rem 3rem; } .sides { grid-template-columns: 1fr; }
  table { font-size: .875rem; } }
@media print { details > * { display: block; } }
)";

const std::string_view page_script = R"(
"use strict";
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  const valueOf = (row, column) => row.cells[column].dataset.value ?? row.cells[column].textContent;
  const order = (one, other) => {
    const difference = Number(one) - Number(other);
    return one !== "" && other !== "" && !Number.isNaN(difference) ? difference
      : one.localeCompare(other, "en", { numeric: true });
  };
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
      const rows = [...table.tBodies[0].rows];
      rows.sort((one, other) => sign * order(valueOf(one, column), valueOf(other, column)));
      table.tBodies[0].append(...rows);
    });
  });
}
)";

} // namespace grade
