@echo off
rem 把一个报表文件拖到本图标上
setlocal
cd /d "%~dp0"
set "PYTHONPATH=%~dp0程序"
set "WN=%~dp0程序\python\python.exe"
if not exist "%WN%" set "WN=py"
if "%~1"=="" (
  echo 请把要检查的 Excel 文件拖到本图标上。
  echo 按任意键关闭。
  pause >nul
  exit /b 2
)
"%WN%" -m pipeline --home "%~dp0." check %*
set CODE=%ERRORLEVEL%
echo.
if "%CODE%"=="0" echo √ 没有必改问题。
if "%CODE%"=="1" echo × 有必改问题，请按上面的提示修改。
if "%CODE%"=="3" echo × 文件打不开，请按上面的提示处理。
if "%CODE%"=="2" echo × 没有检查：请按上面的提示处理。
echo 按任意键关闭。
pause >nul

exit /b %CODE%
