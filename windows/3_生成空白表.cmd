@echo off
rem 生成发给各校的空白表，存入 forms 文件夹
setlocal
cd /d "%~dp0"
set "PYTHONPATH=%~dp0程序"
set "WN=%~dp0程序\python\python.exe"
if not exist "%WN%" set "WN=py"
echo 正在生成空白表 ……
"%WN%" -m pipeline --home "%~dp0." forms
set CODE=%ERRORLEVEL%
echo.
if "%CODE%"=="0" echo √ 已生成，在 forms 文件夹。
if not "%CODE%"=="0" echo × 没有生成：请按上面的提示处理后再双击一次。
echo 按任意键打开 forms 文件夹。
pause >nul
if exist "forms" start "" "forms"
exit /b %CODE%
