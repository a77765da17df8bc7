//! A large mixed folder whose right answer is known, because it is put together from reports whose answer is known.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use gouji::load::json;
use gouji::synth;
use serde_json::Value;

use crate::folder::{Files, Told, records, written};
use crate::paper::{Layout, Paper};

const COUNTIES: [&str; 8] = ["乐至县", "左贡县", "平阳县", "忠县", "新县", "旌德县", "桐梓县", "清水县"];
const BUREAUS: [&str; 13] = [
    "教育局",
    "财政局",
    "民政局",
    "水利局",
    "司法局",
    "统计局",
    "公安局",
    "交通运输局",
    "应急管理局",
    "农业农村局",
    "卫生健康局",
    "医疗保障局",
    "自然资源局",
];
const YEARS: std::ops::RangeInclusive<u16> = 2021..=2024;

/// A break between two years: the agency, the year, the cell, what is declared there and what it should be.
pub(crate) type Break = (String, u16, String, i64, i64);

/// The folder, and what is true of it.
pub(crate) struct World {
    pub files: Files,
    pub told: Told,
    /// What rule Y1 has to find, and nothing else.
    pub breaks: BTreeSet<Break>,
    chance: u64,
}

impl World {
    /// A folder with so many agencies in each county.
    pub(crate) fn new(seed: u64, bureaus: usize) -> Self {
        let told = Told { reports: 0, copies: 0, versions: 0 };
        let mut world = Self { files: Files::new(), told, breaks: BTreeSet::new(), chance: seed | 1 };
        for county in COUNTIES {
            for bureau in BUREAUS.iter().take(bureaus) {
                world.add_agency(county, bureau);
            }
            world.add_report(&format!("{county}/城关镇2023.txt"), &Paper::new("城关镇人民政府", 2023));
        }
        world.add_namesakes();
        world.add_renamed();
        world.add_nameless();
        world.add_lines();
        world.add_archive();
        world
    }

    /// A number below a limit.
    fn below(&mut self, limit: u64) -> u64 {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        (self.chance >> 11) % limit
    }

    fn add(&mut self, path: &str, text: impl Into<Vec<u8>>) {
        self.files.push((path.to_owned(), text.into()));
    }

    fn add_report(&mut self, path: &str, paper: &Paper) {
        self.add(path, paper.print(Layout::Tabs));
        self.told.reports += 1;
    }

    fn add_copy(&mut self, path: &str, text: String) {
        self.add(path, text);
        self.told.copies += 1;
    }

    fn expect(&mut self, agency: &str, year: u16, declared: i64, computed: i64) {
        for column in ["natural", "total"] {
            let cell = format!("requests.carried_in.{column}");
            self.breaks.insert((agency.to_owned(), year, cell, declared, computed));
        }
    }

    /// The reports of an agency over the years, each with its copies and versions.
    fn add_agency(&mut self, county: &str, bureau: &str) {
        let agency = format!("{county}{bureau}");
        let mut carried = None;
        let in_force = 1 + self.below(40).cast_signed();
        for year in YEARS {
            let last = carried.unwrap_or_else(|| self.below(6).cast_signed());
            let is_broken = carried.is_some() && self.below(8) == 0;
            let carried_in = last + i64::from(is_broken) * (1 + self.below(4).cast_signed());
            let carried_out = 1 + self.below(6).cast_signed();
            let received = 20 + self.below(400).cast_signed();
            let mut paper = Paper::new(&agency, year);
            paper.flow(carried_in, received, carried_out);
            paper.set("proactive_disclosure.normative.in_force", in_force);
            paper.overview =
                format!("我局公开政府信息{}条。全年组织业务培训3次，参加86人次。", 100 + self.below(900));
            paper.signed = Some(format!("{}年1月20日", year + 1));
            if is_broken {
                self.expect(&agency, year, carried_in, last);
            }
            let path = format!("{county}/{bureau}{year}.txt");
            self.add_report(&path, &paper);
            self.add_copies(&format!("{county}{bureau}{year}"), &paper);
            carried = Some(self.add_corrected(county, bureau, &paper, (carried_in, received, carried_out)));
        }
    }

    fn add_copies(&mut self, name: &str, paper: &Paper) {
        let text = paper.print(Layout::Tabs);
        match self.below(12) {
            0 => self.add_copy(&format!("网页/{name}.html"), paper.print(Layout::Page)),
            1 => self.add_copy(&format!("排版/{name}.txt"), paper.print(Layout::Broken)),
            2 => self.add_copy(&format!("备份/{name}.txt"), text),
            3 => self.add_copy(&format!("解析/{name}.json"), paper.parsed(|_| {})),
            4 => self.add_copy(
                &format!("解析/{name}.json"),
                paper.parsed(|report| {
                    (report.county, report.county_code, report.city, report.province) =
                        (None, None, None, None);
                }),
            ),
            5 => {
                self.add_copy(&format!("网页/{name}.html"), paper.print(Layout::Page));
                self.add_copy(&format!("备份/{name}.html"), paper.print(Layout::Page));
                self.add_copy(&format!("备份/{name}.txt"), text);
                self.add_copy(&format!("解析/{name}.json"), paper.parsed(|_| {}));
            }
            _ => {}
        }
    }

