@echo off
rem This file has the word doctor: it checks the machine and the service, and names a remedy for each fault.
rem Part of orchestrator.bat, which explains how a part calls another.
goto %entry%

:command
shift /1
goto word_%word%

:word_doctor
set "faults=0"
call :look_for_engine
if not errorlevel 1 goto doctor_engine
echo FAULT %why%
echo       %remedy%
call :find_python
call :verdict "Python 3.11 or newer for the local mode %interpreter%" "Install it, or set PYTHON to its path."
exit /b 4
:doctor_engine
call :need_compose
if errorlevel 1 exit /b %ERRORLEVEL%
set "short=%compose%"
for /f "delims=" %%V in ('%compose% version --short 2^>nul') do set "short=%%V"
echo ok    Docker %engine%, Compose %short%
for %%F in (agents Role examples) do call :look_in_folder %%F
%compose% config >nul 2>&1
call :verdict "docker-compose.yml and .env" "To see the reason: docker compose config"
docker image inspect "%image%" >nul 2>&1
call :verdict "image %image%" "Build it: orchestrator.bat build"
call :look_at_disk
call :verdict "%free% MB free on this disk" "Images and a model need 5000 MB; to see what Docker uses: docker system df"
call :state
call :state_of_ollama
set "shown="
if defined ollama set "shown=(%ollama%)"
set "code=0"
if defined ollama if not "%ollama%"=="running" set "code=1"
call :give %code%
call :verdict "Ollama's container %shown%" "Start it: orchestrator.bat start"
if "%now%"=="running" (call :give 0) else (call :give 1)
call :verdict "container %container% (%now%)" "Start it: orchestrator.bat start"
if not "%now%"=="running" exit /b %faults%
docker exec "%container%" python -c "%probe%" >nul 2>&1
call :verdict "the service answers" "To see the reason: orchestrator.bat logs --tail 20"
call :look_at_clock
docker exec -e ORCHESTRATOR_CALLED_AS "%container%" orchestrator doctor
if errorlevel 1 set "faults=1"
exit /b %faults%

:look_in_folder
set "seen="
for /f "delims=" %%X in ('dir /b "%here%\%1" 2^>nul') do set "seen=%%X"
if defined seen (call :give 0) else (call :give 1)
call :verdict "folder %1" "Restore it: git checkout -- %1"
exit /b 0

rem Sets free to the megabytes on this disk: the last line of dir ends with the number of bytes and words.
:look_at_disk
set "free=0"
for /f "tokens=3" %%F in ('dir /-c "%here%" 2^>nul') do set "free=%%F"
set "free=%free:~0,-6%"
if not defined free set "free=0"
if %free% GEQ 5000 exit /b 0
exit /b 1

rem Compares the clocks with PowerShell, because cmd does not know the time of the world.
:look_at_clock
set "theirs="
for /f "delims=" %%T in ('docker exec "%container%" date -u +%%s 2^>nul') do set "theirs=%%T"
set "drift="
for /f "delims=" %%T in ('powershell -NoProfile -Command "%theirs% - [DateTimeOffset]::UtcNow.ToUnixTimeSeconds()" 2^>nul') do set "drift=%%T"
if not defined drift exit /b 0
set "code=1"
if %drift% GEQ -5 if %drift% LEQ 5 set "code=0"
call :give %code%
call :verdict "the clock of the container is %drift% s off" "Restart Docker Desktop, or run: wsl --shutdown"
exit /b 0

rem give STATUS: for a check whose status is known.
:give
exit /b %1

:verdict
if errorlevel 1 goto verdict_fault
echo ok    %~1
exit /b 0
:verdict_fault
set "faults=1"
echo FAULT %~1
echo       %~2
exit /b 0

rem ---- in other parts ----

:look_for_engine
:need_compose
set "entry=%0"
"%parts%\engine.bat" %*

:find_python
set "entry=%0"
"%parts%\local.bat" %*

:state
:state_of_ollama
set "entry=%0"
"%parts%\running.bat" %*
