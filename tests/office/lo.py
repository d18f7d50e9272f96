"""LibreOffice as a clerk: typing, clearing, formatting, saving. Steps go in as lists of words, files come out.

One headless process runs all steps of a run through a Basic macro in a private profile, since the language is part of every
installation (Python for UNO is not). Typing goes the way of the keyboard (`.uno:EnterString`): what lands in a text cell
stays text, a number or a date is recognised as a Chinese office would see it, and a locked cell refuses.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "xls": "MS Excel 97", "ods": "calc8", "pdf": "calc_pdf_Export"}
SECONDS = 240
Step = tuple[str, ...]

PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>zh-CN</value></prop></item>
</oor:items>"""

MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Function Prop(n, v)
  Dim p As New com.sun.star.beans.PropertyValue
  p.Name = n
  p.Value = v
  Prop = p
End Function

Function Key(doc, code)
  Dim l As New com.sun.star.lang.Locale
  Key = doc.NumberFormats.queryKey(code, l, False)
  If Key = -1 Then Key = doc.NumberFormats.addNew(code, l)
End Function

Sub Main(job)
  On Error GoTo Failed
  done = "nothing"
  files = createUnoService("com.sun.star.ucb.SimpleFileAccess")
  lines = createUnoService("com.sun.star.io.TextInputStream")
  lines.setInputStream(files.openFileRead(ConvertToURL(job)))
  lines.setEncoding("UTF-8")
  enter = New com.sun.star.util.URL
  enter.Complete = ".uno:EnterString"
  createUnoService("com.sun.star.util.URLTransformer").parseStrict(enter)
  Do While Not lines.isEOF()
    said = lines.readLine()
    w = Split(said, Chr(9))
    If UBound(w) &gt;= 0 Then
      done = said
      Select Case w(0)
        Case "open"
          doc = StarDesktop.loadComponentFromURL(ConvertToURL(w(1)), "_blank", 0, Array(Prop("Hidden", True)))
        Case "sheet"
          sheet = doc.Sheets.getByName(w(1))
          doc.CurrentController.setActiveSheet(sheet)
        Case "type"
          doc.CurrentController.select(sheet.getCellRangeByName(w(1)))
          doc.CurrentController.Frame.queryDispatch(enter, "", 0).dispatch(enter, Array(Prop("StringName", w(2))))
        Case "clear"
          sheet.getCellRangeByName(w(1)).clearContents(1 + 2 + 4 + 16)
        Case "format"
          sheet.getCellRangeByName(w(1)).NumberFormat = Key(doc, w(2))
        Case "unlock"
          sheet.unprotect("")
        Case "save"
          doc.calculateAll()
          doc.storeToURL(ConvertToURL(w(1)), Array(Prop("FilterName", w(2))))
        Case "close"
          doc.close(True)
      End Select
    End If
  Loop
  done = "finished"
Failed:
  If done = "finished" Then
    said = "finished"
  Else
    said = "at " &amp; done &amp; ": " &amp; Error$
  End If
  out = createUnoService("com.sun.star.io.TextOutputStream")
  out.setOutputStream(files.openFileWrite(ConvertToURL(job &amp; ".log")))
  out.setEncoding("UTF-8")
  out.writeString(said)
  out.closeOutput()
  StarDesktop.terminate()
End Sub
</script:module>"""

LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false" library:passwordprotected="false">
 <library:element library:name="Module1"/>
</library:library>"""


def installed() -> bool:
    return shutil.which("soffice") is not None


class Desk:
    """A private profile with the macro in it. `run` executes steps; every step names files by absolute path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.profile = folder / "profile"
        user = self.profile / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
        self._office("--terminate_after_init")  # lays the profile out; what is put there before would be overwritten
        library = user / "basic" / "Standard"
        (library / "script.xlb").write_text(LIBRARY, encoding="utf-8")
        (library / "Module1.xba").write_text(MODULE, encoding="utf-8")
        self.runs = 0

    def run(self, steps: Iterable[Step]) -> None:
        """Everything in one process; raises AssertionError naming the step that failed."""
        self.runs += 1
        job = self.folder / f"job{self.runs}.txt"
        job.write_text("\n".join("\t".join(step) for step in steps) + "\n", encoding="utf-8")
        self._office(f'macro:///Standard.Module1.Main("{job}")')
        log = job.with_name(job.name + ".log")
        said = log.read_text(encoding="utf-8") if log.exists() else "the macro did not run"
        assert said == "finished", said

    def _office(self, *words: str) -> None:
        command = ["soffice", f"-env:UserInstallation={self.profile.as_uri()}", "--headless", "--norestore", *words]
        subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)


def save(path: Path) -> Step:
    return ("save", str(path), FILTERS[path.suffix[1:]])