    /// A corrected version of some; what the report that stands for the year carries out.
    fn add_corrected(&mut self, county: &str, bureau: &str, paper: &Paper, flow: (i64, i64, i64)) -> i64 {
        let year = paper.year.unwrap();
        let (carried_in, received, mut carried_out) = flow;
        let mut other = paper.clone();
        other.signed = Some(format!("{}年3月5日", year + 1));
        match self.below(12) {
            0 => other.set("proactive_disclosure.licensing.decisions", 7),
            1 => other.overview = other.overview.replace("86人次", "68人次"),
            2 => other.problems.push_str("部分栏目改版后未能公开历史信息。"),
            3 => {
                carried_out += 2;
                other.flow(carried_in, received, carried_out);
            }
            _ => return carried_out,
        }
        self.add_report(&format!("{county}/{bureau}{year}更正.txt"), &other);
        self.told.versions += 2;
        self.add_copies(&format!("更正{county}{bureau}{year}"), &other);
        carried_out
    }

    /// Agencies of counties and towns of a name that several have.
    fn add_namesakes(&mut self) {
        let year = |agency: &str, year, carried_in, carried_out| {
            Paper::new(agency, year).but(|paper| {
                paper.flow(carried_in, 30, carried_out);
                paper.set("proactive_disclosure.normative.in_force", 4);
            })
        };
        for folder in ["甲", "乙", "丙"] {
            for (n, agency) in ["鼓楼区教育局", "普陀区教育局"].iter().enumerate() {
                self.add_report(&format!("{folder}/{n}前.txt"), &year(agency, 2022, 1, 5));
                self.add_report(&format!("{folder}/{n}后.txt"), &year(agency, 2023, 9, 1));
            }
            self.add_report(&format!("{folder}/镇.txt"), &Paper::new("城关镇人民政府", 2023));
        }
        // Where all that is known is from one place, the rest are versions of one agency, and stay open.
        self.add_report("丁/1.txt", &year("南京市鼓楼区财政局", 2023, 1, 1));
        self.add_report("丁/2.txt", &year("鼓楼区教育局", 2022, 1, 5));
        self.add_report("丁/3.txt", &year("鼓楼区教育局", 2023, 9, 1));
        let other = year("鼓楼区教育局", 2023, 9, 1);
        self.add_report(
            "丁/6.txt",
            &other.but(|paper| paper.set("proactive_disclosure.licensing.decisions", 7)),
        );
        self.told.versions += 2;
        // An agency that names no county is of that place, and is compared.
        self.add_report("丁/4.txt", &year("信访局", 2022, 1, 5));
        self.add_report("丁/5.txt", &year("信访局", 2023, 9, 1));
        self.expect("信访局", 2023, 9, 5);
        // And where it is from two, it says nothing.
        self.add_report("戊/1.txt", &year("南京市鼓楼区民政局", 2023, 1, 1));
        self.add_report("戊/2.txt", &year("徐州市鼓楼区民政局", 2023, 1, 1));
        self.add_report("戊/3.txt", &year("鼓楼区教育局", 2022, 1, 5));
        self.add_report("戊/4.txt", &year("鼓楼区教育局", 2023, 9, 1));
    }

    /// Places that were renamed, and places that were merged.
    fn add_renamed(&mut self) {
        for (agency, year, carried_in, carried_out) in [
            ("太谷县教育局", 2019, 1, 5),
            ("太谷区教育局", 2020, 9, 2),
            ("太谷县财政局", 2019, 1, 5),
            ("太谷区财政局", 2020, 5, 2),
            ("江干区教育局", 2020, 1, 5),
            ("上城区教育局", 2020, 1, 3),
            ("上城区教育局", 2021, 9, 1),
        ] {
            let mut paper = Paper::new(agency, year);
            paper.flow(carried_in, 30, carried_out);
            self.add_report(&format!("更名/{agency}{year}.txt"), &paper);
        }
        self.expect("太谷区教育局", 2020, 9, 5);
    }

