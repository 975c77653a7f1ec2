/* A workbook: XML parts, stored in a ZIP archive. */
const CRC = Uint32Array.from({ length: 256 }, (_, i) => {
  for (let bit = 0; bit < 8; bit += 1) i = i & 1 ? 0xedb88320 ^ (i >>> 1) : i >>> 1;
  return i;
});
const crc = (bytes) => ~bytes.reduce((sum, byte) => CRC[(sum ^ byte) & 255] ^ (sum >>> 8), -1) >>> 0;
const numbers = (...pairs) => {
  const view = new DataView(new ArrayBuffer(pairs.reduce((sum, [size]) => sum + size, 0)));
  let at = 0;
  for (const [size, value] of pairs) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return new Uint8Array(view.buffer);
};
const zipped = (files) => {
  const parts = [],
    directory = [],
    DAY = 0x21;
  let offset = 0;
  for (const [name, text] of files) {
    const path = new TextEncoder().encode(name),
      bytes = new TextEncoder().encode(text);
    const about = [
      [2, 20],
      [2, 0x800],
      [2, 0],
      [2, 0],
      [2, DAY],
      [4, crc(bytes)],
      [4, bytes.length],
      [4, bytes.length],
      [2, path.length],
      [2, 0],
    ];
    parts.push(numbers([4, 0x04034b50], ...about), path, bytes);
    directory.push(numbers([4, 0x02014b50], [2, 20], ...about, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), path);
    offset += 30 + path.length + bytes.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  return new Blob([
    ...parts,
    ...directory,
    numbers([4, 0x06054b50], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, size], [4, offset], [2, 0]),
  ]);
};

const escaped = (text) =>
  String(text)
    .replace(/[&<>"]/g, (each) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[each])
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
const columnName = (i) => (i >= 26 ? columnName(Math.floor(i / 26) - 1) : "") + String.fromCharCode(65 + (i % 26));
const sheetOf = (rows) => {
  const cell = (value, row, column) => {
    const at = `${columnName(column)}${row + 1}`,
      style = row === 0 ? ' s="1"' : "";
    if (value === null || value === undefined || value === "") return "";
    if (typeof value === "number") return `<c r="${at}"${style}><v>${value}</v></c>`;
    return `<c r="${at}" t="inlineStr"${style}><is><t xml:space="preserve">${escaped(value)}</t></is></c>`;
  };
  const lines = rows.map((row, i) => `<row r="${i + 1}">${row.map((value, column) => cell(value, i, column)).join("")}</row>`);
  const widths = rows[0].map((_, column) =>
    Math.min(48, Math.max(...rows.slice(0, 200).map((row) => widthOf(String(row[column] ?? ""), 1.7))) + 2),
  );
  const columns = widths
    .map((width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width.toFixed(1)}" customWidth="1"/>`)
    .join("");
  const pane =
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>';
  return `<worksheet xmlns="${MAIN}">${pane}<cols>${columns}</cols><sheetData>${lines.join("")}</sheetData></worksheet>`;
};
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
  OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006",
  KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml";
/* A workbook of sheets, each a name and rows of texts and numbers; the first row is the header. A text is never a formula. */
const workbook = (sheets) => {
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
    files = sheets.map((_, i) => `worksheets/sheet${i + 1}.xml`);
  const types = files.map((file) => `<Override PartName="/xl/${file}" ContentType="${KIND}.worksheet+xml"/>`).join("");
  const names = sheets
    .map(
      ([name], i) =>
        `<sheet name="${escaped(name.replace(/[\][*?:/\\]/g, " ").slice(0, 31))}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`,
    )
    .join("");
  const links = files.map((file, i) => `<Relationship Id="rId${i + 1}" Type="${OFFICE}/worksheet" Target="${file}"/>`).join("");
  const fonts =
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>';
  const fills =
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>';
  const formats =
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/><xf fontId="1" applyFont="1" xfId="0"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>';
  return zipped([
    [
      "[Content_Types].xml",
      `${head}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${KIND}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${KIND}.styles+xml"/>${types}</Types>`,
    ],
    [
      "_rels/.rels",
      `${head}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    ["xl/workbook.xml", `${head}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${names}</sheets></workbook>`],
    [
      "xl/_rels/workbook.xml.rels",
      `${head}<Relationships xmlns="${PACKAGE}/relationships">${links}<Relationship Id="rId${sheets.length + 1}" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    ],
    [
      "xl/styles.xml",
      `${head}<styleSheet xmlns="${MAIN}">${fonts}${fills}<borders count="1"><border/></borders>${formats}</styleSheet>`,
    ],
    ...sheets.map(([, rows], i) => [`xl/${files[i]}`, head + sheetOf(rows)]),
  ]);
};
