@echo off
rem This file prints what is said to the user, and asks.
rem Part of orchestrator.bat, which explains how a part calls another.
goto %entry%

rem Ends with 0 if the input is a console: "timeout" fails if it is not.
:has_keyboard
"%SystemRoot%\System32\timeout.exe" /t 0 >nul 2>&1
exit /b %ERRORLEVEL%

rem say TEXT
:say
set "line=%~1"
call :print 1>&2
exit /b 0

rem Prints line; whatever signs it has, none is read as a command.
:print
setlocal EnableDelayedExpansion
echo !line!
exit /b 0

rem fail STATUS CAUSE REMEDY
:fail
set "cause=%~2"
set "remedy=%~3"

rem tell STATUS: prints cause and remedy. Callers set both where they contain what the user typed.
:tell
setlocal EnableDelayedExpansion
>&2 echo Error: !cause!
>&2 echo   !remedy!
exit /b %1

rem Asks the user to agree, unless --yes is given. Without an answer it exits with status 2.
:agree
if "%yes%"=="yes" exit /b 0
call :has_keyboard
if not errorlevel 1 goto agree_ask
call :fail 2 "%~1 There is no terminal to ask on." "Add --yes to agree."
exit /b 2
:agree_ask
set "typed="
set "line=%~1 Type %wanted% to continue:"
call :print 1>&2
set /p "typed="
if "%typed%"=="%wanted%" exit /b 0
call :say "Nothing was done."
exit /b 2
