//! The real program in a pseudo-terminal: from the first screen to a checked table and out again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use calamine::Reader as _;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;

/// How long anything may take before the test gives up; generous, as machines are loaded.
const PATIENCE: Duration = Duration::from_mins(1);

const ROWS: NonZero<u16> = NonZero::new(24).unwrap();
const COLUMNS: NonZero<u16> = NonZero::new(80).unwrap();

struct Terminal {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    transcript: Vec<u8>,
    /// Closed while nobody reads what the program writes.
    valve: Arc<(Mutex<bool>, Condvar)>,
    /// The user's folders, so that nothing of the one who runs the test is used or changed.
    home: Arc<TempDir>,
}

impl Terminal {
    /// Runs a shell command in a terminal of 80×24 in the repository's folder.
    fn run(command: &str) -> Self {
        Self::run_at(command, Arc::new(tempfile::tempdir().unwrap()))
    }

    /// The same with the folders of an earlier run.
    fn run_at(command: &str, home: Arc<TempDir>) -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut builder = CommandBuilder::new("sh");
        builder.args(["-c", command]);
        builder.cwd(env!("CARGO_MANIFEST_DIR"));
        for (name, value) in
            [("TERM", "xterm-256color"), ("LC_ALL", "C.UTF-8"), ("GOUJI", env!("CARGO_BIN_EXE_gouji"))]
        {
            builder.env(name, value);
        }
        for name in ["XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"] {
            builder.env(name, home.path().join(name));
        }
        let child = pair.slave.spawn_command(builder).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let (sender, output) = channel();
        let valve = Arc::new((Mutex::new(false), Condvar::new()));
        let of_reader = Arc::clone(&valve);
        std::thread::spawn(move || {
            let mut block = [0; 4096];
            let mut wait = || {
                let (is_closed, turned) = &*of_reader;
                drop(turned.wait_while(is_closed.lock().unwrap(), |is_closed| *is_closed));
                reader.read(&mut block).map(|n| block[..n].to_vec())
            };
            while let Ok(bytes) = wait() {
                if bytes.is_empty() || sender.send(bytes).is_err() {
                    break;
                }
            }
        });
        Self {
            master: pair.master,
            child,
            keys,
            output,
            screen: vt100::Parser::new(ROWS, COLUMNS, 0),
            transcript: Vec::new(),
            valve,
            home,
        }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Waits until the screen satisfies a condition and gives it.
    fn wait(&mut self, what: &str, until: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            let shown = self.screen.screen().contents();
            if until(&shown) {
                return shown;
            }
            match self.output.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(bytes) => {
                    self.transcript.extend(&bytes);
                    self.screen.process(&bytes);
                }
                Err(RecvTimeoutError::Timeout) => panic!("{what} did not come; the screen is\n{shown}"),
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("{what} did not come before the end; the screen is\n{shown}")
                }
            }
        }
    }

    /// From now on nobody reads what the program writes, and it has written more than the line holds.
    fn hold(&mut self) {
        *self.valve.0.lock().unwrap() = true;
        // Each has the whole screen drawn anew. Where several are drawn at once, others remain.
        for _ in 0..100 {
            self.press("\x0c");
            self.listen(Duration::from_millis(20));
        }
    }

    /// What is written is read again.
    fn release(&mut self) {
        *self.valve.0.lock().unwrap() = false;
        self.valve.1.notify_all();
    }

    /// Takes what is written within a time, if anything is.
    fn listen(&mut self, time: Duration) {
        if let Ok(bytes) = self.output.recv_timeout(time) {
            self.transcript.extend(&bytes);
            self.screen.process(&bytes);
        }
    }

    /// Waits until the command has ended, whether or not somebody reads what it writes.
    fn ends(&mut self) -> bool {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if self.child.try_wait().unwrap().is_some() {
                return true;
            }
            self.listen(Duration::from_millis(20));
        }
        false
    }

    /// Waits for the end of the command.
    fn end(&mut self) -> portable_pty::ExitStatus {
        let status = self.child.wait().unwrap();
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_secs(5)) {
            self.transcript.extend(&bytes);
            self.screen.process(&bytes);
        }
        status
    }
}

/// Whether everything was read: the head no longer says what is going on.
fn is_loaded(shown: &str) -> bool {
    let is_busy = ["核对文件", "比对中", "Esc 停止", "░", "█"].iter().any(|word| shown.contains(word));
    shown.contains("份报告") && !shown.contains("0/0 份报告") && !is_busy
}

