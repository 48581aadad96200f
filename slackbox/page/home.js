// The app's Home tab.
import { read, send } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { el, fill } from "./dom.js";
import { store } from "./store.js";
import { keepingFocus, surface } from "./surface.js";
import { trying } from "./toast.js";

/** The Home tab's node; `refresh()` draws what the app published last. */
export function home() {
  const node = el("section", {
    class: "home",
    role: "tabpanel",
    id: "home-panel",
    aria: { labelledby: "home-tab" },
    tabindex: -1,
  });
  const inner = el("div", { class: "home-inner" });
  node.append(inner);
  let before = "";
  const refresh = () =>
    trying(async () => {
      const view = viewOf(await read("home", { as: store.me }));
      const now = JSON.stringify(view);
      if (now === before) return;
      before = now;
      keepingFocus(node, () =>
        fill(
          inner,
          ...(view
            ? drawBlocks(
                view.blocks,
                surface({ type: "home" }, () => inner),
              )
            : [nothing()]),
        ),
      );
    });
  const open = () =>
    trying(async () => {
      await send("home", { as: store.me });
      await refresh();
    });
  open();
  return { node, refresh };
}

const viewOf = (answer) => (answer && "view" in answer ? answer.view : answer);

const nothing = () => el("p", { class: "empty-place" }, "This app has not put anything here yet.");
