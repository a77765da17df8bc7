#!/usr/bin/env python3
"""Makes the zoo: three made-up reports as many programs write them, with the truth beside them.

    DIR/main/bin/python tests/zoo/make.py [--only SUBSTR] [--tools DIR] [--list]

Writes tests/zoo/made/<program>/<report>[-<hand>].<ext> and tests/zoo/truth/<report>.json. A program that is not there is
left out and named, and its files stay as they are. Python packages come from the environments DIR/<name>/bin/python:

    python3 -m venv DIR/main && DIR/main/bin/pip install html2text markdownify inscriptis beautifulsoup4 lxml python-docx openpyxl
    python3 -m venv DIR/tf1.6.2  && DIR/tf1.6.2/bin/pip  install 'trafilatura==1.6.2' 'lxml<5'
    python3 -m venv DIR/tf1.12.2 && DIR/tf1.12.2/bin/pip install 'trafilatura==1.12.2'
    python3 -m venv DIR/tf2      && DIR/tf2/bin/pip      install 'trafilatura>=2'

and w3m, lynx, soffice (writer and calc), pdftotext, mutool, chromium and wkhtmltopdf from the path.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import documents  # noqa: E402
from reports import REPORTS  # noqa: E402

# ---- what reads a page from standard input and writes text to standard output ------------------------------------------
READ = "import sys; page = sys.stdin.buffer.read().decode('utf-8'); put = lambda t: sys.stdout.buffer.write((t or '').encode('utf-8'))\n"
SOUP = READ + "from bs4 import BeautifulSoup; soup = BeautifulSoup(page, 'lxml')\n"
TRAFILATURA = READ + "import trafilatura; put(trafilatura.extract(page, include_tables=True, favor_recall=True{}))"
PYTHON = {
    "trafilatura-1.6": ("tf1.6.2", TRAFILATURA.format("")),
    "trafilatura-1.12": ("tf1.12.2", TRAFILATURA.format("")),
    "trafilatura-2": ("tf2", TRAFILATURA.format("")),
    "trafilatura-2-markdown": ("tf2", TRAFILATURA.format(", output_format='markdown'")),
    "html2text": ("main", READ + "import html2text; h = html2text.HTML2Text(); h.body_width = 0; put(h.handle(page))"),
    "html2text-wrapped": ("main", READ + "import html2text; put(html2text.html2text(page))"),
    "markdownify": ("main", READ + "import markdownify; put(markdownify.markdownify(page))"),
    "inscriptis": ("main", READ + "import inscriptis; put(inscriptis.get_text(page))"),
    "bs4": ("main", SOUP + "put(soup.get_text())"),
    "bs4-space": ("main", SOUP + "put(soup.get_text(' '))"),
    "bs4-lines": ("main", SOUP + "put(soup.get_text('\\n'))"),
    "bs4-lines-strip": ("main", SOUP + "put(soup.get_text('\\n', strip=True))"),
    "bs4-space-strip": ("main", SOUP + "put(soup.get_text(' ', strip=True))"),
}
COMMANDS = {
    "w3m": ["w3m", "-dump", "-T", "text/html", "-I", "UTF-8", "-O", "UTF-8", "-cols", "200"],
    "w3m-80": ["w3m", "-dump", "-T", "text/html", "-I", "UTF-8", "-O", "UTF-8", "-cols", "80"],
    "lynx": ["lynx", "-stdin", "-dump", "-nolist", "-assume_charset=utf-8", "-display_charset=utf-8", "-width=160"],
    "lynx-80": ["lynx", "-stdin", "-dump", "-nolist", "-assume_charset=utf-8", "-display_charset=utf-8"],
}
# ---- what turns one file into another: program, from, to, how ---------------------------------------------------------
OFFICE = {
    "writer": [("docx", "pdf", "pdf"), ("docx", "html", "html"), ("docx", "txt", "txt:Text (encoded):UTF8"), ("docx", "odt", "odt"),
               ("docx", "doc", "doc"), ("docx", "rtf", "rtf"), ("html", "docx", "docx:MS Word 2007 XML"), ("html", "odt", "odt:writer8")],
    "calc": [("xlsx", "csv", "csv:Text - txt - csv (StarCalc):44,34,76,1"), ("xlsx", "html", "html"), ("xlsx", "pdf", "pdf"),
             ("xlsx", "xls", "xls"), ("xlsx", "ods", "ods")],
}
PAPER = {
    "chromium": lambda page, pdf, home: ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={home}",
                                         "--no-pdf-header-footer", f"--print-to-pdf={pdf}", page],
    "wkhtmltopdf": lambda page, pdf, home: ["wkhtmltopdf", "-q", page, pdf],
}
FROM_PDF = {
    "pdftotext": lambda pdf: ["pdftotext", pdf, "-"],
    "pdftotext-layout": lambda pdf: ["pdftotext", "-layout", pdf, "-"],
    "mutool": lambda pdf: ["mutool", "draw", "-F", "text", pdf],
}
# Large files: one report is enough.
ONCE = {"chromium": "full2021", "writer-docx-to-rtf": "blank2021", "writer-docx-to-odt": "blank2021",
        "writer-html-to-odt": "full2019", "calc-xlsx-to-ods": "blank2021"}


class Maker:
    def __init__(self, only, tools):
        self.only, self.tools, self.missing = only, tools, set()

    def wants(self, program):
        return self.only in program

    def has(self, program, command):
        if shutil.which(command) or os.path.exists(command):
            return True
        self.missing.add(program)
        return False

    def put(self, program, name, content):
        if not name.startswith(ONCE.get(program, "")):
            return
        folder = os.path.join(HERE, "made", program)
        os.makedirs(folder, exist_ok=True)
        if not content:
            print(f"{program}/{name}: nothing came out", file=sys.stderr)
            return
        with open(os.path.join(folder, name), "wb") as out:
            out.write(content)

    def run(self, command, page=None):
        done = subprocess.run(command, input=page, capture_output=True, timeout=180)
        if done.returncode:
            print(f"{command[0]}: {done.stderr.decode(errors='replace')[-300:]}", file=sys.stderr)
        return done.stdout

    def text(self, report, style, page):
        """What the programs that read a page make of it."""
        for program, (environment, script) in PYTHON.items():
            python = os.path.join(self.tools, environment, "bin", "python")
            if self.wants(program) and self.has(program, python):
                self.put(program, f"{report.key}-{style}.txt", self.run([python, "-c", script], page))
        for program, command in COMMANDS.items():
            if self.wants(program) and self.has(program, command[0]):
                self.put(program, f"{report.key}-{style}.txt", self.run(command, page))

    def converted(self, report, files):
        """What an office program and printers make of the files, and what is read out of those prints."""
        with tempfile.TemporaryDirectory() as folder:
            paths = {}
            for extension, content in files.items():
                paths[extension] = os.path.join(folder, f"{report.key}.{extension}")
                with open(paths[extension], "wb") as out:
                    out.write(content)
            prints = self.office(report, paths, folder) + self.papers(report, paths["html"], folder)
            for name, path in prints:
                for reader, command in FROM_PDF.items():
                    program = f"{name}-{reader}"
                    if self.wants(program) and self.has(program, command(path)[0]):
                        self.put(program, f"{report.key}.txt", self.run(command(path)))

    def office(self, report, paths, folder):
        prints = []
        for module, conversions in OFFICE.items():
            for source, target, how in conversions:
                program = f"{module}-{source}-to-{target}"
                if not (self.wants(program) or target == "pdf" and any(self.wants(f"{program}-{r}") for r in FROM_PDF)):
                    continue
                if not self.has(program, "soffice"):
                    continue
                into = os.path.join(folder, program)
                writer = ["--infilter=HTML (StarWriter)"] if source == "html" else []
                self.run(["soffice", f"-env:UserInstallation=file://{tempfile.gettempdir()}/zoo-office", "--headless", *writer,
                          "--convert-to", how, "--outdir", into, paths[source]])
                made = os.path.join(into, f"{report.key}.{target}")
                if os.path.exists(made):
                    with open(made, "rb") as out:
                        self.put(program, f"{report.key}.{target}", out.read())
                    if target == "pdf":
                        prints.append((program, made))
                else:
                    print(f"{program}/{report.key}: nothing came out", file=sys.stderr)
        return prints

    def papers(self, report, page, folder):
        prints = []
        for program, command in PAPER.items():
            if not (self.wants(program) or any(self.wants(f"{program}-{r}") for r in FROM_PDF)):
                continue
            if self.has(program, program):
                made = os.path.join(folder, f"{program}.pdf")
                self.run(command(page, made, os.path.join(folder, "home")))
                if os.path.exists(made):
                    with open(made, "rb") as out:
                        self.put(program, f"{report.key}.pdf", out.read())
                    prints.append((program, made))
        return prints


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", default="", help="programs whose name contains this")
    options.add_argument("--tools", default=os.path.join(tempfile.gettempdir(), "zoo-tools"))
    chosen = options.parse_args()
    maker = Maker(chosen.only, chosen.tools)
    for report in REPORTS:
        os.makedirs(os.path.join(HERE, "truth"), exist_ok=True)
        with open(os.path.join(HERE, "truth", f"{report.key}.json"), "w", encoding="utf-8") as out:
            json.dump(report.truth(), out, ensure_ascii=False, indent=1)
            out.write("\n")
        for style in documents.STYLES:
            page = documents.page(report, style).encode("utf-8")
            if maker.wants("page"):
                maker.put("page", f"{report.key}-{style}.html", page)
            maker.text(report, style, page)
        files = {"docx": documents.word(report), "xlsx": documents.workbook(report),
                 "html": documents.page(report).encode("utf-8")}
        for program, extension, content in (("python-docx", "docx", files["docx"]), ("openpyxl", "xlsx", files["xlsx"]),
                                            ("openpyxl-wide", "xlsx", documents.workbook(report, wide=True))):
            if maker.wants(program):
                maker.put(program, f"{report.key}.{extension}", content)
        maker.converted(report, files)
    if maker.missing:
        print("not there: " + ", ".join(sorted(maker.missing)), file=sys.stderr)


if __name__ == "__main__":
    main()
