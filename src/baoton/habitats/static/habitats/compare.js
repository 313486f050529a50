// The slider says where the upper photo is cut; without a script it stands in the middle.
for (const slide of document.querySelectorAll("[data-slide]")) {
  const compare = slide.closest("section").querySelector("[data-compare]");
  slide.addEventListener("input", () => compare.style.setProperty("--cut", `${slide.value}%`));
}
