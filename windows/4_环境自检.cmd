@echo off
rem 检查本机是否适合汇总
setlocal
cd /d "%~dp0"
set "PYTHONPATH=%~dp0程序"
set "WN=%~dp0程序\python\python.exe"
if not exist "%WN%" set "WN=py"
"%WN%" -m pipeline --home "%~dp0." doctor
set CODE=%ERRORLEVEL%
echo.
if "%CODE%"=="0" echo √ 本机可以汇总。
if not "%CODE%"=="0" echo × 有需要处理的项目，见上面带 × 的各行。
echo 按任意键关闭。
pause >nul

exit /b %CODE%