/// Another process decides on a finding of another report.
fn decide_as_another(database: &std::path::Path) {
    let line = "{\"report\":\"411523/新县/2024\",\"rule\":\"T3.3\",\"place\":\"row:received\",\"figures\":\"5=3\",\"decision\":\"confirmed\"}\n";
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_gouji"))
        .args(["review", "decide", "--as", "乙", "--reviews"])
        .arg(database)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(line.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_review_is_made_broken_off_gone_on_with_and_handed_over() {
    let folder = tempfile::tempdir().unwrap();
    let reports = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data/reports");
    let command = |more: &str| {
        format!(
            "cd {} && cp -r {reports} . && \"$GOUJI\" --lang zh --as 甲 reports {more}",
            folder.path().display()
        )
    };
    let mut terminal = Terminal::run(&command("; echo ended"));
    terminal.wait("the list of reports", is_loaded);
    terminal.press("/zhenping\r");
    terminal.wait("the county", |s| s.contains("1/5 份报告"));
    terminal.press("R");
    terminal.wait("the review", |s| s.contains("核查 0/"));
    for (keys, shown) in
        [("c", "核查 1/"), ("d1", "核查 2/"), ("a", "核查 3/"), ("c", "核查 4/"), ("c", "核查 5/")]
    {
        terminal.press(keys);
        terminal.wait(shown, |s| s.contains(shown));
    }
    terminal.press("u");
    terminal.wait("the last step taken back", |s| s.contains("核查 4/"));
    terminal.press("m再次核对\x13");
    terminal.wait("the note", |s| s.contains("备注：再次核对"));
    terminal.press("w");
    terminal.wait("the rectification list", |s| s.contains("整改台账已写入"));
    terminal.press("q");
    terminal.wait("the end", |s| s.contains("ended"));
    assert!(terminal.end().success());
    let list = folder.path().join("整改台账.xlsx");
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(&list).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let text: Vec<String> = sheet.cells().map(|(_, _, cell)| cell.to_string()).collect();
    assert!(
        text.iter().any(|cell| cell == "镇坪县") && text.iter().any(|cell| cell == "再次核对"),
        "{text:?}"
    );
    // The next start offers to go on; what is decided is not asked again.
    let mut again = Terminal::run_at(&command("; echo ended"), Arc::clone(&terminal.home));
    again.wait("the offer", |s| s.contains("按 R 继续"));
    again.wait("the list of reports", is_loaded);
    again.press("R");
    let shown = again.wait("the review", |s| s.contains("核查 0/"));
    assert!(shown.contains("镇坪县"), "{shown}");
    let database = folder.path().join("reports/.gouji/reviews.db");
    decide_as_another(&database);
    again.wait("what another reviewer decides meanwhile", |s| s.contains('乙'));
    again.press("q");
    again.wait("the end", |s| s.contains("ended"));
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_gouji"))
        .args(["review", "list", "--reviews"])
        .arg(&database)
        .output()
        .unwrap();
    let listed = String::from_utf8(output.stdout).unwrap();
    assert!(listed.contains("排除") && listed.contains("待询") && listed.contains("甲"), "{listed}");
}

#[test]
fn nothing_waits_for_a_terminal_that_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let reports = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data/reports");
    let database = folder.path().join("reviews.db");
    let command = format!("\"$GOUJI\" --lang zh --reviews {} {reports}; echo ended", database.display());
    let mut terminal = Terminal::run(&command);
    terminal.wait("the list of reports", is_loaded);
    terminal.press("/zhenping\rR");
    terminal.wait("the review", |s| s.contains("核查 0/"));
    terminal.hold();
    terminal.press("c");
    let listed = || {
        let mut list = std::process::Command::new(env!("CARGO_BIN_EXE_gouji"));
        let output = list.args(["review", "list", "--reviews"]).arg(&database).output().unwrap();
        String::from_utf8_lossy(&output.stdout).contains("确认")
    };
    let end = Instant::now() + PATIENCE;
    while !listed() {
        assert!(Instant::now() < end, "the decision was not saved");
        terminal.listen(Duration::from_millis(100));
    }
    // What has changed meanwhile is drawn without another key.
    terminal.release();
    terminal.wait("the newest state", |s| s.contains("核查 1/"));
    terminal.hold();
    terminal.press("q");
    assert!(terminal.ends(), "the end waits for a reader");
    terminal.release();
    terminal.wait("the shell", |s| s.contains("ended"));
    assert!(!terminal.screen.screen().alternate_screen() && !terminal.screen.screen().hide_cursor());
}

#[test]
fn from_the_folder_to_a_checked_table_and_out_again() {
    let mut terminal =
        Terminal::run("stty -g; \"$GOUJI\" --lang zh sample-data; echo \"status $?\"; stty -g");
    // All loaded: the head no longer says that it is reading.
    terminal.wait("the list of reports", is_loaded);
    assert!(terminal.screen.screen().alternate_screen());
    // The county: typed, kept, and only one report is left.
    terminal.press("/卫滨\r");
    let shown = terminal.wait("the filtered list", |s| s.contains("报告 1/1"));
    assert!(shown.contains("新乡市卫滨区人民政府办公室"), "{shown}");
    // The year as a facet.
    terminal.press("y\r");
    terminal.wait("the year in the filter", |s| s.contains("[2019"));
    // The table, every total checked.
    terminal.press("\r3");
    let shown = terminal.wait("table 3", |s| s.contains("本年新收") && s.contains("三(七) = 各项合计"));
    assert!(shown.contains('✓'), "{shown}");
    assert!(!shown.contains('✗'), "every relation of this report holds\n{shown}");
    // Back, another county: breaks.
    terminal.press("\u{1b}");
    terminal.wait("the list again", |s| s.contains("报告 1/1"));
    terminal.press("x/镇坪\r");
    terminal.wait("the other county", |s| s.contains("镇坪县") && s.contains("报告 1/1"));
    terminal.press("n");
    let shown = terminal.wait("a break", |s| s.contains("三(一) 予以公开") && s.contains("T3.1"));
    assert!(shown.contains("差"), "{shown}");
    // Out: the terminal is as it was.
    terminal.press("q");
    terminal.wait("the status", |s| s.contains("status 0"));
    terminal.end();
    assert!(!terminal.screen.screen().alternate_screen(), "the alternate screen was left");
    assert!(!terminal.screen.screen().hide_cursor(), "the cursor is shown");
    assert!(!terminal.screen.screen().bracketed_paste(), "bracketed paste is off");
    let text = terminal.screen.screen().contents();
    let settings: Vec<&str> = text.lines().filter(|l| l.matches(':').count() > 8).collect();
    assert_eq!(settings.len(), 2, "{text}");
    assert_eq!(settings.first(), settings.last(), "the terminal settings are as before");
    drop(terminal.master);
}

#[test]
fn a_signal_restores_the_terminal() {
    for signal in ["TERM", "HUP", "INT"] {
        let command = format!("\"$GOUJI\" --lang en sample-data & wait $! ; echo over {signal}");
        // A job in the background has no terminal to read from; exec keeps it in the foreground instead.
        let command = command
            .replace("\"$GOUJI\" --lang en sample-data & wait $! ;", "\"$GOUJI\" --lang en sample-data;");
        let mut terminal = Terminal::run(&command);
        terminal.wait("the list of reports", |s| s.contains("reports") && !s.contains("reading"));
        let pid = gouji_below(terminal.child.process_id().unwrap());
        let killed = std::process::Command::new("kill")
            .args([&format!("-{signal}"), &pid.to_string()])
            .status()
            .unwrap();
        assert!(killed.success());
        terminal.wait("the shell", |s| s.contains("over"));
        assert!(!terminal.screen.screen().alternate_screen(), "{signal}");
        assert!(!terminal.screen.screen().hide_cursor(), "{signal}");
    }
}

/// The process that a shell waits for.
fn gouji_below(shell: u32) -> u32 {
    let children =
        std::fs::read_to_string(format!("/proc/{shell}/task/{shell}/children")).unwrap_or_default();
    children.split_whitespace().next().and_then(|pid| pid.parse().ok()).unwrap_or(shell)
}

#[test]
fn without_a_terminal_there_is_an_error_and_no_output() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_gouji"))
        .arg("sample-data")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("terminal"), "{output:?}");
}

