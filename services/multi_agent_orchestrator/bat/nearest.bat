@echo off
rem This file finds the command that a mistyped word probably means.
rem Part of orchestrator.bat, which explains how a part calls another.
goto %entry%

rem Sets near to the command that a mistyped word or a word of Compose probably means.
:find_nearest
set "near="
for /f "delims=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-" %%X in ("%word%") do exit /b 0
for %%S in (up:start down:cleanup rm:cleanup uninstall:cleanup remove:cleanup halt:stop kill:stop end:stop) do call :synonym %%S
for %%S in (ps:status info:status stat:status stats:status bash:shell sh:shell chat:interactive talk:interactive log:logs) do call :synonym %%S
for %%S in (exec ask consult meeting review workflow agents types actions memory config) do if /i "%%S"=="%word%" set "near=run %%S"
if defined near exit /b 0
call :shorten "%word%"
set "shapes=%shorter%"
for %%W in (%words%) do call :compare %%W
exit /b 0
:synonym
for /f "tokens=1,2 delims=:" %%A in ("%1") do if /i "%%A"=="%word%" set "near=%%B"
exit /b 0

rem Two words are near if they are equal after at most one letter is left out of each.
:compare
if defined near exit /b 0
call :shorten %1
for %%A in (%shapes%) do for %%B in (%shorter%) do if /i "%%A"=="%%B" set "near=%1"
exit /b 0

rem shorten WORD: sets shorter to the word and to all words that are one letter shorter.
:shorten
set "head="
set "tail=%~1"
set "shorter=%~1"
:shorten_more
set "letter=%tail:~0,1%"
set "tail=%tail:~1%"
set "shorter=%shorter% %head%%tail%"
set "head=%head%%letter%"
if defined tail goto shorten_more
exit /b 0
