@echo off
rem 汇总收件夹 inbox 中的全部报表
setlocal
cd /d "%~dp0"
set "WN=%~dp0程序\python\python.exe"
if exist "%WN%" goto start
set "WN=py"
where py >nul 2>nul
if errorlevel 1 goto nopython
py -c "import pipeline" >nul 2>nul
if errorlevel 1 goto noprogram
:start
echo 正在汇总，请不要关闭本窗口 ……
"%WN%" -m pipeline --home "%~dp0." run
set CODE=%ERRORLEVEL%
echo.
if "%CODE%"=="0" echo √ 汇总完成，没有必改问题。
if "%CODE%"=="1" echo √ 汇总完成，有必改问题，各校反馈在 outbox 的 send 文件夹。
if "%CODE%"=="3" echo √ 汇总完成，但有文件打不开，请看总览中的“无法识别的文件”。
if "%CODE%"=="2" echo × 没有汇总：设置有误，请按上面的提示修改后再双击一次。
if "%CODE%"=="4" echo × 没有汇总：另一次汇总正在进行，请等它结束。
if "%CODE%"=="5" echo × 没有汇总：磁盘或权限有问题，请关闭打开着的 Excel 文件后再双击一次。
if "%CODE%"=="70" echo × 程序故障，请把 outbox\logs\wennuan.log 交给维护人员。
echo 按任意键打开最新结果。
pause >nul
if exist "outbox\打开最新结果.html" start "" "outbox\打开最新结果.html"
exit /b %CODE%

:nopython
echo × 不能运行：本目录里没有“程序”文件夹，本机也没有安装 Python。
goto help
:noprogram
echo × 不能运行：本目录里没有“程序”文件夹，本机的 Python 也没有装本程序。
:help
echo 请向技术人员要离线包（wennuan-版本-windows.zip），解压后把其中的“程序”文件夹
echo 整个复制到本目录（与本图标放在一起），再双击一次。不需要管理员权限，也不需要上网。
echo 按任意键关闭。
pause >nul
exit /b 5
