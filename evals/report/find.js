// Shows only the cases that have every word; without it, the whole list stands.
const box = document.querySelector(".find");
const field = box.querySelector("input");
const told = box.querySelector("output");
const groups = [...document.querySelectorAll(".group")].map((group) => ({
  group, open: group.open, tally: group.querySelector(".tally"), all: group.querySelector(".tally").textContent,
  cases: [...group.querySelectorAll(".case")],
}));
const known = new Map();

function read(one) {
  if (!known.has(one)) known.set(one, `${one.textContent.toLowerCase().replace(/\s+/g, " ")} `);
  return known.get(one);
}

const has = (text, word) => text.includes(word.startsWith("#") ? `${word} ` : word); // a tag is meant whole

function find() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const { group, open, tally, all, cases } of groups) {
    let here = 0;
    for (const one of cases) {
      one.hidden = !words.every((word) => has(read(one), word));
      here += !one.hidden;
    }
    tally.textContent = here < cases.length ? `${here.toLocaleString("en")} of ${all}` : all;
    group.hidden = here === 0;
    group.open = words.length ? here > 0 : open;
    found += here;
  }
  told.textContent = words.length ? `${found.toLocaleString("en")} found` : "";
}

let waiting;
field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(find, 150);
});
for (const link of document.querySelectorAll("a[data-find]")) {
  link.addEventListener("click", () => {
    field.value = link.dataset.find;
    find();
  });
}
box.hidden = false;