    fn add_nameless(&mut self) {
        let nameless = Paper::new("", 2023).but(|paper| paper.flow(1, 30, 2));
        let undated = Paper::new("新县审计局", 2023).but(|paper| {
            paper.year = None;
            paper.flow(1, 31, 2);
        });
        for (n, mut paper) in [nameless, undated].into_iter().enumerate() {
            // Something to find in them.
            paper.set("reconsideration_and_litigation.reconsideration.total", 3);
            self.add_report(&format!("无名/{n}.txt"), &paper);
            self.add_copy(&format!("无名/{n}再.txt"), paper.print(Layout::Tabs));
            self.add_copy(&format!("备份/无名{n}.txt"), paper.print(Layout::Tabs));
            self.add_report(&format!("无名/{n}另.txt"), &paper.but(|paper| paper.flow(1, 40, 2)));
        }
    }

    /// Many reports in a file, some of them once more in another.
    fn add_lines(&mut self) {
        let settings = synth::Settings {
            reports: 60,
            errors_per_mille: 0,
            counties: synth::Counties::Invented,
            ..synth::Settings::default()
        };
        let lines: Vec<String> =
            synth::Corpus::new(settings).map(|item| json::to_line(&item.report) + "\n").collect();
        let again: Vec<&String> = lines.iter().step_by(7).collect();
        self.told.reports += lines.len();
        self.told.copies += again.len();
        self.add("行/全部.jsonl", lines.concat());
        self.add("行/部分.jsonl", again.into_iter().map(String::as_str).collect::<String>());
    }

    /// An archive with a copy of a report and one that is nowhere else.
    fn add_archive(&mut self) {
        let copy = self.files[0].1.clone();
        let other = Paper::new("新县城乡规划局", 2023).print(Layout::Tabs).into_bytes();
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in [("一.txt", copy), ("二.txt", other)] {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(&bytes).unwrap();
        }
        let bytes = zip.finish().unwrap().into_inner();
        self.add("包/打包.zip", bytes);
        self.told.reports += 1;
        self.told.copies += 1;
    }
}

/// What rule Y1 found.
pub(crate) fn breaks(records: &[Value]) -> BTreeSet<Break> {
    let found = records.iter().filter(|record| record["rule"] == "Y1");
    let of = |record: &Value| {
        let agency = record["agency"].as_str().unwrap().to_owned();
        let number = |name: &str| record[name].as_i64().unwrap();
        let cell = record["cells"][0].as_str().unwrap().to_owned();
        (agency, u16::try_from(number("year")).unwrap(), cell, number("declared"), number("computed"))
    };
    found.map(of).collect()
}

#[test]
fn a_large_mixed_folder_is_told_as_it_was_made() {
    for (seed, bureaus) in [(1, BUREAUS.len()), (20_240_131, 4)] {
        let world = World::new(seed, bureaus);
        assert!(world.told.reports > 38 * bureaus && world.told.copies > 25 * bureaus, "{:?}", world.told);
        assert!(
            world.told.versions > 15 * bureaus && world.breaks.len() > 2 * bureaus,
            "{:?} {:?}",
            world.told,
            world.breaks.len()
        );
        let folder = written(&world.files);
        assert_eq!(Told::by_index(folder.path()), world.told);
        assert_eq!(Told::by_check(folder.path()), world.told);
        let records = records(folder.path());
        let found = breaks(&records);
        let (missing, wrong): (Vec<_>, Vec<_>) =
            (world.breaks.difference(&found).collect(), found.difference(&world.breaks).collect());
        assert!(missing.is_empty() && wrong.is_empty(), "missing: {missing:#?}\nwrong: {wrong:#?}");
        let said: Vec<&Value> =
            records.iter().filter(|r| r["rule"] == "Y1" && r["agency"] == "太谷区教育局").collect();
        assert!(
            said.iter().all(|r| r["message"].as_str().unwrap().contains("（太谷县，2019年起太谷区）")),
            "{said:#?}"
        );
        assert!(!breaks(&records).iter().any(|(agency, ..)| agency.contains("上城区")));
        // Each once: two records of one break are two findings too many.
        let mut of_break: BTreeMap<String, usize> = BTreeMap::new();
        for record in records.iter().filter(|record| record["rule"] == "Y1") {
            *of_break.entry(format!("{}{}", record["report"], record["cells"])).or_default() += 1;
        }
        assert_eq!(of_break.len(), world.breaks.len());
        assert!(of_break.values().all(|n| *n == 1), "{of_break:#?}");
        for record in &records {
            let rule = record["rule"].as_str().unwrap();
            let is_beside_others = rule.starts_with('Y') || rule.starts_with('O');
            let path = record["file"].as_str().unwrap();
            let is_open = ["/甲/", "/乙/", "/丙/", "/无名/"].iter().any(|folder| path.contains(folder));
            assert!(!(is_beside_others && is_open), "{record:#}");
        }
    }
}
