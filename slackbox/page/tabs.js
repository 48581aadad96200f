// Tabs over panels of which one is shown; a panel is made when it is first looked at.
import { el, fill, unique } from "./dom.js";

/** A list of `[label, make]` as tabs; empty entries are left out, the first one is shown. */
export function tabbed(label, entries) {
  const panel = el("div", { class: "tab-panel", role: "tabpanel", id: unique("panel"), tabindex: 0 });
  const tabs = entries.filter(Boolean).map(([name, make]) => {
    const tab = el("button", { type: "button", role: "tab", id: unique("tab"), aria: { controls: panel.id } }, name);
    return { tab, make };
  });
  const show = (chosen) => {
    for (const { tab } of tabs) {
      tab.setAttribute("aria-selected", String(tab === chosen.tab));
      tab.tabIndex = tab === chosen.tab ? 0 : -1;
    }
    panel.setAttribute("aria-labelledby", chosen.tab.id);
    chosen.node ??= chosen.make();
    fill(panel, chosen.node);
  };
  const list = el("div", { class: "tabs", role: "tablist", aria: { label } }, ...tabs.map(({ tab }) => tab));
  for (const entry of tabs) entry.tab.addEventListener("click", () => show(entry));
  list.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    const at = tabs.findIndex(({ tab }) => tab === document.activeElement);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    show(next);
    next.tab.focus();
  });
  show(tabs[0]);
  return el("section", { class: "tabbed" }, list, panel);
}
