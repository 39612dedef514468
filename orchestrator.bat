@echo off
rem Manages the orchestrator on Windows: in containers if a Docker engine answers, otherwise in a virtual environment.
rem The commands and their exit codes are those of orchestrator.sh. The logic is in the Python command line.
rem Keep it CRLF and ASCII; decide with "if errorlevel" and goto, never with ERRORLEVEL inside parentheses.
rem
rem What the user typed is read with shift outside of called labels, or passed on as the rest of the line: "call" and "for"
rem would split it at commas, and lose carets and percent signs. Delayed expansion, which would lose exclamation marks, is
rem on only where a text is printed.
rem
rem This file finds the command; the parts are in services\multi_agent_orchestrator\bat, named like those in sh where both have
rem one. A part calls a label of another part through a label of the same name, below "in other parts". There the other part
rem is started without "call", which would change a path with carets or percent signs; its end returns to the line after the
rem call of the label. Windows may begin in the new file at the label that was called; otherwise "goto %entry%" leads there.
setlocal EnableExtensions DisableDelayedExpansion

set "here=%~dp0"
if "%here:~-1%"=="\" set "here=%here:~0,-1%"
set "parts=%here%\services\multi_agent_orchestrator\bat"
set "caller=%CD%"
set args=%*
set first=%1
set "word=%~1"
if [%1]==[] set "word=help"
if "%word%"=="-h" set "word=help"
if "%word%"=="--help" set "word=help"
rem The scheduler of Windows starts scripts with a short PATH; this is the usual place of docker.exe.
set "PATH=%PATH%;%ProgramFiles%\Docker\Docker\resources\bin"

call :read_settings
set "words=build start stop restart status logs shell interactive demo examples run backup restore cleanup doctor models migrate-volume test version help"
set "part="
for %%W in (build) do if "%word%"=="%%W" set "part=image"
for %%W in (start restart) do if "%word%"=="%%W" set "part=start"
for %%W in (stop status logs) do if "%word%"=="%%W" set "part=service"
for %%W in (shell interactive demo examples run models version) do if "%word%"=="%%W" set "part=call"
for %%W in (backup restore cleanup doctor help) do if "%word%"=="%%W" set "part=%%W"
for %%W in (migrate-volume) do if "%word%"=="%%W" set "part=volumes"
for %%W in (test) do if "%word%"=="%%W" set "part=local"
if defined part call :command
if defined part exit /b %ERRORLEVEL%
set "cause=There is no command '%word%'."
set "remedy=orchestrator.bat help lists all commands."
call :find_nearest
if defined near set "remedy=Did you mean: orchestrator.bat %near%? %remedy%"
call :tell 2
exit /b 2

rem Reads the words anew, as the user typed them: the arguments of this label are empty.
:command
set "entry=%0"
"%parts%\%part%.bat" %args%

rem ---- in other parts ----

:find_nearest
set "entry=%0"
"%parts%\nearest.bat" %*

:read_settings
set "entry=%0"
"%parts%\settings.bat" %*

:tell
set "entry=%0"
"%parts%\say.bat" %*
