//! Reading PDFs back as programs for the blind do: along the tags, with the letters that the glyphs stand for.

use hayro_syntax::content::ops::TypedInstruction;
use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as Bytes};
use hayro_syntax::page::Page;
use std::collections::HashMap;

/// A document as it is read.
#[derive(Debug, Default)]
pub struct Pdf {
    /// How many pages.
    pub pages: usize,
    /// Its title as programs know it.
    pub title: String,
    /// Its language.
    pub language: String,
    /// Names of its fonts; those of subsets begin with six letters and a plus.
    pub fonts: Vec<String>,
    /// Texts of headings.
    pub headings: Vec<String>,
    /// Texts of paragraphs.
    pub paragraphs: Vec<String>,
    /// Texts of the headers of columns.
    pub columns: Vec<String>,
    /// Texts of the table; a cell of several lines has breaks.
    pub rows: Vec<Vec<String>>,
    /// What stands on the pages without a tag: feet, and headers that come again.
    pub others: Vec<Vec<String>>,
    texts: HashMap<(usize, i32), String>,
}

impl Pdf {
    /// Reads one.
    pub fn read(bytes: Vec<u8>) -> Self {
        let pdf = hayro_syntax::Pdf::new(bytes).unwrap();
        let mut read = Self { pages: pdf.pages().len(), ..Self::default() };
        read.title = text_string(pdf.metadata().title.as_deref().unwrap_or_default());
        for (number, page) in pdf.pages().iter().enumerate() {
            read.page(number, page);
        }
        let catalog: Dict<'_> = pdf.xref().get(pdf.xref().root_id()).unwrap();
        read.language = text_string(catalog.get::<Bytes<'_>>("Lang").unwrap().as_bytes());
        let numbers = pdf.pages().iter().enumerate();
        let numbers = numbers.map(|(number, page)| (page.raw().obj_id().unwrap().obj_number, number)).collect();
        let root: Dict<'_> = catalog.get("StructTreeRoot").unwrap();
        read.element(&root, &numbers, 0);
        read
    }

    fn page(&mut self, number: usize, page: &Page<'_>) {
        let mut cmap = HashMap::new();
        let mut marks: Vec<Mark> = Vec::new();
        let mut others = Vec::new();
        let mut operations = page.typed_operations();
        while let Some(operation) = operations.next() {
            match operation {
                TypedInstruction::TextFont(font) => {
                    let font = page.resources().get_font(font.0).unwrap();
                    self.fonts.push(font.get::<Name<'_>>("BaseFont").unwrap().as_str().to_owned());
                    let stream: Stream<'_> = font.get("ToUnicode").unwrap();
                    cmap = letters(std::str::from_utf8(&stream.decoded().unwrap()).unwrap());
                }
                TypedInstruction::BeginMarkedContent(_) => marks.push(Mark::default()),
                TypedInstruction::BeginMarkedContentWithProperties(begun) => {
                    let Object::Dict(about) = begun.1 else { panic!("{:?}", begun.1) };
                    let actual = about.get::<Bytes<'_>>("ActualText").map(|text| text_string(text.as_bytes()));
                    marks.push(Mark { id: about.get("MCID"), actual, ..Mark::default() });
                }
                TypedInstruction::EndMarkedContent(_) => {
                    let mark = marks.pop().unwrap();
                    let text = mark.actual.unwrap_or(mark.text);
                    match (mark.id, marks.last_mut()) {
                        (Some(id), _) => drop(self.texts.insert((number, id), text)),
                        (None, Some(outer)) => outer.text.push_str(&text),
                        (None, None) => others.extend((!text.is_empty()).then_some(text)),
                    }
                }
                TypedInstruction::SetTextMatrix(matrix) => {
                    let foot = Some(matrix.5.as_f64());
                    let mark = marks.first_mut().unwrap();
                    if mark.foot.is_some() && mark.foot != foot {
                        mark.text.push('\n');
                    }
                    mark.foot = foot;
                }
                TypedInstruction::ShowText(shown) => show(&mut marks, &cmap, shown.0.as_bytes()),
                TypedInstruction::ShowTexts(shown) => {
                    for part in shown.0.iter::<Object<'_>>() {
                        if let Object::String(part) = part {
                            show(&mut marks, &cmap, part.as_bytes());
                        }
                    }
                }
                _ => {}
            }
        }
        self.others.push(others);
    }

    /// Takes what an element of the structure holds, and returns its text.
    fn element(&mut self, element: &Dict<'_>, pages: &HashMap<u32, usize>, page: usize) -> String {
        let kind = element.get::<Name<'_>>("S").map(|kind| kind.as_str().to_owned()).unwrap_or_default();
        let own = element.get_ref("Pg").map_or(page, |page| pages[&page.obj_number]);
        if kind == "TR" {
            self.rows.push(Vec::new());
        }
        let children: Vec<Object<'_>> = match element.get::<Array<'_>>("K") {
            Some(children) => children.iter().collect(),
            None => element.get("K").into_iter().collect(),
        };
        let mut text = String::new();
        for child in children {
            match child {
                Object::Number(id) => text.push_str(&self.texts[&(own, i32::try_from(id.as_i64()).unwrap())]),
                Object::Dict(child) => text.push_str(&self.element(&child, pages, own)),
                other => panic!("{other:?}"),
            }
        }
        match kind.as_str() {
            "P" => self.paragraphs.push(text.clone()),
            "H1" => self.headings.push(text.clone()),
            "THead" => self.columns = self.rows.pop().unwrap(),
            "TH" | "TD" => self.rows.last_mut().unwrap().push(text.clone()),
            _ => {}
        }
        text
    }
}

/// Content that is marked as belonging together.
#[derive(Default)]
struct Mark {
    id: Option<i32>,
    /// What is read instead of the letters of the glyphs.
    actual: Option<String>,
    /// Where the line stands.
    foot: Option<f64>,
    text: String,
}

fn show(marks: &mut [Mark], cmap: &HashMap<u16, String>, bytes: &[u8]) {
    let glyphs = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    let text = glyphs.filter_map(|glyph| cmap.get(&glyph)).map(String::as_str).collect::<String>();
    marks.last_mut().unwrap().text.push_str(&text);
}

/// Which letters the glyphs of a font stand for.
fn letters(cmap: &str) -> HashMap<u16, String> {
    let pairs = cmap.lines().filter_map(|line| line.strip_prefix('<')?.strip_suffix('>')?.split_once("> <"));
    let units = |hex: &str| -> Vec<u16> {
        hex.as_bytes()
            .chunks(4)
            .map(|unit| u16::from_str_radix(std::str::from_utf8(unit).unwrap(), 16).unwrap())
            .collect()
    };
    let pairs = pairs.filter(|(glyph, _)| glyph.len() == 4 && !glyph.contains(' '));
    pairs.map(|(glyph, text)| (units(glyph)[0], String::from_utf16(&units(text)).unwrap())).collect()
}

/// A text beside the content: UTF-16 with a mark, or plain letters.
fn text_string(bytes: &[u8]) -> String {
    match bytes.strip_prefix(&[0xfe, 0xff]) {
        Some(wide) => {
            let units: Vec<u16> = wide.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).unwrap()
        }
        None => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}
