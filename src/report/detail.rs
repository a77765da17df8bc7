//! What readers say in detail, in the working language.
//!
//! A problem keeps the English words, which parsed reports in JSON have too; where a pattern of them is known, a reader of
//! Chinese is shown these. What is quoted from a file or comes from the system stays as it is.

use crate::display::Lang;

/// English and Chinese; `*` stands for anything, which is kept.
const DETAILS: &[(&str, &str)] = &[
    // What is left out on purpose.
    ("hidden", "隐藏文件"),
    ("a hidden folder", "隐藏文件夹"),
    ("documentation", "说明文件"),
    ("labels", "合成数据的标签"),
    ("not a regular file", "不是普通文件"),
    ("a link to what is no regular file", "链接指向的不是普通文件"),
    ("a link to what is read in its own place", "链接指向的文件已在原处读取"),
    ("a link that leaves the folder", "链接指向文件夹之外"),
    // What cannot be read.
    ("empty", "空文件"),
    ("an empty array", "空数组"),
    ("an empty archive", "空压缩包"),
    ("binary data", "二进制数据"),
    ("an image", "图片"),
    ("a database", "数据库"),
    ("while it was read", "读取过程中有改动"),
    ("an old Office file with neither a text nor sheets", "旧版 Office 文件中既没有文档也没有工作表"),
    (
        "a document of before Word 97: open it in an office program and save it as .docx",
        "Word 97 之前的文档：请用办公软件打开后另存为 .docx",
    ),
    (
        "a workbook of before Excel 97: open it in an office program and save it as .xlsx",
        "Excel 97 之前的工作簿：请用办公软件打开后另存为 .xlsx",
    ),
    ("an archive (.7z): unpack it first, or send it as .zip", "压缩包（.7z）：请先解压，或改用 .zip"),
    ("an archive (.rar): unpack it first, or send it as .zip", "压缩包（.rar）：请先解压，或改用 .zip"),
    ("an archive in an archive: unpack it first", "压缩包里还有压缩包：请先解压"),
    ("an archive in compressed data: unpack it first", "压缩数据里还有压缩包：请先解压"),
    ("PDF with a password: save it without one", "PDF 有密码：请另存为无密码文件"),
    (
        "scanned PDF, no text layer: run text recognition (OCR) first",
        "扫描版 PDF，没有文字层：请先做文字识别（OCR）",
    ),
    (
        "PDF whose text cannot be copied: run text recognition (OCR) first",
        "PDF 中的文字无法复制：请先做文字识别（OCR）",
    ),
    ("PDF without any text", "PDF 中没有文字"),
    ("broken PDF, fetch it again: *", "PDF 已损坏，请重新下载：*"),
    ("PDF that breaks its reader (*)", "读取此 PDF 的进程异常结束（*）"),
    ("PDF that takes too long to read", "读取此 PDF 耗时过长"),
    ("the PDF reader did not start: *", "PDF 读取进程未能启动：*"),
    ("archive: *", "压缩包：*"),
    ("scanned OFD, no text: run text recognition (OCR) first", "扫描版 OFD，没有文字：请先做文字识别（OCR）"),
    ("OFD without any text", "OFD 中没有文字"),
    ("a saved web page without its page", "存档网页中没有网页正文"),
    ("compressed data: cut off", "压缩数据不完整，在此处中断"),
    ("compressed data: damaged, fetch it again", "压缩数据已损坏，请重新下载"),
    ("compressed data: *", "压缩数据：*"),
    ("damaged document, fetch it again: its text is cut off", "文档不完整（中途截断），请重新下载"),
    ("damaged document, fetch it again: *", "文档已损坏，请重新下载：*"),
    ("document with a password: save it without one", "文档有密码：请另存为无密码文件"),
    (
        "a binary workbook (.xlsb): open it in an office program and save it as .xlsx",
        "二进制工作簿（.xlsb）：请用办公软件打开后另存为 .xlsx",
    ),
    // What is no report.
    (
        "neither a title of an annual report nor two of its tables",
        "既没有年度报告的标题，也没有年度报告的两张表",
    ),
    ("only the title of a report, which is somewhere else", "只有年度报告的标题，正文不在此文件中"),
    ("the blank form of a report", "像是空白表样"),
    ("an error page of a server", "像是网站的出错页面"),
    ("a list of links or the results of a search", "像是链接列表或搜索结果"),
    ("the report of a school or university on a form of its own", "像是学校信息公开报告，另有格式"),
    ("an explainer of a report", "像是年报解读"),
    ("a notice about reports", "像是关于年报的通知"),
    ("a form of statistics", "像是统计报表"),
    ("a budget or final account", "像是预算或决算"),
    // What is too large.
    ("more than * MiB", "超过 * MiB"),
    ("more than * members", "成员超过 * 个"),
    ("unpacks to more than * MiB", "解压后超过 * MiB"),
    ("unpacks to more than * times its size", "解压后超过原大小的 * 倍"),
    ("a line of * bytes", "一行有 * 字节"),
    ("members that overlap", "压缩包内的文件互相重叠"),
    ("more tags than any report", "标签数远超任何年报"),
    ("more attributes than any report", "标签属性数远超任何年报"),
    ("elements nested too deep", "元素嵌套过深"),
    ("more text than any report", "文字量远超任何年报"),
    ("more cells than any report", "单元格数远超任何年报"),
    // Parsed reports.
    ("byte *", "第 * 字节"),
    ("column *: *", "第 * 列：*"),
    ("an unknown schema: *", "未知的 schema：*"),
    ("an object with neither tables nor title and year", "对象中既没有表格，也没有标题和年份"),
    ("a number, not *", "应为数字，实为 *"),
    ("a string, not *", "应为文字，实为 *"),
    ("an object, not *", "应为对象，实为 *"),
    ("an array, not *", "应为数组，实为 *"),
    ("true or false, not *", "应为 true 或 false，实为 *"),
    ("a year from 1990 to 2100, not *", "应为 1990 至 2100 的年份，实为 *"),
    ("one of *, not *", "应为 * 之一，实为 *"),
    ("* values, not *: *", "应有 * 个值，实有 * 个：*"),
    ("the first stands, not *", "以先出现的为准，不取 *"),
    ("both are read", "两处都读取"),
    ("no other figures", "数字相同"),
    ("* figures differ", "* 个数字不同"),
];

