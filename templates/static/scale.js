// A visual analogue scale. Its number field holds the answer, and is what the page saves: the scale shows what stands
// there, nothing where that is no number of the scale, and writes there what is pointed at or chosen by a key.

const steps = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity };

for (const scale of document.querySelectorAll(".ww-scale")) {
  const line = scale.firstElementChild;
  const field = document.getElementById(scale.dataset.field);
  const min = Number(scale.getAttribute("aria-valuemin"));
  const max = Number(scale.getAttribute("aria-valuemax"));
  let value;

  const show = () => {
    const typed = field.value.trim(); // a whole number as the server reads one
    value = /^[+-]?(\d+\.?0*|\.0+)$/.test(typed) && typed >= min && typed <= max ? typed - 0 : undefined;
    scale.setAttribute("aria-valuetext", value ?? scale.dataset.empty);
    scale.setAttribute("aria-valuenow", value);
    if (value === undefined) scale.removeAttribute("aria-valuenow");
    line.style.setProperty("--ww-at", (value - min) / (max - min));
  };
  const set = (wanted) => {
    field.value = Math.max(min, Math.min(max, Math.round(wanted)));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const point = (event) => {
    if (!scale.hasPointerCapture(event.pointerId)) return;
    const { bottom, height } = line.getBoundingClientRect();
    set(min + ((bottom - event.clientY) / height) * (max - min));
  };

  scale.addEventListener("pointerdown", (event) => {
    if (event.button === 0) scale.setPointerCapture(event.pointerId);
    point(event);
  });
  scale.addEventListener("pointermove", point);
  scale.addEventListener("keydown", (event) => {
    const across = /Left|Right/.test(event.key) && document.dir === "rtl" ? -1 : 1; // these two follow the page
    const step = steps[event.key] * across;
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    // An empty scale is left from its middle, which is no nearer to one end than to the other.
    set((value ?? (min + max) / 2) + step);
  });
  field.addEventListener("input", show);
  scale.tabIndex = 0;
  show();
}
