"""What a finished night says on screen: counts, what to do next, where to look, and the head for the record."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.home.layout import Home
from pipeline.model import Night

STEPS = {
    "receive": "收取文件", "read": "读取报表", "check": "审核", "mark": "标注各校文件", "render": "生成反馈与汇总", "deliver": "封存发布",
}  # fmt: skip
STATE_ORDER = ("已通过", "部分通过", "零报告", "待核", "退回", "报错表", "打不开", "未报", "逾期未报")


def told(night: Night, home: Home) -> str:
    record = night.record
    files, found = record["files"], record["findings"]["by_severity"]
    lines = [
        f"第{night.night}次汇总完成（{night.as_of.year}年{night.as_of.month}月{night.as_of.day}日）"
        + ("　样例数据" if record["season"]["sample"] else ""),
        (
            f"  收到文件 {files['received']}：采用 {files['adopted']}　旧版本 {files['superseded']}　重复 {files['duplicate']}　附件 {files['attachment']}"
            f"　跳过 {files['ignored'] + files['withdrawn']}　待核 {files['held']}　打不开 {files['unreadable']}"
        ),
        f"  各表状态：{_states(record['units']['by_state'])}",
        f"  × 必改 {found.get('error', 0)}　▲ 请核实 {found.get('warning', 0)}　● 提示 {found.get('info', 0)}",
        _money(record["totals"]),
        "",
        f"先看：  {_shown(home.outbox, '打开最新结果.html', home)}",
        f"全部结果：{_relative(Path(night.folder), home)}",
        "  district/ 区级汇总与通报　units/ 各校反馈　audit/ 审核报告　send/ 发送包与清单",
        f"完整性校验码：{night.head}",
    ]
    return "\n".join(lines)


def _states(by_state: Mapping[str, int]) -> str:
    return "　".join(f"{s} {by_state[s]}" for s in STATE_ORDER if by_state.get(s)) or "无"


def _money(totals: Mapping[str, Any]) -> str:
    good, wait = totals["accepted"], totals["pending"]
    return (
        f"  困难教工 {good['people'].get('F1', 0)} 人（待核 {wait['people'].get('F1', 0)}）　申请 {_yuan(good['requested_fen'])} 元（待核 {_yuan(wait['requested_fen'])}）"
        f"　募捐 {_yuan(good['donations_fen'].get('total', 0))} 元（待核 {_yuan(wait['donations_fen'].get('total', 0))}）"
    )


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"


def _relative(path: Path, home: Home) -> str:
    try:
        return str(path.relative_to(home.root))
    except ValueError:
        return str(path)


def _shown(folder: Path, name: str, home: Home) -> str:
    return _relative(folder / name, home)