/// A line of a parsed report of an agency of a county: what natural persons asked for, and a sentence.
fn parsed(
    [county, agency]: [&str; 2],
    year: u16,
    [carried_in, received, carried_out]: [i64; 3],
    sentence: &str,
) -> String {
    let handled = carried_in + received - carried_out;
    let row = |n: i64| format!("[{n},0,0,0,0,0,{n}]");
    format!(
        "{{\"schema\":\"gouji/report/1\",\"title\":\"{agency}{year}年政府信息公开工作年度报告\",\
         \"agency\":\"{agency}\",\"county\":\"{county}\",\"year\":{year},\"template\":\"2021\",\
         \"requests\":{{\"received\":{},\"carried_in\":{},\"granted\":{},\"total\":{},\"carried_out\":{}}},\
         \"sections\":[{{\"number\":1,\"text\":\"{sentence}\"}}]}}\n",
        row(received),
        row(carried_in),
        row(handled),
        row(handled),
        row(carried_out),
    )
}

#[test]
fn a_county_that_is_open_is_marked_assigned_and_open_again() {
    let folder = tempfile::tempdir().unwrap();
    let reports = [
        parsed(["普陀区", "普陀区教育局"], 2022, [0, 9, 4], "全年培训3次。"),
        parsed(["普陀区", "普陀区教育局"], 2023, [7, 3, 0], "全年检查5次。"),
    ];
    std::fs::write(folder.path().join("all.jsonl"), reports.concat()).unwrap();
    let command = format!("\"$GOUJI\" --lang zh --as 甲 {}", folder.path().display());
    let mut terminal = Terminal::run(&command);
    let shown = terminal.wait("the list", is_loaded);
    assert!(shown.contains("普陀区? "), "the county has its mark\n{shown}");
    let county = shown.lines().find(|line| line.contains("普陀区? ")).unwrap_or_default();
    assert!(!county.contains("上海") && !shown.contains("✗1"), "no candidate alone, no comparison\n{shown}");
    terminal.press("j");
    terminal.wait("the counties that it may be", |s| s.contains("310107") && s.contains("330903"));
    terminal.press("A");
    let shown = terminal.wait("the question", |s| s.contains("1 上海市 普陀区  310107"));
    assert!(shown.contains("2 浙江省 舟山市 普陀区  330903") && shown.contains("2022 2023"), "{shown}");
    terminal.press("2");
    terminal.wait("the comparison of the years", |s| s.contains("✗ Y1") && s.contains("由人工指定（甲"));
    // The report that was open still is, under its new name.
    let shown = terminal.wait("the place", |s| is_loaded(s) && s.contains("浙江省 舟山市 普陀区"));
    assert!(shown.contains("普陀区教育局2023年") && !shown.contains("县区?"), "{shown}");
    terminal.press("u");
    let shown =
        terminal.wait("the mark again", |s| is_loaded(s) && s.contains("普陀区? ") && !s.contains("Y1"));
    assert!(shown.contains("普陀区教育局2023年"), "{shown}");
    terminal.press("A1");
    terminal.wait("the other county", |s| is_loaded(s) && s.contains("✗ Y1") && s.contains("上海市 普陀区"));
    terminal.press("q");
    assert!(terminal.end().success());
    let mut terminal = Terminal::run(&command);
    let shown = terminal.wait("what was said, at the next start", |s| is_loaded(s) && s.contains("✗1"));
    assert!(!shown.contains("普陀区?"), "{shown}");
    terminal.press("M");
    let shown = terminal.wait("the matrix", |s| s.contains("1/1 × 年度"));
    assert!(!shown.contains("普陀区?"), "{shown}");
    terminal.press("qq");
    assert!(terminal.end().success());
}

