// Prepares a chosen file for storing: a photo is encoded again, upright, smaller and without metadata.
const LONGEST_SIDE = 2560; // pixels, as on the server
const SMALL = 176;
const QUALITY = 0.88;
const { limit, kinds } = document.body.dataset;

const draw = (bitmap, longest) => {
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff"; // the background of transparent pictures
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
};

const encode = (canvas) =>
  new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", QUALITY);
  });

const readPicture = async (file) => {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const blob = await encode(draw(bitmap, LONGEST_SIDE));
  const thumb = draw(bitmap, SMALL).toDataURL("image/jpeg", 0.7);
  bitmap.close();
  const name = `${file.name.replace(/\.\w{1,5}$/, "")}.jpg`;
  return { given: { name, isPicture: true, thumb }, content: await blob.arrayBuffer() };
};

/** Return a file as {given, content}, or {problem} with the name of the text that says why it is refused. */
export const prepare = async (file) => {
  if (file.size === 0) return { problem: "fileEmpty" };
  if (file.size > Number(limit)) return { problem: "fileTooBig" };
  const ending = /\.(\w+)$/.exec(file.name)?.[1].toLowerCase() ?? "";
  try {
    if (file.type.startsWith("image/")) return await readPicture(file);
    if (kinds.split(" ").includes(ending))
      return { given: { name: file.name, isPicture: false }, content: await file.arrayBuffer() };
  } catch {
    return { problem: /hei[cf]/.test(`${file.type} ${ending}`) ? "fileHeic" : "fileBroken" };
  }
  return { problem: ["heic", "heif"].includes(ending) ? "fileHeic" : "fileKind" };
};
