@echo off
rem 检查本机是否适合汇总
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
"%WN%" -m pipeline --home "%~dp0." doctor
set CODE=%ERRORLEVEL%
echo.
if "%CODE%"=="0" echo √ 本机可以汇总。
if not "%CODE%"=="0" echo × 有需要处理的项目，见上面带 × 的各行。
echo 按任意键关闭。
pause >nul
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