#[test]
fn of_reports_that_say_the_same_none_is_placed_alone() {
    let folder = tempfile::tempdir().unwrap();
    let report = parsed(["普陀区", "普陀区教育局"], 2022, [0, 9, 4], "全年培训3次。");
    for name in ["p", "q"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
        std::fs::write(folder.path().join(name).join("a.json"), &report).unwrap();
    }
    let command = format!("\"$GOUJI\" --lang zh --as 甲 {}", folder.path().display());
    let mut terminal = Terminal::run(&command);
    terminal.wait("the list", is_loaded);
    terminal.press("A");
    let is_asked = |s: &str| s.contains("1 上海市 普陀区  310107");
    let shown = terminal.wait("the question", is_asked);
    assert!(shown.contains("不能只指定这一份") && shown.contains("各年度共 2 份"), "{shown}");
    terminal.press("\t2");
    // Both are of one place now: one report.
    terminal.wait("the place", |s| is_loaded(s) && s.contains("舟山市") && s.contains("1/1 份报告"));
    terminal.press("q");
    assert!(terminal.end().success());
}

#[test]
fn which_version_stands_is_shown_and_changed_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    for (name, figures) in [("a", [0, 9, 4]), ("b", [0, 8, 3])] {
        let report = parsed(["新县", "新县教育局"], 2022, figures, "全年培训3次。");
        std::fs::write(folder.path().join(format!("{name}.json")), report).unwrap();
    }
    let next = parsed(["新县", "新县教育局"], 2023, [4, 3, 0], "全年检查5次。");
    std::fs::write(folder.path().join("c.json"), next).unwrap();
    let command = format!("\"$GOUJI\" --lang zh --as 甲 {}", folder.path().display());
    let mut terminal = Terminal::run(&command);
    let shown = terminal.wait("the list", is_loaded);
    let marks = |s: &str| [" V", " v"].map(|mark| s.lines().any(|line| line.trim_end().ends_with(mark)));
    assert_eq!(marks(&shown), [true, true], "both are listed, with their marks\n{shown}");
    // 2023 has carried in 4: that is what one version says, and not what the other says.
    let is_broken = |s: &str| s.contains("Y1");
    let is_next = |s: &str| is_loaded(s) && s.contains("1/3 份报告") && s.contains("教育局2023年");
    terminal.press("/year:2023\r");
    let was_broken = is_broken(&terminal.wait("the next year", is_next));
    terminal.press("x/is:other-version\r");
    terminal
        .wait("the version that does not stand", |s| s.contains("1/3 份报告") && s.contains("不代表该年度"));
    terminal.press("V");
    terminal.wait("the choice", |s| s.contains("改由此版本代表该年度"));
    terminal.press("x/year:2023\r");
    let of_chosen = |s: &str| is_next(s) && is_broken(s) != was_broken;
    terminal.wait("the comparison with the version that was chosen", of_chosen);
    terminal.press("u");
    let shown = terminal.wait("that with the other", |s| is_next(s) && is_broken(s) == was_broken);
    assert!(shown.contains("已撤销"), "{shown}");
    terminal.press("q");
    assert!(terminal.end().success());
}

