/** The element with this id. It exists, because the page and its scripts are one release. */
export const byId = (id) => document.getElementById(id);

/** A copy of the content of a `<template>` and its parts by `data-slot`. Fill them only through textContent. */
export function fromTemplate(id) {
  const element = byId(id).content.firstElementChild.cloneNode(true);
  const slots = {};
  for (const slot of element.querySelectorAll('[data-slot]')) slots[slot.dataset.slot] = slot;
  return { element, slots };
}

/** Shows the text, or hides the element when there is none. */
export function setText(element, text) {
  element.textContent = text;
  element.hidden = text === '';
}

/** `1 alert`, `2 alerts`, `1,024 alerts`. */
export function plural(count, one, many = `${one}s`) {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}
