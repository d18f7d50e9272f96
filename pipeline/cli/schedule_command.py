"""`wennuan schedule`: the nightly run as a systemd timer, a cron line or a Windows task, to standard output."""

from __future__ import annotations

import getpass
import os
import site
import sys
import sysconfig
from pathlib import Path
from xml.sax.saxutils import escape

import click

import pipeline
from pipeline.cli.options import Time, command
from pipeline.cli.talk import Talk
from pipeline.home.disk import environment
from pipeline.home.layout import open_home

SYSTEMD = """\
# /etc/systemd/system/wennuan.service
[Unit]
Description=wennuan nightly run

[Service]
Type=oneshot
WorkingDirectory={home}
{environment}ExecStart="{python}" -m pipeline --home "{home}" run
SuccessExitStatus=1 3

# /etc/systemd/system/wennuan.timer
[Unit]
Description=wennuan every night

[Timer]
OnCalendar=*-*-* {hour:02d}:{minute:02d}:00
Persistent=true

[Install]
WantedBy=timers.target
"""
CRON = """\
{minute} {hour} * * * cd "{home}" && {environment}"{python}" -m pipeline --home "{home}" run --quiet --exit-zero --no-color
"""
WINDOWS = """\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>温暖：每晚汇总</Description></RegistrationInfo>
  <Triggers>
    <LogonTrigger><Enabled>true</Enabled><UserId>{user}</UserId><Delay>PT5M</Delay></LogonTrigger>
    <CalendarTrigger>
      <StartBoundary>2020-01-01T{hour:02d}:{minute:02d}:00</StartBoundary><Enabled>true</Enabled>
      <ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Principals><Principal id="Author"><UserId>{user}</UserId><LogonType>InteractiveToken</LogonType><RunLevel>LeastPrivilege</RunLevel></Principal></Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT4H</ExecutionTimeLimit>
    <Enabled>true</Enabled>
  </Settings>
  <Actions Context="Author">
    <Exec><Command>{command}</Command><Arguments>{arguments}</Arguments><WorkingDirectory>{home}</WorkingDirectory></Exec>
  </Actions>
</Task>
"""
TASK = '-m pipeline --home "{home}" run --quiet --exit-zero'
# /s: cmd takes off the outer quotes and nothing else
WITH_PATH = '/d /s /c "set "PYTHONPATH={path}" && "{python}" {task}"'
PERCENT = {"systemd": "%%", "cron": "\\%"}
TEXTS = {"systemd": SYSTEMD, "cron": CRON, "windows": WINDOWS}


@command(
    "打印每晚自动汇总的计划任务（systemd、cron 或 Windows 任务计划程序）。",
    epilog="例：  wennuan schedule windows --out 温暖.xml   再用“任务计划程序—导入任务”",
)
@click.argument("kind", type=click.Choice(["systemd", "cron", "windows"]), metavar="systemd|cron|windows")
@click.option("--at", "at", type=Time(), default="22:00", metavar="时:分", help="每晚几点，默认 22:00。")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="文件",
    help="存成文件（按系统要求的编码）；不写则打印。",
)
def schedule(home: Path, talk: Talk, *, kind: str, at: tuple[int, int], out: Path | None) -> int:
    hour, minute = at
    facts = _facts(kind, str(open_home(home).root)) | {"hour": hour, "minute": minute}
    if kind == "windows":
        facts = {k: escape(v, {'"': "&quot;"}) if isinstance(v, str) else v for k, v in facts.items()}
    else:  # a % of a path: to systemd the start of a specifier, to cron the end of the line
        facts = {k: v.replace("%", PERCENT[kind]) if isinstance(v, str) else v for k, v in facts.items()}
    text = TEXTS[kind].format(**facts)
    if out:
        with environment(out):
            out.write_bytes(text.encode("utf-16" if kind == "windows" else "utf-8"))
    talk.result({"kind": kind, "text": text}, f"已写入 {out}" if out else text.rstrip("\n"))
    return 0


def _facts(kind: str, home: str) -> dict[str, str | int]:
    """What the text names: by absolute paths, for the scheduler starts elsewhere and knows nothing of our shell."""
    python, path = str(Path(sys.executable).absolute()), os.pathsep.join(needed_path())
    made: dict[str, str | int] = {"home": home, "python": python, "user": getpass.getuser(), "environment": ""}
    if kind == "windows":
        task = TASK.format(home=home)
        made["command"] = "cmd.exe" if path else python
        made["arguments"] = WITH_PATH.format(path=path, python=python, task=task) if path else task
    elif path:
        made["environment"] = f'PYTHONPATH="{path}" ' if kind == "cron" else f'Environment="PYTHONPATH={path}"\n'
    return made


def needed_path() -> list[str]:
    """Folders the interpreter alone would not look into: the checkout's own and those the shell's PYTHONPATH names (.deps)."""
    installed = {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}
    installed |= {Path(place).resolve() for place in site.getsitepackages()}
    ours = Path(pipeline.__file__).resolve().parent.parent
    if ours in installed:
        return []
    named = [Path(place).resolve() for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if place]
    return [str(place) for place in dict.fromkeys([ours, *named]) if place.is_dir()]