#[test]
fn a_review_goes_on_with_the_right_reports_after_a_place_was_said() {
    let folder = tempfile::tempdir().unwrap();
    // Both agencies have the same three reports; of the open one the years are compared once its county is said.
    let of = |county: &str, agency: &str| {
        let agency = format!("{county}{agency}");
        [(2022, [0, 9, 4]), (2023, [7, 3, 0])]
            .map(|(year, figures)| parsed([county, &agency], year, figures, &format!("{agency}{year}。")))
            .concat()
    };
    let reports = [of("普陀区", "教育局"), of("普陀区", "财政局")].concat();
    std::fs::write(folder.path().join("all.jsonl"), reports).unwrap();
    let command = format!("\"$GOUJI\" --lang zh --as 甲 {}", folder.path().display());
    let mut terminal = Terminal::run(&command);
    terminal.wait("the list", is_loaded);
    terminal.press("R");
    let shown = terminal.wait("the review", |s| s.contains("核查 0/"));
    let head =
        |s: &str| s.lines().next().unwrap_or_default().split(" · ").next().unwrap_or_default().to_owned();
    let first = head(&shown);
    terminal.press("A");
    terminal.wait("the question", |s| s.contains("1 上海市 普陀区  310107"));
    terminal.press("1");
    // It stays where it was, and the mark is gone.
    terminal.wait("the place", |s| head(s) == first && !s.contains("普陀区?") && !s.contains("属于哪个县区"));
    let mut seen = std::collections::BTreeSet::from([first]);
    for n in 1..=8 {
        terminal.press("c");
        let count = format!("核查 {n}/8");
        let shown = terminal.wait("the next one", |s| s.contains(&count));
        assert!(!shown.contains("已不在"), "{shown}");
        seen.insert(head(&shown));
    }
    assert_eq!(seen.len(), 2, "both agencies were looked at: {seen:?}");
    terminal.press("qq");
    assert!(terminal.end().success());
}