/// The detail of a problem for a reader.
pub(super) fn detail(text: &str, lang: Lang) -> String {
    let found = || DETAILS.iter().find_map(|(en, zh)| Some(filled(zh, &parts(en, text)?)));
    match lang {
        Lang::En => text.to_owned(),
        Lang::Zh => found().unwrap_or_else(|| text.to_owned()),
    }
}

/// What stands for each `*` of a pattern, if the text is of it: as little as possible for each but the last.
fn parts<'t>(pattern: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut pieces = pattern.split('*');
    let mut rest = text.strip_prefix(pieces.next()?)?;
    let mut parts = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let end = match pieces.peek() {
            Some(_) => rest.find(piece)?,
            None => rest.strip_suffix(piece)?.len(),
        };
        parts.push(rest.get(..end)?);
        rest = rest.get(end + piece.len()..)?;
    }
    rest.is_empty().then_some(parts)
}

fn filled(pattern: &str, parts: &[&str]) -> String {
    let mut parts = parts.iter();
    let mut pieces = pattern.split('*');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        text.push_str(parts.next().copied().unwrap_or_default());
        text.push_str(piece);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_in_the_working_language() {
        for (en, zh) in [
            ("documentation", "说明文件"),
            ("a line of 1048577 bytes", "一行有 1048577 字节"),
            ("broken PDF, fetch it again: no xref", "PDF 已损坏，请重新下载：no xref"),
            ("7 values, not 6: [0,0]", "应有 7 个值，实有 6 个：[0,0]"),
            ("column 3: expected `:`", "第 3 列：expected `:`"),
            ("Permission denied (os error 13)", "Permission denied (os error 13)"),
            ("a number, not \"a, not b\"", "应为数字，实为 \"a, not b\""),
        ] {
            assert_eq!(detail(en, Lang::Zh), zh);
            assert_eq!(detail(en, Lang::En), en);
        }
    }

    #[test]
    fn both_languages_keep_the_same_parts() {
        for (en, zh) in DETAILS {
            assert_eq!(en.matches('*').count(), zh.matches('*').count(), "{en}");
        }
    }

    /// The code of a folder, as one text.
    fn code(folder: &std::path::Path) -> String {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let text = |path: std::path::PathBuf| {
            if path.is_dir() { code(&path) } else { std::fs::read_to_string(path).unwrap_or_default() }
        };
        entries.map(text).collect()
    }

    #[test]
    fn every_detail_is_one_that_a_reader_gives() {
        let code = code(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/load"));
        // What is put together from two pieces, each of which is there.
        let is_said = |piece: &str| code.contains(piece) || code.contains(piece.trim_end_matches(", not "));
        for (en, _) in DETAILS {
            for piece in en.split('*').filter(|piece| piece.trim().len() > 2) {
                assert!(is_said(piece), "{en}: {piece:?}");
            }
        }
    }
}
