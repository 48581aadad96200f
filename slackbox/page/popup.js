// Lists that open beside what they belong to: placed inside the window, above everything else.
import { el } from "./dom.js";

const GAP = 4;

/** Opens `panel` (a popover already in the document) beside `anchor`. */
export function open(panel, anchor, { wide = false, above = false } = {}) {
  if (!panel.matches(":popover-open")) panel.showPopover();
  place(panel, anchor, { wide, above });
}

/** Closes it again. */
export function close(panel) {
  if (panel.matches(":popover-open")) panel.hidePopover();
}

export const isOpen = (panel) => panel.matches(":popover-open");

function place(panel, anchor, { wide, above }) {
  const box = anchor.getBoundingClientRect();
  if (wide) panel.style.width = `${box.width}px`;
  const below = window.innerHeight - box.bottom - GAP - 8;
  const over = box.top - GAP - 8;
  const upwards = above || (below < Math.min(panel.scrollHeight, 220) && over > below);
  panel.style.maxHeight = `${Math.max(120, Math.min(360, upwards ? over : below))}px`;
  const height = panel.offsetHeight;
  panel.style.top = `${upwards ? Math.max(8, box.top - height - GAP) : box.bottom + GAP}px`;
  const rightmost = window.innerWidth - panel.offsetWidth - 8;
  panel.style.left = `${Math.max(8, Math.min(box.left, rightmost))}px`;
}

/** A menu: `entries` are {label, note, danger, face, selected, does}; focus comes back to `anchor`. */
export function menu(anchor, entries, { label, role = "menu" } = {}) {
  const itemRole = role === "listbox" ? "option" : "menuitem";
  const panel = el("div", { class: "popup menu", popover: "manual", role, aria: { label } });
  const finish = (refocus) => {
    if (!panel.isConnected) return;
    anchor.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    panel.remove();
    if (refocus) anchor.focus();
  };
  const outside = (event) => {
    if (!panel.contains(event.target) && !anchor.contains(event.target)) finish(false);
  };
  const items = entries.map((entry) => menuItem(entry, itemRole, finish));
  panel.append(...items);
  panel.addEventListener("keydown", (event) => walk(event, items, finish));
  panel.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !panel.contains(event.relatedTarget)) finish(false);
  });
  (anchor.closest("dialog") ?? document.body).append(panel);
  anchor.setAttribute("aria-expanded", "true");
  panel.style.minWidth = `${Math.max(200, anchor.offsetWidth)}px`;
  open(panel, anchor);
  document.addEventListener("pointerdown", outside, true);
  (items.find((item) => item.getAttribute("aria-selected") === "true") ?? items[0])?.focus();
  return panel;
}

function menuItem(entry, role, finish) {
  const item = el(
    "button",
    {
      type: "button",
      role,
      tabindex: -1,
      class: `menu-item${entry.danger ? " danger" : ""}`,
      aria: { selected: role === "option" ? Boolean(entry.selected) : null },
      onclick: () => {
        finish(true);
        entry.does();
      },
    },
    entry.face,
    el("span", { class: "menu-label" }, entry.label, entry.note && el("small", {}, entry.note)),
  );
  return item;
}

function walk(event, items, finish) {
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    items.at(to % items.length).focus();
  } else if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    finish(true);
  } else if (event.key === "Tab") finish(true);
  else if (event.key.length === 1) leap(event.key, items, at);
}

function leap(letter, items, at) {
  const order = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  order.find((item) => item.textContent.trim().toLowerCase().startsWith(letter.toLowerCase()))?.focus();
}

/** A button that opens a menu made when it is needed. */
export function menuButton({ label, className, face, entries, role }) {
  const button = el(
    "button",
    {
      type: "button",
      class: className,
      aria: { label, haspopup: role ?? "menu", expanded: false },
      title: label,
      onclick: () =>
        button.getAttribute("aria-expanded") === "true" ? null : menu(button, entries(), { label, role }),
    },
    face,
  );
  return button;
}
